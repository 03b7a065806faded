import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { HostTensors } from '@mechid/engine'
import { orThrow } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import * as ort from 'onnxruntime-node'
import { afterAll, describe, expect, it } from 'vitest'
import { exportOnnx, onnxOpset, type TensorFunction, type TensorSpecs, writeOnnx } from '../src/index.js'
import { disagreements, eagerly, uniformArray } from './agreement.js'
import { functionOf, kernelCases } from './kernel-cases.js'

const folder = mkdtempSync(join(tmpdir(), 'mechid-onnx-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

await tf.setBackend('cpu')
const weights = (seed: number, ...shape: number[]): tf.Tensor => {
  const { data } = uniformArray(seed, shape)
  return tf.tensor(data, shape)
}
const [w, b, v, k] = [weights(1, 6, 16), weights(2, 16), weights(3, 16, 3), weights(4, 3, 3, 2, 4)]

const encoder: TensorFunction = ({ x }) => {
  const hidden = tf.leakyRelu(tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), b), 0.2)
  const z = tf.matMul(hidden as tf.Tensor2D, v as tf.Tensor2D)
  return { z, spread: tf.softplus(tf.mean(z, 1, true)) }
}

const convolutional: TensorFunction = ({ images }) => {
  const hidden = tf.relu(tf.conv2d(images as tf.Tensor4D, k as tf.Tensor4D, 2, 'same'))
  const pooled = tf.maxPool(hidden as tf.Tensor4D, 2, 2, 'valid')
  return { logits: tf.logSoftmax(tf.reshape(pooled, [pooled.shape[0], -1])) }
}

/** The model's results by ONNX Runtime alone. */
const byOnnxRuntime = async (model: Uint8Array | string, inputs: HostTensors): Promise<HostTensors> => {
  const options = { logSeverityLevel: 3 as const, intraOpNumThreads: 1 }
  const session =
    typeof model === 'string'
      ? await ort.InferenceSession.create(model, options)
      : await ort.InferenceSession.create(model, options)
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape }]) => [
      name,
      new ort.Tensor('float32', data as Float32Array, shape)
    ])
  )
  const results = await session.run(feeds)
  await session.release()
  return Object.fromEntries(
    Object.entries(results).map(([name, { data, dims }]) => [
      name,
      { data: data as Float32Array, shape: dims }
    ])
  )
}

describe('an exported function', () => {
  it.each([
    ['an encoder', encoder, { x: [5, 6] }],
    ['a convolutional one', convolutional, { images: [3, 8, 8, 2] }]
  ] as const)('%s runs in ONNX Runtime with the numbers of TF.js', async (_, f, shapes) => {
    const inputs = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, uniformArray(9, shape)])
    )
    const model = orThrow(exportOnnx(f, inputs))
    expect(disagreements(await byOnnxRuntime(model, inputs), await eagerly(f, inputs), 1e-5)).toEqual([])
  })

  it.each([1, 5, 61, 200])('takes batches of %s where its batch axis is left open', async (size) => {
    for (const [f, name, rest] of [
      [encoder, 'x', [6]],
      [convolutional, 'images', [8, 8, 2]]
    ] as const) {
      const model = orThrow(exportOnnx(f, { [name]: { shape: [1, ...rest] } }, { batch: [name] }))
      const inputs = { [name]: uniformArray(size, [size, ...rest]) }
      expect(disagreements(await byOnnxRuntime(model, inputs), await eagerly(f, inputs), 1e-5)).toEqual([])
    }
  })

  it('names its inputs and outputs, and the open axis', async () => {
    const session = await ort.InferenceSession.create(
      orThrow(exportOnnx(encoder, { x: { shape: [1, 6] } }, { batch: ['x'] }))
    )
    expect(session.inputNames).toEqual(['x'])
    expect(session.outputNames).toEqual(['z', 'spread'])
    expect(session.inputMetadata[0]).toMatchObject({ shape: ['batch', 6], type: 'float32' })
    expect(session.outputMetadata[0]).toMatchObject({ shape: ['batch', 3], type: 'float32' })
    await session.release()
  })

  it('takes its parameters as inputs if they are asked for', async () => {
    const f: TensorFunction = ({ x, weight }) => ({ z: tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D) })
    const inputs = { x: uniformArray(1, [2, 3]), weight: uniformArray(2, [3, 2]) }
    const model = orThrow(exportOnnx(f, inputs, { batch: ['x'] }))
    expect(disagreements(await byOnnxRuntime(model, inputs), await eagerly(f, inputs), 1e-6)).toEqual([])
  })

  const refusal = (f: TensorFunction, inputs: TensorSpecs, batch: string[]): string => {
    const result = exportOnnx(f, inputs, { batch })
    return result._tag === 'Left' ? `${result.left._tag}: ${result.left.message}` : 'exported'
  }

  it('is refused where another batch size would be another computation', () => {
    const x = { x: { shape: [1, 4] } }
    expect(refusal(({ x: t }) => ({ y: tf.div(t, t.shape[0]) }), x, ['x'])).toBe(
      'BatchDependent: exportOnnx: the function is not the same for every batch size (a constant of Mul has a size or value that follows the batch), expected one computation for all; export it for a fixed size'
    )
    const unrolled: TensorFunction = ({ x: t }) => ({ y: tf.concat(tf.unstack(t).slice(0, 2)) })
    expect(refusal(unrolled, x, ['x'])).toContain('BatchDependent')
    const sized: TensorFunction = ({ x: t }) => ({ y: t.shape[0] > 64 ? tf.sin(t) : tf.cos(t) })
    expect(refusal(sized, x, ['x'])).toContain('it computes something else for another batch size')
    expect(refusal(encoder, { x: { shape: [1, 6] } }, ['y'])).toBe(
      'InvalidOption: exportOnnx: batch is y, expected inputs with axes, of x'
    )
  })
})

describe('an exported file', () => {
  it('holds the bytes of exportOnnx and its names', async () => {
    const path = join(folder, 'encoder.onnx')
    const inputs = { x: uniformArray(3, [4, 6]) }
    await orThrow(writeOnnx(path, encoder, inputs, { batch: ['x'] }))
    expect(readFileSync(path)).toEqual(Buffer.from(orThrow(exportOnnx(encoder, inputs, { batch: ['x'] }))))
    expect(disagreements(await byOnnxRuntime(path, inputs), await eagerly(encoder, inputs), 1e-5)).toEqual([])
  })

  it('leaves nothing behind where it cannot be written', async () => {
    const before = readdirSync(folder)
    const result = await writeOnnx(join(folder, 'missing/encoder.onnx'), encoder, { x: { shape: [1, 6] } })()
    expect(result).toMatchObject({
      _tag: 'Left',
      left: { _tag: 'NotWritable', reason: expect.stringContaining('ENOENT') }
    })
    const onFolder = await writeOnnx(folder, encoder, { x: { shape: [1, 6] } })()
    expect(onFolder).toMatchObject({ _tag: 'Left', left: { _tag: 'NotWritable' } })
    expect(readdirSync(folder)).toEqual(before)
  })
})

/** Loads every model in a folder, checks it with shape inference, and tells what the first one says of itself. */
const CHECK = `
import json, os, sys, onnx
folder = sys.argv[1]
wrong = []
for name in sorted(os.listdir(folder)):
    try:
        onnx.checker.check_model(os.path.join(folder, name), full_check=True)
    except Exception as error:
        wrong.append(name + ': ' + str(error))
m = onnx.load(os.path.join(folder, 'about.onnx'))
print(json.dumps({'wrong': wrong, 'opset': [[o.domain, o.version] for o in m.opset_import], 'producer': m.producer_name,
  'doc': m.doc_string, 'name': m.graph.name, 'metadata': {p.key: p.value for p in m.metadata_props}}))
`

describe('the checker of ONNX', () => {
  // Debian's Python has Debian's packages, whatever stands before it in the path.
  const python = ['python3', '/usr/bin/python3'].find(
    (name) => spawnSync(name, ['-c', 'import onnx']).status === 0
  )

  it('accepts every kernel of the support table, with its gradient', async (context) => {
    context.skip(python === undefined, "Python's onnx is not installed (Debian: python3-onnx)")
    const models = mkdtempSync(join(folder, 'models-'))
    let count = 0
    for (const each of Object.values(kernelCases).flat()) {
      const inputs = Object.fromEntries(each.inputs.map((x, i) => [`x${i}`, x]))
      const name = `${count++} ${each.kernel}.onnx`
      writeFileSync(join(models, name), orThrow(exportOnnx(functionOf(each).f, inputs)))
    }
    const about = { name: 'encoder', description: 'x to z', metadata: { seed: '1' }, batch: ['x'] }
    writeFileSync(join(models, 'about.onnx'), orThrow(exportOnnx(encoder, { x: { shape: [1, 6] } }, about)))
    const { stdout } = await promisify(execFile)(python as string, ['-c', CHECK, models])
    expect(JSON.parse(stdout)).toEqual({
      wrong: [],
      opset: [['', onnxOpset]],
      producer: 'mechid',
      doc: 'x to z',
      name: 'encoder',
      metadata: { seed: '1' }
    })
  }, 60_000)
})

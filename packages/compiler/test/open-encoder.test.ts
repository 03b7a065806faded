/** Encoders that PyTorch exported, against what PyTorch made of the same rows; and files that are none. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { orThrow, type RealArray } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, it } from 'vitest'
import { type OnnxEncoderOptions, openEncoder } from '../src/index.js'

/** Written by make_encoders.py, which lies beside the models. */
const at = (name: string): string => fileURLToPath(new URL(`encoders/${name}`, import.meta.url))
const expected: Readonly<Record<string, Readonly<Record<string, number[]>>>> = JSON.parse(
  readFileSync(at('expected.json'), 'utf8')
)

const folder = mkdtempSync(join(tmpdir(), 'mechid-encoders-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The rows of make_encoders.py. */
const values = (...shape: number[]): RealArray => ({
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(1 + i)),
  shape
})
const bytes = (...shape: number[]): RealArray => {
  const { data } = values(...shape)
  return { data: data.map((_, i) => i % 256), shape }
}

const codesOf = async (
  path: string,
  observations: RealArray,
  options: OnnxEncoderOptions = {},
  beside: Readonly<Record<string, RealArray>> = {}
): Promise<
  E.Either<
    { readonly message: string },
    { readonly data: ArrayLike<number>; readonly shape: readonly number[] }
  >
> => {
  const opened = await openEncoder(path, { threads: 1, ...options })()
  if (E.isLeft(opened)) return opened
  const codes = await opened.right.encode(observations, beside)
  opened.right.dispose()
  return codes
}

const expectCodes = async (
  name: string,
  wanted: readonly number[],
  observations: RealArray,
  options: OnnxEncoderOptions = {},
  tolerance = 1e-5,
  beside: Readonly<Record<string, RealArray>> = {}
): Promise<void> => {
  const { data, shape } = orThrow(await codesOf(at(`${name}.onnx`), observations, options, beside))
  const rows = observations.shape[0]
  expect(shape).toEqual([rows, wanted.length / rows])
  const largest = Math.max(...Array.from(data, (value, i) => Math.abs(value - wanted[i])))
  expect(largest, name).toBeLessThan(tolerance)
}

const rows = values(5, 6)

describe('an encoder of PyTorch', () => {
  it.each(['legacy', 'dynamo'])('gives the codes of PyTorch, exported by the %s exporter', async (name) => {
    for (const output of ['mu', 'logvar']) await expectCodes(name, expected.vae[output], rows, { output })
  })

  it('finds the weights that were saved beside it', async () => {
    await expectCodes('beside', expected.beside.mu, rows, { output: 'mu' })
    // From a model alone, without them.
    copyFileSync(at('beside.onnx'), join(folder, 'alone.onnx'))
    const answer = await codesOf(join(folder, 'alone.onnx'), rows, { output: 'mu' })
    expect(answer).toMatchObject({ left: { _tag: 'ModelUnreadable' } })
    expect(E.isLeft(answer) && answer.left.message).toMatch(
      /alone\.onnx: it cannot be loaded as an ONNX model .*beside\.onnx\.data.*its weights are in a file of their own/
    )
  })

  it('takes a fixed number of rows, of which the last may be less', async () => {
    await expectCodes('fixed', expected.vae.mu, rows)
    await expectCodes('one', expected.vae.mu, rows)
    await expectCodes('fixed', expected.vae.mu.slice(0, 3), values(1, 6))
  })

  it('takes more rows than one run', async () => {
    const many = { data: new Float32Array(6 * 2500).map((_, i) => rows.data[i % 30]), shape: [2500, 6] }
    const { data } = orThrow(await codesOf(at('legacy.onnx'), many, { output: 'mu' }))
    for (const i of [0, 7499]) expect(data[i]).toBeCloseTo(expected.vae.mu[i % 15], 5)
  })

  it('takes the precision of the model', async () => {
    await expectCodes('double', expected.double.z, rows, {}, 1e-9)
    await expectCodes('half', expected.half.z, rows, {}, 4e-3)
  })

  it('takes frames with channels last and turns them, and flattens its output', async () => {
    await expectCodes('conv', expected.conv.mu, values(2, 9, 8, 3))
  })

  it('takes bytes where the model does', async () => {
    await expectCodes('bytes', expected.bytes.z, bytes(2, 9, 8, 3))
  })

  it('takes actions in an input of their own', async () => {
    await expectCodes('actions', expected.actions.z, rows, { input: 'x' }, 1e-5, { a: values(5, 2) })
  })

  it('tells what it asks for and gives', async () => {
    const encoder = orThrow(await openEncoder(at('legacy.onnx'), { output: 'mu' })())
    expect(encoder.inputs).toEqual([{ name: 'x', dtype: 'float32', shape: ['batch', 6] }])
    expect(encoder.outputs.map(({ name }) => name)).toEqual(['mu', 'logvar'])
    expect(encoder.output.name).toBe('mu')
    encoder.dispose()
    expect(await encoder.encode(rows)).toMatchObject({ left: { _tag: 'Disposed' } })
  })
})

/** Beginnings of files that are no models. */
const others: Readonly<Record<string, Uint8Array>> = {
  'empty.onnx': new Uint8Array(0),
  'text.onnx': Buffer.from('this is no model, but a text of some length'),
  'noise.onnx': Uint8Array.from({ length: 500 }, (_, i) => (97 * i * i + 31 * i) % 256),
  'torch.onnx': Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(60)]),
  'half.onnx': readFileSync(at('legacy.onnx')).subarray(0, 900)
}

interface Refusal {
  readonly model: string
  readonly rows?: RealArray
  readonly options?: OnnxEncoderOptions
  readonly beside?: Readonly<Record<string, RealArray>>
  readonly tag: string
  readonly message: RegExp
}

const refusals: Readonly<Record<string, Refusal>> = {
  'several outputs and none named': {
    model: 'legacy.onnx',
    tag: 'InvalidOption',
    message:
      /legacy\.onnx: output is left out, expected the name of the one with the codes, of mu float32 \[batch, 3\]; logvar/
  },
  'an output that it does not have': {
    model: 'legacy.onnx',
    options: { output: 'mean' },
    tag: 'UnknownName',
    message: /outputs: there is no "mean", expected one of mu, logvar/
  },
  'several inputs and none named': {
    model: 'actions.onnx',
    tag: 'InvalidOption',
    message:
      /input is left out, expected the name of the one with the observations, of x float32 \[batch, 6\]; a/
  },
  'an input that nothing is given for': {
    model: 'actions.onnx',
    options: { input: 'x' },
    tag: 'MissingFeed',
    message: /actions\.onnx: a is missing, expected all of a/
  },
  'an input that it does not have': {
    model: 'double.onnx',
    beside: { a: values(5, 2) },
    tag: 'UnknownName',
    message: /there is no "a"/
  },
  'rows of another width': {
    model: 'fixed.onnx',
    rows: values(5, 7),
    tag: 'ShapeMismatch',
    message: /the shape of the observations is \[5, 7\], expected \[rows, 6\], as the model's input x has/
  },
  'frames for a model of rows': {
    model: 'fixed.onnx',
    rows: values(2, 9, 8, 3),
    tag: 'ShapeMismatch',
    message: /\[2, 9, 8, 3\], expected \[rows, 6\]/
  },
  'frames of another number of channels': {
    model: 'conv.onnx',
    rows: values(2, 9, 8, 1),
    tag: 'ShapeMismatch',
    message: /\[2, 9, 8, 1\], expected \[rows, 3, 9, 8\]/
  },
  'numbers for a model of bytes': {
    model: 'bytes.onnx',
    rows: values(2, 9, 8, 3),
    tag: 'WrongDtype',
    message: /numbers such as 0\.8\d+, expected bytes, whole numbers from 0 to 255/
  },
  'observations that are not finite': {
    model: 'fixed.onnx',
    rows: { data: Float64Array.from(rows.data, (value, i) => (i === 8 ? Number.NaN : value)), shape: [5, 6] },
    tag: 'NotFinite',
    message: /the observations is NaN at row 1, column 2/
  },
  'an element type that holds no observations': {
    model: 'whole.onnx',
    tag: 'WrongDtype',
    message: /input x is int64, expected one of float32, float64, float16, uint8/
  },
  'a model that samples': {
    model: 'sampling.onnx',
    tag: 'UnsteadyCodes',
    message: /z of one row is .* and then .*, expected the same .*model\.eval\(\)/
  },
  'a model in training mode': {
    model: 'training.onnx',
    tag: 'UnsteadyCodes',
    message: /export it in evaluation mode/
  },
  'an operator that nobody has': {
    model: 'mystery.onnx',
    tag: 'ModelUnreadable',
    message: /com\.example.*Mystery.*write that layer by standard operators/
  },
  'an output without a row for each': {
    model: 'turned.onnx',
    tag: 'ShapeMismatch',
    message: /the shape of output z is \[6, 5\], expected \[5, codes\]/
  },
  'codes that are not finite': {
    model: 'logarithm.onnx',
    tag: 'NotFinite',
    message: /output z is NaN at row/
  },
  'more rows than a model was traced for': {
    model: 'traced.onnx',
    tag: 'RuntimeFailed',
    message: /running the model on 5 rows .*traced for one number of rows takes only that: give it as `batch`/
  },
  'a batch that the model does not take': {
    model: 'fixed.onnx',
    options: { batch: 3 },
    tag: 'InvalidOption',
    message: /batch is 3, expected 4, as the model takes/
  },
  'a batch that is no number of rows': {
    model: 'fixed.onnx',
    options: { batch: 0 },
    tag: 'InvalidOption',
    message: /openEncoder: batch is 0/
  },
  'a file that is not there': {
    model: 'nowhere.onnx',
    tag: 'ModelUnreadable',
    message: /nowhere\.onnx: .*there is no such file\); check the path/
  },
  'a folder': { model: '.', tag: 'ModelUnreadable', message: /no regular file/ }
}

describe('an encoder is refused:', () => {
  it.each(Object.entries(refusals))('%s', async (_, { model, tag, message, ...given }) => {
    const answer = await codesOf(at(model), given.rows ?? rows, given.options, given.beside)
    expect(answer).toMatchObject({ left: { _tag: tag } })
    expect(E.isLeft(answer) && answer.left.message).toMatch(message)
  })

  it.each(Object.entries(others))('%s, which is no model', async (name, content) => {
    const path = join(folder, name)
    writeFileSync(path, content)
    const answer = await codesOf(path, rows)
    expect(answer).toMatchObject({
      left: { _tag: 'ModelUnreadable', remedy: expect.stringMatching(/torch\.onnx\.export/) }
    })
    expect(E.isLeft(answer) && answer.left.message).not.toContain('\n')
  })

  it('but a model that was traced for some rows runs by so many', async () => {
    const { data, shape } = orThrow(await codesOf(at('traced.onnx'), rows, { batch: 4 }))
    expect(shape).toEqual([5, 6])
    expect(data[29]).toBeCloseTo(rows.data[29], 6)
  })
})

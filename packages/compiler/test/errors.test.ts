import '@tensorflow/tfjs-backend-cpu'
import type { HostTensors, NamedTensors, StepFunction } from '@mechid/engine'
import { orThrow } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import type { Either } from 'fp-ts/lib/Either.js'
import { expect, it } from 'vitest'
import {
  type CompilerError,
  compile,
  compileFunction,
  exportOnnx,
  type RuntimeOptions,
  type TensorFunction
} from '../src/index.js'

const floats = (data: readonly number[], shape: readonly number[] = [data.length]) => ({
  data: Float32Array.from(data),
  shape
})

const carry: HostTensors = { w: floats([1, 2, 3]) }
const feeds = { x: { shape: [2, 3] }, i: { shape: [2], dtype: 'int32' as const } }
const fed: HostTensors = {
  x: floats([1, 2, 3, 4, 5, 6], [2, 3]),
  i: { data: Int32Array.of(0, 1), shape: [2] }
}

/** The carry grows by the sum of the rows. */
const step: StepFunction = ({ w }, { x, i }) => ({
  carry: { w: tf.add(w, tf.sum(x, 0)) },
  outputs: { picked: tf.gather(x, i as tf.Tensor1D) }
})

const said = <A>(result: Either<CompilerError, A>): string =>
  result._tag === 'Left' ? `${result.left._tag}: ${result.left.message}` : 'no error'

const refusal = async (f: TensorFunction): Promise<string> =>
  said(await compileFunction(f, { x: { shape: [2, 3] } })())

const refusedStep = async (f: StepFunction, options?: RuntimeOptions, first = carry): Promise<string> =>
  said(await compile(f, { carry: first, feeds }, options)())

it('names an unsupported kernel and its line of the support table', async () => {
  expect(await refusal(({ x }) => ({ y: tf.real(tf.complex(x, x)) }))).toBe(
    'UnsupportedKernel: compileFunction: TF.js kernel Complex cannot be compiled (support table: Complex: no, complex numbers), expected supported kernels; express it by supported operations, or run this function eagerly'
  )
  expect(
    await refusal(({ x }) => ({
      y: tf.maxPool3d(tf.zeros<tf.Rank.R5>([1, 2, 2, 2, 1]), 1, 1, 'valid'),
      x
    }))
  ).toContain('MaxPool3D: no, three-dimensional')
  expect(
    await refusal(({ x }) => ({
      y: tf.mirrorPad(
        x,
        [
          [1, 1],
          [1, 1]
        ],
        'symmetric'
      )
    }))
  ).toBe(
    'UnsupportedAttribute: compileFunction: TF.js kernel MirrorPad cannot be compiled as it is called here: ONNX pads by reflection only, not symmetrically'
  )
})

it('names the call that reads a value, and the tensor', async () => {
  const when =
    'while the function was traced, when no values exist; decide with tensors (tf.where) or return the tensor as an output'
  expect(await refusal(({ x }) => ({ y: tf.mul(x, tf.max(x).dataSync()[0]) }))).toBe(
    `ValueRead: compileFunction: dataSync() or arraySync() read the value of the result of Max (float32 []) ${when}`
  )
  expect(await refusal(({ x }) => ({ y: tf.tensor(x.arraySync() as number[][]) }))).toBe(
    `ValueRead: compileFunction: dataSync() or arraySync() read the value of feed x (float32 [2, 3]) ${when}`
  )
  expect(
    await refusal(({ x }) => ({ y: (tf.sum(x).dataSync()[0] as number) > 0 ? tf.sin(x) : tf.cos(x) }))
  ).toContain('ValueRead')
  const late = (async ({ x }: NamedTensors) => ({
    y: tf.mul(x, (await tf.sum(x).data())[0])
  })) as unknown as TensorFunction
  expect(await refusal(late)).toBe(
    `ValueRead: compileFunction: data() or array() read the value of the result of Sum (float32 []) ${when}`
  )
})

it('says what is wrong with what a function returns or throws', async () => {
  expect(await refusal((() => undefined) as unknown as TensorFunction)).toBe(
    'TraceFailed: compileFunction: outputs is undefined, expected a record of tensors, at once'
  )
  expect(await refusal((() => ({ y: 3 })) as unknown as TensorFunction)).toBe(
    'TraceFailed: compileFunction: outputs.y is number, expected a tensor'
  )
  expect(await refusal((async ({ x }: NamedTensors) => ({ x })) as unknown as TensorFunction)).toBe(
    'TraceFailed: compileFunction: outputs is a promise, expected a record of tensors, at once'
  )
  const model = exportOnnx((() => null) as unknown as TensorFunction, { x: { shape: [2, 3] } })
  expect(said(model)).toBe('TraceFailed: exportOnnx: result is null, expected a record of tensors, at once')
  expect(
    await refusal(() => {
      throw new Error('no luck')
    })
  ).toBe(
    'DefinitionThrew: compileFunction: the definition threw "no luck", expected a function that returns its outputs'
  )
  expect(await refusal(({ x }) => ({ y: tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D) }))).toBe(
    'DefinitionThrew: compileFunction: the definition threw "a product of [2, 3] and [2, 3]: inner lengths differ", expected a function that returns its outputs'
  )
  expect(await refusal(({ x }) => ({ y: tf.add(x, tf.zeros([2])) }))).toContain(
    'shapes [2, 3] and [2] do not fit'
  )
  expect(await refusal(({ x }) => ({ y: tf.concat([x, tf.zeros([2, 2])]) }))).toContain('DefinitionThrew')
})

it('says what is wrong with a tensor that is created or used', async () => {
  expect(await refusal(() => ({ y: tf.tensor1d(['a', 'b']) }))).toBe(
    'TraceFailed: compileFunction: the dtype of a tensor that is created is string, expected float32, int32, bool'
  )
  await tf.setBackend('cpu')
  const gone = tf.tensor1d([1, 2])
  gone.dispose()
  expect(await refusal(({ x }) => ({ x, y: gone }))).toBe(
    'TraceFailed: compileFunction: a tensor that is used is disposed, expected one in use'
  )
})

it('says where the next carry is not like the carry', async () => {
  expect(await refusedStep(({ w }) => ({ carry: { w: tf.slice(w, 0, 2) }, outputs: {} }))).toBe(
    "CarryMismatch: compile: the next carry's w is float32 [2], expected float32 [3], as in the carry"
  )
  expect(await refusedStep(() => ({ carry: {}, outputs: {} }))).toContain('w is absent, expected float32 [3]')
  expect(await refusedStep(({ w }) => ({ carry: { w, v: w }, outputs: {} }))).toContain(
    'v is float32 [3], expected absent'
  )
  expect(await refusedStep(({ w }) => ({ carry: { w: tf.cast(w, 'int32') }, outputs: {} }))).toContain(
    'w is int32 [3]'
  )
})

it('refuses a first carry that is not finite or not as long as its shape', async () => {
  expect(await refusedStep(step, {}, { w: floats([1, Number.NaN, 3]) })).toBe(
    'NotFinite: carry: w is NaN at row 1 (counted from 0), expected finite numbers'
  )
  expect(await refusedStep(step, {}, { w: floats([1, 2, Number.NEGATIVE_INFINITY]) })).toContain(
    '-Infinity at row 2 '
  )
  expect(await refusedStep(step, {}, { w: floats([1, 2], [3]) })).toBe(
    'ShapeMismatch: carry: w is 2 numbers, expected 3 for shape [3]'
  )
  const doubles = { w: { data: Float64Array.of(1, 2, 3), shape: [3] } } as unknown as HostTensors
  expect(await refusedStep(step, {}, doubles)).toBe('WrongDtype: carry: w is Float64Array, expected float32')
})

it('refuses feeds that are not those of the signature, and keeps the carry', async () => {
  const session = await orThrow(compile(step, { carry, feeds }, { threads: 1 }))
  const { x, i } = fed
  const refused = async (wrong: HostTensors): Promise<string> => said(await session.run(wrong))
  expect(await refused({ i })).toBe('MissingFeed: feeds: x is missing, expected all of x, i')
  expect(await refused({ ...fed, y: x })).toBe('UnknownName: feeds: there is no "y", expected one of x, i')
  expect(await refused({ x: floats([1, 2, 3], [1, 3]), i })).toBe(
    'ShapeMismatch: feeds: x is [1, 3], expected [2, 3]'
  )
  expect(await refused({ x: floats([1, 2, 3], [2, 3]), i })).toContain('ShapeMismatch: feeds: x is 3 numbers')
  expect(await refused({ x, i: floats([0, 1]) })).toBe('WrongDtype: feeds: i is float32, expected int32')
  expect(
    await refused({ x: { data: [1, 2, 3, 4, 5, 6], shape: [2, 3] } as unknown as HostTensors[string], i })
  ).toBe('WrongDtype: feeds: x is Array, expected float32')
  // An index that Gather cannot follow is found by ONNX Runtime, in the middle of the step.
  const outside = said(await session.run({ x, i: { data: Int32Array.of(0, 9), shape: [2] } }))
  expect(outside).toContain('RuntimeFailed: run: ONNX Runtime failed while running a step')
  expect(await session.carry()).toEqual(carry)
  expect(said(await session.run(fed))).toBe('no error')
  expect(await session.carry()).toEqual({ w: floats([6, 9, 12]) })
  session.dispose()
  expect(said(await session.run(fed))).toBe(
    'Disposed: run: the session was disposed, expected one in use; compile again for a new one'
  )
})

it('refuses options that it does not know, and says what a provider needs', async () => {
  expect(await refusedStep(step, { provider: 'tpu' as 'cpu' })).toBe(
    'InvalidOption: compile: provider is tpu, expected one of cpu, webgpu, cuda'
  )
  expect(await refusedStep(step, { threads: 0 })).toBe(
    'InvalidOption: compile: threads is 0, expected a whole number from 1 on'
  )
  expect(await refusedStep(step, { threads: 1.5 })).toContain('InvalidOption')
})

it('says what to install where CUDA is missing', async (context) => {
  const result = said(await compile(step, { carry, feeds }, { provider: 'cuda' })())
  context.skip(result === 'no error', 'CUDA is there')
  expect(result).toMatch(
    /^ProviderUnavailable: provider cuda: it is not available \(.*\); .*npm rebuild onnxruntime-node/
  )
})

it('runs steps in order that are asked for at once', async () => {
  const session = await orThrow(compile(step, { carry, feeds }, { threads: 1 }))
  const x = floats([1, 0, 0, 0, 0, 0], [2, 3])
  const runs = [1, 10, 100].map((value) => {
    x.data[0] = value
    // The feeds are read before this returns, so the next value may be written at once.
    return session.run({ ...fed, x })
  })
  expect((await Promise.all(runs)).map(said)).toEqual(['no error', 'no error', 'no error'])
  expect(await session.carry()).toEqual({ w: floats([112, 2, 3]) })
  expect(session.outputs().picked.data[0]).toBe(100)
  session.dispose()
})

it('says so where there is no room for the carry', async () => {
  const host = (globalThis as unknown as { WebAssembly: { Memory: new () => object } }).WebAssembly
  const { Memory } = host
  host.Memory = class {
    constructor() {
      throw new RangeError('could not allocate memory')
    }
  }
  const long = { w: floats(new Array<number>(20_000).fill(1)) }
  const grow: StepFunction = ({ w }, { x }) => ({ carry: { w: tf.add(w, tf.sum(x)) }, outputs: {} })
  try {
    expect(await refusedStep(grow, {}, long)).toBe(
      'RuntimeFailed: compile: ONNX Runtime failed while making room for the carry (could not allocate memory)'
    )
  } finally {
    host.Memory = Memory
  }
  expect(await refusedStep(grow, {}, long)).toBe('no error')
})

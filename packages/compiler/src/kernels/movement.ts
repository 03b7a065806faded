/** Kernels that move, repeat, join and create entries. */
import { entryCount } from '@mechid/values'
import { backend_util, slice_util, type Tensor, util } from '@tensorflow/tfjs-core'
import { type GraphBuilder, integers, scalar } from '../graph/builder.js'
import type { Value } from '../graph/graph.js'
import { cast, concat, expand, filled, reshape, slice, split, transpose } from '../graph/operators.js'
import { type Kernel, type KernelFamily, refuse } from './kernel.js'

/** Larger constants of one number are kept as the number and its shape. */
const LARGE = 1024

/** The same number everywhere. */
export const uniform = (
  g: GraphBuilder,
  dtype: 'float32' | 'int32' | 'bool',
  shape: readonly number[],
  value: number
): Value => (entryCount(shape) > LARGE ? expand(g, scalar(value, dtype), shape) : filled(dtype, shape, value))

const like =
  (value: number): Kernel =>
  (g, { inputs: { x } }) =>
    uniform(g, x.dtype as 'float32', x.shape, value)

const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)

const withAxis = (shape: readonly number[], axis: number): number[] => [
  ...shape.slice(0, axis),
  1,
  ...shape.slice(axis)
]

const pack: Kernel = (g, { list, attributes }) => {
  const axis = axisOf(attributes.axis ?? 0, list[0].shape.length + 1)
  const parts = list.map((part) => reshape(g, part, withAxis(part.shape, axis)))
  return concat(g, parts, axis)
}

const unpack: Kernel = (g, { inputs: { value }, attributes }) => {
  const axis = axisOf(attributes.axis ?? 0, value.shape.length)
  const shape = value.shape.filter((_, i) => i !== axis)
  const sizes = new Array<number>(value.shape[axis]).fill(1)
  return split(g, value, sizes, axis).map((part) => reshape(g, part, shape))
}

const splitSizes: Kernel = (g, { inputs: { x }, attributes }) => {
  const axis = axisOf(attributes.axis ?? 0, x.shape.length)
  const { numOrSizeSplits } = attributes
  const sizes: number[] = Array.isArray(numOrSizeSplits)
    ? numOrSizeSplits.slice()
    : new Array<number>(numOrSizeSplits).fill(x.shape[axis] / numOrSizeSplits)
  const open = sizes.indexOf(-1)
  if (open >= 0) sizes[open] = x.shape[axis] - sizes.reduce((sum, n) => sum + n, 1)
  return split(g, x, sizes, axis)
}

/** `tile`: an expansion where only axes of length 1 are repeated. */
const tile: Kernel = (g, { inputs: { x }, attributes }) => {
  const reps: number[] = attributes.reps
  const shape = x.shape.map((n, i) => n * reps[i])
  if (x.shape.every((n, i) => n === 1 || reps[i] === 1)) return expand(g, x, shape)
  return g.node('Tile', [x, integers(reps)], x.dtype, shape)
}

const partOf: Kernel = (g, { inputs: { x }, attributes }) => {
  const [begin, size] = slice_util.parseSliceParams(x as unknown as Tensor, attributes.begin, attributes.size)
  return slice(g, x, begin, size)
}

const stridedSlice: Kernel = (g, { inputs: { x }, attributes: a }) => {
  const info = slice_util.sliceInfo(
    x.shape as number[],
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask
  )
  const size = slice_util.computeOutShape(info.begin, info.end, info.strides)
  return reshape(g, slice(g, x, info.begin, size, info.strides), info.finalShape)
}

const reverse: Kernel = (g, { inputs: { x }, attributes }) => {
  const axes = util.parseAxisParam(attributes.dims, x.shape as number[])
  const begin = x.shape.map((n, axis) => (axes.includes(axis) ? n - 1 : 0))
  const steps = x.shape.map((_, axis) => (axes.includes(axis) ? -1 : 1))
  return slice(g, x, begin, x.shape, steps)
}

/** `x` with entries before and after, for each axis. */
export const padded = (
  g: GraphBuilder,
  x: Value,
  paddings: readonly (readonly number[])[],
  mode: string,
  value?: Value
): Value => {
  const amounts = integers([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)])
  const shape = x.shape.map((n, i) => n + paddings[i][0] + paddings[i][1])
  const inputs = value === undefined ? [x, amounts] : [x, amounts, value]
  return g.node('Pad', inputs, x.dtype, shape, { attributes: { mode } })
}

const mirrorPad: Kernel = (g, call) =>
  call.attributes.mode === 'reflect'
    ? padded(g, call.inputs.x, call.attributes.paddings, 'reflect')
    : refuse(call, 'ONNX pads by reflection only, not symmetrically')

const range: Kernel = (_, { attributes: { start, stop, step = 1, dtype = 'float32' } }) => {
  const length = Math.max(0, Math.ceil((stop - start) / step))
  const arrays = { float32: Float32Array, int32: Int32Array }
  const data = arrays[dtype as 'float32'].from({ length }, (_, i) => start + i * step)
  return { dtype, shape: [length], data }
}

const linSpace: Kernel = (_, { attributes: { start, stop, num } }) => {
  const step = num > 1 ? (stop - start) / (num - 1) : 0
  return {
    dtype: 'float32',
    shape: [num],
    data: Float32Array.from({ length: num }, (_, i) => start + i * step)
  }
}

const concatAll: Kernel = (g, { list, attributes }) => {
  const axis = axisOf(attributes.axis ?? 0, list[0].shape.length)
  backend_util.assertParamsConsistent(
    list.map(({ shape }) => shape.slice()),
    axis
  )
  // The first dtype is the result's, as in TF.js.
  const parts = list.filter(({ shape }) => entryCount(shape) > 0).map((part) => cast(g, part, list[0].dtype))
  return parts.length === 0 ? list[0] : concat(g, parts, axis)
}

/** Movement, joining and creation. */
export const movement: KernelFamily = {
  title: 'Movement and creation',
  kernels: {
    Identity: (_, { inputs }) => inputs.x,
    Cast: (g, { inputs: { x }, attributes }) => cast(g, x, attributes.dtype),
    Reshape: (g, { inputs: { x }, attributes }) =>
      reshape(g, x, util.inferFromImplicitShape(attributes.shape, entryCount(x.shape))),
    ExpandDims: (g, { inputs: { input }, attributes }) =>
      reshape(g, input, withAxis(input.shape, axisOf(attributes.dim, input.shape.length + 1))),
    Transpose: (g, { inputs: { x }, attributes }) => transpose(g, x, attributes.perm),
    Tile: tile,
    Slice: partOf,
    StridedSlice: stridedSlice,
    Reverse: reverse,
    Concat: concatAll,
    Pack: pack,
    Unpack: unpack,
    SplitV: splitSizes,
    PadV2: (g, { inputs: { x }, attributes: { paddings, constantValue = 0 } }) =>
      padded(g, x, paddings, 'constant', scalar(constantValue, x.dtype as 'float32')),
    MirrorPad: mirrorPad,
    Fill: (g, { attributes: { shape, value, dtype = 'float32' } }) => uniform(g, dtype, shape, value),
    ZerosLike: like(0),
    OnesLike: like(1),
    Range: range,
    LinSpace: linSpace
  },
  notes: {
    MirrorPad: "mode 'reflect' only",
    Reshape: 'squeeze, flatten and as1D … as6D are this kernel, too'
  }
}

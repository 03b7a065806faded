/** Kernels that resize images, or move pixels between space, depth and batch. */
import { entryCount } from '@mechid/values'
import { backend_util } from '@tensorflow/tfjs-core'
import { constant, type GraphBuilder, scalar } from '../graph/builder.js'
import type { Value } from '../graph/graph.js'
import { add, binary, div, mul, reshape, slice, sub, transpose } from '../graph/operators.js'
import { type Kernel, type KernelCall, type KernelFamily, refuse } from './kernel.js'
import { padded } from './movement.js'

interface Resizing {
  readonly alignCorners: boolean
  readonly halfPixelCenters: boolean
}

/** The entries of one output row: which input rows it mixes, and how much of each. */
type Mixture = readonly (readonly [row: number, share: number])[]

/** Where output row `row` lies among `from` input rows. */
const sourceOf = (
  row: number,
  from: number,
  to: number,
  { alignCorners, halfPixelCenters }: Resizing
): number => {
  const ratio = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to
  return halfPixelCenters ? ratio * (row + 0.5) : ratio * row
}

const bilinear = (row: number, from: number, to: number, resizing: Resizing): Mixture => {
  const source = sourceOf(row, from, to, resizing) - (resizing.halfPixelCenters ? 0.5 : 0)
  const below = Math.max(0, Math.floor(source))
  const above = Math.min(from - 1, Math.ceil(source))
  return below === above
    ? [[below, 1]]
    : [
        [below, 1 - (source - below)],
        [above, source - below]
      ]
}

const nearest = (row: number, from: number, to: number, resizing: Resizing): Mixture => {
  const source = sourceOf(row, from, to, resizing)
  return [
    [Math.min(from - 1, Math.max(0, resizing.alignCorners ? Math.round(source) : Math.floor(source))), 1]
  ]
}

/** The matrix that resizes an axis. */
const resizingMatrix = (mix: typeof bilinear, from: number, to: number, resizing: Resizing): Value => {
  const data = new Float32Array(to * from)
  for (let row = 0; row < to; row++) {
    for (const [source, share] of mix(row, from, to, resizing)) data[row * from + source] += share
  }
  return constant('float32', [to, from], data)
}

/** Applies a matrix to the second axis and another one to the third. */
const onBothAxes = (g: GraphBuilder, x: Value, rows: Value, columns: Value): Value => {
  const [batch, height, width, depth] = x.shape
  const [newHeight, newWidth] = [rows.shape[0], columns.shape[0]]
  const tall = g.node('MatMul', [rows, reshape(g, x, [batch, height, width * depth])], 'float32', [
    batch,
    newHeight,
    width * depth
  ])
  const wide = g.node('MatMul', [columns, reshape(g, tall, [batch * newHeight, width, depth])], 'float32', [
    batch * newHeight,
    newWidth,
    depth
  ])
  return reshape(g, wide, [batch, newHeight, newWidth, depth])
}

/** Resizing is linear and works on each axis by itself: two products with constant matrices. */
const resize =
  (mix: typeof bilinear): Kernel =>
  (g, { inputs: { images }, attributes }) => {
    const [, height, width] = images.shape
    const rows = resizingMatrix(mix, height, attributes.size[0], attributes)
    const columns = resizingMatrix(mix, width, attributes.size[1], attributes)
    return onBothAxes(g, images, rows, columns)
  }

/** The same with transposed matrices; TF.js's gradient knows no half-pixel centres. */
const resizeGradient =
  (mix: typeof bilinear): Kernel =>
  (g, { inputs: { images, dy }, attributes }) => {
    const resizing = { alignCorners: attributes.alignCorners, halfPixelCenters: false }
    const across = (axis: number): Value =>
      transpose(g, resizingMatrix(mix, images.shape[axis], dy.shape[axis], resizing), [1, 0])
    return onBothAxes(g, dy, across(1), across(2))
  }

const spaceToBatch: Kernel = (g, { inputs: { x }, attributes: { blockShape, paddings } }) => {
  const open: number[][] = x.shape.slice(1 + blockShape.length).map(() => [0, 0])
  const wide = padded(g, x, [[0, 0], ...paddings, ...open], 'constant')
  const shape = wide.shape.slice()
  const blocks = backend_util.getReshaped(shape, blockShape, entryCount(blockShape), false)
  const order = backend_util.getPermuted(blocks.length, blockShape.length, false)
  const flat = backend_util.getReshapedPermuted(shape, blockShape, entryCount(blockShape), false)
  return reshape(g, transpose(g, reshape(g, wide, blocks), order), flat)
}

const batchToSpace: Kernel = (g, { inputs: { x }, attributes: { blockShape, crops } }) => {
  const shape = x.shape.slice()
  const blocks = backend_util.getReshaped(shape, blockShape, entryCount(blockShape))
  const order = backend_util.getPermuted(blocks.length, blockShape.length)
  const flat = backend_util.getReshapedPermuted(shape, blockShape, entryCount(blockShape))
  const begin = backend_util.getSliceBeginCoords(crops, blockShape.length)
  const size = backend_util.getSliceSize(flat, crops, blockShape.length)
  // The axes after the blocks stay whole.
  const from = flat.map((_, axis) => begin[axis] ?? 0)
  const to = flat.map((n, axis) => size[axis] ?? n)
  return slice(g, reshape(g, transpose(g, reshape(g, x, blocks), order), flat), from, to)
}

const depthToSpace: Kernel = (g, call) => {
  const { x } = call.inputs
  const { blockSize, dataFormat } = call.attributes
  if (dataFormat !== 'NHWC') return refuse(call, 'depthToSpace needs NHWC')
  const [batch, height, width, depth] = x.shape
  const rest = depth / blockSize ** 2
  const blocks = reshape(g, x, [batch, height, width, blockSize, blockSize, rest])
  const ordered = transpose(g, blocks, [0, 1, 3, 2, 4, 5])
  return reshape(g, ordered, [batch, height * blockSize, width * blockSize, rest])
}

/** Sums over the channels within `radius` of each channel. */
const channelWindow = (g: GraphBuilder, x: Value, radius: number): Value => {
  const channels = x.shape[3]
  const band = Float32Array.from({ length: channels ** 2 }, (_, i) => {
    const distance = Math.abs(Math.floor(i / channels) - (i % channels))
    return distance <= radius ? 1 : 0
  })
  return g.node('MatMul', [x, constant('float32', [channels, channels], band)], 'float32', x.shape)
}

const power = (g: GraphBuilder, x: Value, exponent: number): Value => binary(g, 'Pow', x, scalar(exponent))

const responseNorm = (
  g: GraphBuilder,
  x: Value,
  { attributes: { depthRadius, bias, alpha } }: KernelCall
): Value => add(g, mul(g, channelWindow(g, mul(g, x, x), depthRadius), scalar(alpha)), scalar(bias))

const responseNormalization: Kernel = (g, call) => {
  const { x } = call.inputs
  return mul(g, x, power(g, responseNorm(g, x, call), -call.attributes.beta))
}

const responseNormalizationGradient: Kernel = (g, call) => {
  const { x, y, dy } = call.inputs
  const { alpha, beta, depthRadius } = call.attributes
  const norm = responseNorm(g, x, call)
  const spread = channelWindow(g, div(g, mul(g, dy, y), norm), depthRadius)
  return sub(g, mul(g, dy, power(g, norm, -beta)), mul(g, mul(g, x, spread), scalar(2 * alpha * beta)))
}

/** Images. */
export const images: KernelFamily = {
  title: 'Images',
  kernels: {
    ResizeBilinear: resize(bilinear),
    ResizeBilinearGrad: resizeGradient(bilinear),
    ResizeNearestNeighbor: resize(nearest),
    ResizeNearestNeighborGrad: resizeGradient(nearest),
    SpaceToBatchND: spaceToBatch,
    BatchToSpaceND: batchToSpace,
    DepthToSpace: depthToSpace,
    LRN: responseNormalization,
    LRNGrad: responseNormalizationGradient
  },
  notes: {
    DepthToSpace: 'NHWC only',
    ResizeBilinear: 'by two constant matrices',
    ResizeNearestNeighbor: 'by two constant matrices',
    LRN: 'composed'
  }
}

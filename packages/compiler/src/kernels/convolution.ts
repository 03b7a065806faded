/**
 * Convolutions and their gradients. TF.js keeps channels last and ONNX first: inputs and results are transposed,
 * and pairs of transpositions between two layers cancel later.
 */
import { backend_util } from '@tensorflow/tfjs-core'
import type { GraphBuilder } from '../graph/builder.js'
import type { Value } from '../graph/graph.js'
import { add, reshape, slice, transpose } from '../graph/operators.js'
import { type Kernel, type KernelCall, type KernelFamily, refuse } from './kernel.js'
import { activate } from './linalg.js'

type Pair = readonly [number, number]

/** A two-dimensional window that slides over an image. */
export interface Window {
  readonly strides: Pair
  readonly dilations: Pair
  readonly kernel: Pair
  readonly image: Pair
  readonly result: Pair
  /** Before and after the first axis, before and after the second. */
  readonly pads: readonly [Pair, Pair]
}

/** TF.js's account of a convolution or pooling; depths are read elsewhere. */
type Info = ReturnType<typeof backend_util.computeConv2DInfo>

const padding = (before: number, image: number, result: number, stride: number, reach: number): Pair => [
  before,
  Math.max(0, (result - 1) * stride + reach - image - before)
]

export const windowOf = (info: Info): Window => ({
  strides: [info.strideHeight, info.strideWidth],
  dilations: [info.dilationHeight, info.dilationWidth],
  kernel: [info.filterHeight, info.filterWidth],
  image: [info.inHeight, info.inWidth],
  result: [info.outHeight, info.outWidth],
  pads: [
    padding(info.padInfo.top, info.inHeight, info.outHeight, info.strideHeight, info.effectiveFilterHeight),
    padding(info.padInfo.left, info.inWidth, info.outWidth, info.strideWidth, info.effectiveFilterWidth)
  ]
})

/** ONNX's order: all beginnings, then all ends. */
export const padsAttribute = ({ pads: [a, b] }: Window): number[] => [a[0], b[0], a[1], b[1]]

const NHWC_TO_NCHW = [0, 3, 1, 2]
const NCHW_TO_NHWC = [0, 2, 3, 1]

export const channelsFirst = (g: GraphBuilder, x: Value, format = 'NHWC'): Value =>
  format === 'NCHW' ? x : transpose(g, x, NHWC_TO_NCHW)

export const channelsBack = (g: GraphBuilder, x: Value, format = 'NHWC'): Value =>
  format === 'NCHW' ? x : transpose(g, x, NCHW_TO_NHWC)

interface Convolution {
  readonly info: Info
  readonly window: Window
  readonly groups: number
  readonly format: 'NHWC' | 'NCHW'
}

type Shape4 = [number, number, number, number]

const convolution = (
  call: KernelCall,
  image: readonly number[],
  filter: readonly number[],
  depthwise: boolean
): Convolution => {
  const { strides, pad, dilations = 1, dimRoundingMode, dataFormat = 'NHWC' } = call.attributes
  const format = backend_util.convertConv2DDataFormat(dataFormat)
  const info = backend_util.computeConv2DInfo(
    image as Shape4,
    filter as Shape4,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
    format
  )
  const groups = depthwise ? info.inChannels : 1
  if (!depthwise && filter[2] !== info.inChannels)
    return refuse(call, 'grouped convolutions are not translated')
  return { info, window: windowOf(info), groups, format: dataFormat }
}

const attributesOf = ({ window, groups }: Convolution): Record<string, number | readonly number[]> => ({
  kernel_shape: window.kernel,
  strides: window.strides,
  dilations: window.dilations,
  pads: padsAttribute(window),
  group: groups
})

/** [h, w, in, out] ↦ [out, in, h, w]; depthwise [h, w, in, m] ↦ [in · m, 1, h, w]. */
const weights = (g: GraphBuilder, filter: Value, depthwise: boolean): Value => {
  const [h, w, inputs, outputs] = filter.shape
  return depthwise
    ? reshape(g, transpose(g, filter, [2, 3, 0, 1]), [inputs * outputs, 1, h, w])
    : transpose(g, filter, [3, 2, 0, 1])
}

const forward =
  (depthwise: boolean): Kernel =>
  (g, call) => {
    const { x, filter } = call.inputs
    const c = convolution(call, x.shape, filter.shape, depthwise)
    const y = g.node(
      'Conv',
      [channelsFirst(g, x, c.format), weights(g, filter, depthwise)],
      x.dtype,
      [c.info.batchSize, c.info.outChannels, ...c.window.result],
      { attributes: attributesOf(c) }
    )
    return channelsBack(g, y, c.format)
  }

const fused =
  (depthwise: boolean): Kernel =>
  (g, call) => {
    if (call.attributes.dataFormat === 'NCHW') return refuse(call, 'a fused convolution needs NHWC')
    const y = forward(depthwise)(g, call) as Value
    return activate(g, call, call.inputs.bias === undefined ? y : add(g, y, call.inputs.bias))
  }

const inputGradient =
  (depthwise: boolean): Kernel =>
  (g, call) => {
    const { dy, filter } = call.inputs
    const c = convolution(call, call.attributes.inputShape, filter.shape, depthwise)
    const { window } = c
    const missing = [0, 1].map((axis) => {
      const reach = (window.kernel[axis] - 1) * window.dilations[axis] + 1
      const covered =
        (window.result[axis] - 1) * window.strides[axis] + reach - window.pads[axis][0] - window.pads[axis][1]
      return window.image[axis] - covered
    })
    const dx = g.node(
      'ConvTranspose',
      [channelsFirst(g, dy, c.format), weights(g, filter, depthwise)],
      dy.dtype,
      [c.info.batchSize, c.info.inChannels, ...window.image],
      { attributes: { ...attributesOf(c), output_padding: missing } }
    )
    return channelsBack(g, dx, c.format)
  }

/**
 * The gradient by the filter is a convolution of the image with dy: examples take the place of channels, and
 * strides and dilations change places.
 */
const filterGradient =
  (depthwise: boolean): Kernel =>
  (g, call) => {
    const { x, dy } = call.inputs
    const filterShape: Shape4 = call.attributes.filterShape
    const c = convolution(call, x.shape, filterShape, depthwise)
    const { window, info, groups } = c
    const examplesSecond = (v: Value): Value =>
      transpose(g, v, c.format === 'NHWC' ? [3, 0, 1, 2] : [1, 0, 2, 3])
    const image = examplesSecond(x)
    const spread = depthwise ? reshape(g, image, [1, groups * info.batchSize, ...window.image]) : image
    const size = [0, 1].map((i) => {
      const padded = window.image[i] + window.pads[i][0] + window.pads[i][1]
      return Math.floor((padded - (window.result[i] - 1) * window.strides[i] - 1) / window.dilations[i]) + 1
    })
    const lead = [depthwise ? 1 : info.inChannels, info.outChannels]
    const full = g.node('Conv', [spread, examplesSecond(dy)], x.dtype, [...lead, ...size], {
      attributes: {
        kernel_shape: window.result,
        strides: window.dilations,
        dilations: window.strides,
        pads: padsAttribute(window),
        group: groups
      }
    })
    const [h, w, inputs, outputs] = filterShape
    const cut = slice(g, full, [0, 0, 0, 0], [...lead, h, w])
    return depthwise
      ? transpose(g, reshape(g, cut, [inputs, outputs, h, w]), [2, 3, 0, 1])
      : transpose(g, cut, [2, 3, 0, 1])
  }

/** Convolutions over one and two axes (TF.js computes conv1d by Conv2D). */
export const convolutions: KernelFamily = {
  title: 'Convolutions',
  kernels: {
    Conv2D: forward(false),
    Conv2DBackpropInput: inputGradient(false),
    Conv2DBackpropFilter: filterGradient(false),
    FusedConv2D: fused(false),
    DepthwiseConv2dNative: forward(true),
    DepthwiseConv2dNativeBackpropInput: inputGradient(true),
    DepthwiseConv2dNativeBackpropFilter: filterGradient(true),
    FusedDepthwiseConv2D: fused(true)
  },
  notes: { Conv2D: 'conv1d, conv2d; transposed ones are Conv2DBackpropInput', FusedConv2D: 'NHWC only' }
}

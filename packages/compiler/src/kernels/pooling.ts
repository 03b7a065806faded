/** Pooling over two axes and its gradients. */
import { entryCount } from '@mechid/values'
import { backend_util } from '@tensorflow/tfjs-core'
import { type GraphBuilder, scalar } from '../graph/builder.js'
import type { Value } from '../graph/graph.js'
import { filled, mul, reshape } from '../graph/operators.js'
import { channelsBack, channelsFirst, padsAttribute, type Window, windowOf } from './convolution.js'
import { type Kernel, type KernelCall, type KernelFamily, refuse } from './kernel.js'
import { uniform } from './movement.js'

const windowFor = (call: KernelCall, image: readonly number[]): Window => {
  const { filterSize, strides, pad, dimRoundingMode, dataFormat } = call.attributes
  if (dataFormat === 'NCHW') return refuse(call, 'pooling needs NHWC')
  const shape = image as [number, number, number, number]
  return windowOf(backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode))
}

const attributesOf = (window: Window): Record<string, readonly number[]> => ({
  kernel_shape: window.kernel,
  strides: window.strides,
  pads: padsAttribute(window)
})

const pooling =
  (op: string): Kernel =>
  (g, call) => {
    const { x } = call.inputs
    const window = windowFor(call, x.shape)
    const shape = [x.shape[0], x.shape[3], ...window.result]
    const y = g.node(op, [channelsFirst(g, x)], x.dtype, shape, { attributes: attributesOf(window) })
    return channelsBack(g, y)
  }

/** Where each maximum came from, as positions in the flattened image with channels first. */
const origins = (g: GraphBuilder, image: Value, window: Window): Value => {
  const shape = [...image.shape.slice(0, 2), ...window.result]
  const outputs: Value[] = [
    { dtype: image.dtype, shape },
    { dtype: 'int64', shape }
  ]
  g.add({ op: 'MaxPool', domain: '', inputs: [image], outputs, attributes: attributesOf(window) })
  return outputs[1]
}

const maxGradient: Kernel = (g, call) => {
  const { dy, input } = call.inputs
  const window = windowFor(call, input.shape)
  const image = channelsFirst(g, input)
  const flat = (v: Value): Value => reshape(g, v, [entryCount(v.shape)])
  const zeros = uniform(g, 'float32', [entryCount(image.shape)], 0)
  const dx = g.node(
    'ScatterElements',
    [zeros, flat(origins(g, image, window)), flat(channelsFirst(g, dy))],
    dy.dtype,
    zeros.shape,
    { attributes: { axis: 0, reduction: 'add' } }
  )
  return channelsBack(g, reshape(g, dx, image.shape))
}

/** Each dy spread evenly over its window. As in TF.js, entries beyond the border count towards the share. */
const averageGradient: Kernel = (g, call) => {
  const { dy, input } = call.inputs
  const window = windowFor(call, input.shape)
  const [h, w] = window.kernel
  const channels = input.shape[3]
  const missing = [0, 1].map((i) => {
    const [before, after] = window.pads[i]
    const covered = (window.result[i] - 1) * window.strides[i] + window.kernel[i] - before - after
    return window.image[i] - covered
  })
  const share = mul(g, channelsFirst(g, dy), scalar(1 / (h * w)))
  const dx = g.node(
    'ConvTranspose',
    [share, filled('float32', [channels, 1, h, w], 1)],
    dy.dtype,
    [input.shape[0], channels, ...window.image],
    { attributes: { ...attributesOf(window), group: channels, output_padding: missing } }
  )
  return channelsBack(g, dx)
}

/** Pooling. */
export const poolings: KernelFamily = {
  title: 'Pooling',
  kernels: {
    MaxPool: pooling('MaxPool'),
    MaxPoolGrad: maxGradient,
    AvgPool: pooling('AveragePool'),
    AvgPoolGrad: averageGradient
  },
  notes: { MaxPoolGrad: 'of equal maxima the first one in the window takes the gradient' }
}

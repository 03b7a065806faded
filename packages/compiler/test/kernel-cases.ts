/** Calls of every kernel in the support table, on random inputs: shapes that broadcast, scalars, empty axes. */
import type { HostTensor } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import type { TensorFunction } from '../src/index.js'
import { uniformArray } from './agreement.js'

// biome-ignore lint/suspicious/noExplicitAny: TF.js's operations ask for ranks that a table cannot know
type Any = any

export interface KernelCase {
  readonly name: string
  readonly kernel: string
  readonly f: (...inputs: Any[]) => tf.Tensor | tf.Tensor[]
  readonly inputs: readonly HostTensor[]
  /** Results alone: TF.js's gradient fails here. */
  readonly still?: true
}

let seed = 100

/** Uniform floats. */
const r = (shape: readonly number[], low = -1, high = 1): HostTensor => uniformArray(seed++, shape, low, high)

/** Whole numbers below `bound`. */
const n = (shape: readonly number[], bound = 4, from = 0): HostTensor => {
  const { data } = uniformArray(seed++, shape, from, bound)
  return { data: Int32Array.from(data, Math.floor), shape }
}

const given = (data: readonly number[], shape: readonly number[] = [data.length]): HostTensor => ({
  data: Int32Array.from(data),
  shape
})

const k = (kernel: string, f: KernelCase['f'], ...inputs: HostTensor[]): KernelCase => ({
  kernel,
  f,
  inputs,
  name: `${kernel} of ${inputs.map(({ shape }) => `[${shape.join(', ')}]`).join(', ') || 'nothing'}`
})

const still = (each: KernelCase): KernelCase => ({ ...each, still: true })

/** A function of one tensor, on a matrix, a scalar and an empty matrix. */
const each = (kernel: string, f: (x: Any) => tf.Tensor, low = -2, high = 2): KernelCase[] =>
  [[2, 3], [], [0, 2]].map((shape) => k(kernel, f, r(shape, low, high)))

/** A function of two tensors: the same shape, a row, a column by a row, a scalar, nothing. */
const pairs = (kernel: string, f: (a: Any, b: Any) => tf.Tensor, low = -2, high = 2): KernelCase[] =>
  [
    [
      [2, 3],
      [2, 3]
    ],
    [[2, 3], [3]],
    [
      [4, 1],
      [1, 3]
    ],
    [[], [2, 2]],
    [[0, 3], [3]]
  ].map(([a, b]) => k(kernel, f, r(a, low, high), r(b, low, high)))

/** TF.js's gradients of these do not sum over broadcast axes. */
const alike = (kernel: string, f: (a: Any, b: Any) => tf.Tensor, low = -2, high = 2): KernelCase[] =>
  [[2, 3], [], [0, 2]].map((shape) => k(kernel, f, r(shape, low, high), r(shape, low, high)))

const elementwise: readonly KernelCase[] = [
  ...pairs('Add', tf.add),
  ...pairs('Sub', tf.sub),
  ...pairs('Multiply', tf.mul),
  ...pairs('RealDiv', tf.div, 0.5),
  k('FloorDiv', (a, b) => tf.div(a, b), n([5], 9, 1), n([5], 9, 1)),
  // The sign of a zero must survive.
  still(k('RealDiv', (x) => tf.stack([tf.div(x, tf.scalar(0)), tf.div(x, tf.scalar(-0))]), r([3], 1, 2))),
  ...pairs('FloorDiv', tf.floorDiv, 0.5),
  k('FloorDiv', (a, b) => tf.floorDiv(a, b), given([7, -7, 7, -7]), given([2, 2, -2, -2])),
  ...pairs('Mod', tf.mod, 0.5),
  k('Mod', (a, b) => tf.mod(a, b), r([9], -5, 5), r([9], 0.5, 2)),
  k('Mod', (a, b) => tf.mod(a, b), given([7, -7, 7, -7]), given([3, 3, -3, -3])),
  ...alike('Maximum', tf.maximum),
  ...alike('Minimum', tf.minimum),
  ...pairs('Pow', tf.pow, 0.5),
  k('Pow', (a) => tf.pow(a, 3), r([2, 3], -2, 2)),
  ...alike('SquaredDifference', tf.squaredDifference),
  k('AddN', (a, b, c) => tf.addN([a, b, c]), r([2, 3]), r([2, 3]), r([2, 3])),
  ...pairs('Atan2', tf.atan2),
  k(
    'Atan2',
    (a, b) => tf.atan2(tf.cast(a, 'float32'), tf.cast(b, 'float32')),
    given([0, 0, 0, 1, -1]),
    given([1, -1, 0, 0, 0])
  ),
  ...each('Sigmoid', tf.sigmoid),
  ...each('Softplus', tf.softplus),
  ...each('Tanh', tf.tanh),
  ...each('Relu', tf.relu),
  k('Relu', (x) => tf.relu(x), n([5], 3, -3)),
  ...each('Relu6', (x) => tf.relu6(tf.mul(x, 5))),
  ...each('LeakyRelu', (x) => tf.leakyRelu(x, 0.2)),
  k('Prelu', (x, a) => tf.prelu(x, a), r([2, 3], -2, 2), r([3], 0, 1)),
  k('Prelu', (x, a) => tf.prelu(x, a), r([2, 2, 3], -2, 2), r([2, 3], 0, 1)),
  ...each('Elu', tf.elu),
  ...each('Selu', tf.selu),
  ...each('Step', (x) => tf.step(x, 0.3)),
  ...each('Neg', tf.neg),
  ...each('Abs', tf.abs),
  ...each('Sign', tf.sign),
  ...each('Square', tf.square),
  ...each('Sqrt', tf.sqrt, 0.1),
  ...each('Rsqrt', tf.rsqrt, 0.2),
  ...each('Reciprocal', tf.reciprocal, 0.5),
  ...each('Exp', tf.exp),
  ...each('Expm1', tf.expm1),
  k('Expm1', (x) => tf.mul(1e6, tf.expm1(tf.mul(1e-6, x))), r([9])),
  ...each('Log', tf.log, 0.1),
  ...each('Log1p', tf.log1p, -0.5),
  k('Log1p', (x) => tf.mul(1e6, tf.log1p(tf.mul(1e-6, x))), r([9])),
  ...each('Erf', tf.erf),
  ...each('Sin', tf.sin),
  ...each('Cos', tf.cos),
  ...each('Tan', tf.tan, -1, 1),
  ...each('Asin', tf.asin, -0.9, 0.9),
  ...each('Acos', tf.acos, -0.9, 0.9),
  ...each('Atan', tf.atan),
  ...each('Sinh', tf.sinh),
  ...each('Cosh', tf.cosh),
  ...each('Asinh', tf.asinh),
  ...each('Acosh', tf.acosh, 1.2, 3),
  ...each('Atanh', tf.atanh, -0.9, 0.9),
  ...each('Floor', tf.floor),
  ...each('Ceil', tf.ceil),
  ...each('Round', tf.round),
  k('Round', (x) => tf.round(tf.div(x, 2)), n([9], 7, -7)),
  ...each('ClipByValue', (x) => tf.clipByValue(x, -0.5, 0.7)),
  k(
    'FusedBatchNorm',
    (x, mean, variance, offset, scale) => tf.batchNorm(x, mean, variance, offset, scale, 0.01),
    r([2, 3, 3, 4]),
    r([4]),
    r([4], 0.5, 1),
    r([4]),
    r([4])
  ),
  still(
    k(
      'FusedBatchNorm',
      (x, mean, variance) => tf.batchNorm(x, mean, variance),
      r([5, 4]),
      r([4]),
      r([4], 0.5, 1)
    )
  )
]

const ordered = (kernel: string, f: (a: Any, b: Any) => tf.Tensor): KernelCase[] => [
  k(kernel, f, n([3, 4], 3), n([4], 3)),
  k(kernel, f, r([2, 3]), r([2, 3])),
  k(kernel, f, r([]), r([5])),
  k(kernel, (a, b) => f(tf.cast(a, 'bool'), tf.cast(b, 'bool')), n([6], 2), n([6], 2))
]

const logic = (f: (a: Any, b: Any) => tf.Tensor) => (a: Any, b: Any) =>
  f(tf.cast(a, 'bool'), tf.cast(b, 'bool'))

/** Numbers, infinities and no numbers. */
const odd = (x: Any): tf.Tensor =>
  tf.concat([tf.div(tf.sub(x, 0.5), tf.step(tf.sub(x, 0.5))), tf.div(0, tf.step(x)), x])

const comparison: readonly KernelCase[] = [
  ...ordered('Equal', tf.equal),
  ...ordered('NotEqual', tf.notEqual),
  ...ordered('Greater', tf.greater),
  ...ordered('GreaterEqual', tf.greaterEqual),
  ...ordered('Less', tf.less),
  ...ordered('LessEqual', tf.lessEqual),
  k('LogicalAnd', logic(tf.logicalAnd), n([2, 6], 2), n([6], 2)),
  k('LogicalOr', logic(tf.logicalOr), n([2, 6], 2), n([6], 2)),
  k('LogicalNot', (a) => tf.logicalNot(tf.cast(a, 'bool')), n([6], 2)),
  k('Select', (a, b) => tf.where(tf.cast(tf.step(a), 'bool'), tf.mul(a, 2), b), r([2, 3]), r([2, 3])),
  k('Select', (c, a, b) => tf.where(tf.cast(c, 'bool'), a, b), n([2, 3], 2), n([2, 3]), n([2, 3])),
  k('IsNan', (x) => tf.isNaN(odd(x)), r([9])),
  k('IsInf', (x) => tf.isInf(odd(x)), r([9])),
  k('IsFinite', (x) => tf.isFinite(odd(x)), r([9])),
  k('OneHot', (x) => tf.oneHot(x, 4), n([5])),
  k('OneHot', (x) => tf.oneHot(tf.argMax(x, 1), 4, 2, 1, 'float32'), r([5, 4])),
  k('OneHot', (x) => tf.oneHot(x, 4, 2, -1, 'float32'), n([2, 3], 6, -1))
]

const reducing = (
  kernel: string,
  f: (x: Any, axis?: number | number[], keep?: boolean) => tf.Tensor
): KernelCase[] => [
  k(kernel, (x) => f(x), r([2, 3])),
  k(kernel, (x) => f(x, 0), r([2, 3])),
  k(kernel, (x) => f(x, 2, true), r([2, 3, 2])),
  k(kernel, (x) => f(x, [0, 2]), r([2, 3, 2]))
]

const reduction: readonly KernelCase[] = [
  ...reducing('Sum', tf.sum),
  k('Sum', (x) => tf.sum(x), r([0, 2])),
  k('Sum', (x) => tf.sum(x), r([])),
  k('Sum', (x) => tf.sum(x, 0), n([3, 2])),
  k('Sum', (x) => tf.sum(tf.cast(x, 'bool'), 1), n([3, 2], 2)),
  ...reducing('Mean', tf.mean),
  ...reducing('Max', tf.max),
  ...reducing('Min', tf.min),
  ...reducing('Prod', (x, axis, keep) => tf.prod(tf.add(x, 2), axis, keep)),
  k('All', (x) => tf.all(tf.cast(x, 'bool'), 1), n([3, 2], 2)),
  k('Any', (x) => tf.any(tf.cast(x, 'bool'), 1), n([3, 2], 2)),
  k('ArgMax', (x) => tf.argMax(x, 1), r([3, 4])),
  k('ArgMax', (x) => tf.argMax(x, 0), n([4, 3], 2)),
  k('ArgMin', (x) => tf.argMin(x, -1), r([3, 4])),
  ...[false, true].flatMap((exclusive) =>
    [false, true].map((reverse) => k('Cumsum', (x) => tf.cumsum(x, 1, exclusive, reverse), r([2, 5])))
  ),
  k('Cumsum', (x) => tf.cumsum(x, 0), n([4, 2])),
  ...[false, true].flatMap((exclusive) =>
    [false, true].map((reverse) =>
      k('Cumprod', (x) => tf.cumprod(x, 1, exclusive, reverse), r([2, 5], 0.5, 2))
    )
  ),
  k('Cumprod', (x) => tf.cumprod(x, 0), r([7, 2], 0.5, 2)),
  k('Softmax', (x) => tf.softmax(x), r([2, 5], -4, 4)),
  k('Softmax', (x) => tf.softmax(x), r([5], -4, 4)),
  k('Exp', (x) => tf.logSoftmax(x), r([2, 5], -4, 4))
]

const movement: readonly KernelCase[] = [
  k('Identity', (x) => tf.clone(x), r([2, 3])),
  k('Cast', (x) => tf.cast(tf.mul(x, 5), 'int32'), r([2, 3])),
  k('Cast', (x) => tf.cast(tf.cast(x, 'bool'), 'float32'), n([4], 2)),
  k('Reshape', (x) => tf.reshape(x, [3, -1]), r([2, 3])),
  k('Reshape', (x) => tf.reshape(x, []), r([1, 1])),
  k('ExpandDims', (x) => tf.expandDims(x, 1), r([2, 3])),
  k('Transpose', (x) => tf.transpose(x), r([2, 3])),
  k('Transpose', (x) => tf.transpose(x, [2, 0, 1]), r([2, 3, 4])),
  k('Tile', (x) => tf.broadcastTo(x, [4, 2, 3]), r([2, 1])),
  k('Tile', (x) => tf.broadcastTo(x, [2, 2]), r([])),
  k('Tile', (x) => tf.tile(x, [2, 3]), r([2, 3])),
  k('Tile', (x) => tf.tile(x, [1, 3]), r([2, 1])),
  k('Slice', (x) => tf.slice(x, [1, 0], [1, -1]), r([3, 4])),
  k('Slice', (x) => tf.slice(x, [1, 2]), r([3, 4])),
  k('StridedSlice', (x) => tf.stridedSlice(x, [0, 3], [3, 0], [2, -1]), r([3, 4])),
  k('StridedSlice', (x) => tf.stridedSlice(x, [1], [2], [1], 0, 0, 0, 0, 1), r([3, 4])),
  k('Reverse', (x) => tf.reverse(x), r([3, 4])),
  k('Reverse', (x) => tf.reverse(x, 1), r([3, 4])),
  k('Concat', (a, b) => tf.concat([a, b], 1), r([2, 3]), r([2, 1])),
  k('Concat', (a, b) => tf.concat([a, b]), r([0, 3]), r([2, 3])),
  k('Pack', (a, b) => tf.stack([a, b], 1), r([2, 3]), r([2, 3])),
  k('Unpack', (x) => tf.unstack(x, 1).map((part, i) => tf.mul(part, i + 1)), r([2, 3])),
  k('SplitV', (x) => tf.split(x, [1, 2], 1), r([2, 3])),
  k('SplitV', (x) => tf.split(x, 2), r([4, 3])),
  k(
    'PadV2',
    (x) =>
      tf.pad(
        x,
        [
          [1, 0],
          [2, 1]
        ],
        0.5
      ),
    r([2, 3])
  ),
  k('PadV2', (x) => tf.pad(x, [[1, 1]]), n([3])),
  k(
    'MirrorPad',
    (x) =>
      tf.mirrorPad(
        x,
        [
          [1, 0],
          [2, 1]
        ],
        'reflect'
      ),
    r([2, 3])
  ),
  k('Fill', (x) => tf.add(x, tf.fill([2, 3], 1.5)), r([3])),
  k('Fill', (x) => tf.add(x, tf.fill([40, 50], 1.5)), r([1])),
  k('ZerosLike', (x) => tf.zerosLike(x), r([2, 3])),
  k('OnesLike', (x) => tf.mul(tf.onesLike(x), x), r([2, 3])),
  k('Range', (x) => tf.mul(x, tf.range(1, 4, 0.5)), r([6])),
  k('LinSpace', (x) => tf.mul(x, tf.linspace(1, 4, 6)), r([6]))
]

const indexing: readonly KernelCase[] = [
  k('GatherV2', (x, i) => tf.gather(x, i), r([4, 3]), n([5])),
  k('GatherV2', (x, i) => tf.gather(x, i, 1), r([3, 4]), n([2, 2])),
  k('GatherV2', (x, i) => tf.gather(x, i, 1, 1), r([3, 4, 2]), n([3, 2])),
  k('GatherNd', (x, i) => tf.gatherND(x, i), r([4, 4, 2]), n([3, 2])),
  k('ScatterNd', (i, x) => tf.scatterND(i, x, [4, 2]), n([6, 1]), r([6, 2])),
  k(
    'TensorScatterUpdate',
    (x, i, y) => tf.tensorScatterUpdate(x, i, y),
    r([4, 2]),
    given([2, 0], [2, 1]),
    r([2, 2])
  ),
  k('SparseToDense', (i, x) => tf.sparseToDense(i, x, [4], tf.scalar(0.5)), given([3, 1]), r([2])),
  k('SparseToDense', (i, x) => tf.sparseToDense(i, x, [3, 3]), given([0, 1, 2, 2], [2, 2]), r([])),
  k('Diag', (x) => tf.diag(x), r([3])),
  k('Diag', (x) => tf.diag(x), r([2, 2])),
  k('SearchSorted', (s, x) => tf.lowerBound(s, x), given([1, 3, 3, 7]), given([3, 0, 8, 7])),
  k(
    'SearchSorted',
    (s, x) => tf.upperBound(s, x),
    given([1, 3, 3, 7, 0, 2, 4, 6], [2, 4]),
    given([3, 8, 4, 5], [2, 2])
  ),
  k('UnsortedSegmentSum', (x, i) => tf.unsortedSegmentSum(x, i, 4), r([6, 2]), n([6])),
  k('TopK', (x) => tf.topk(x, 2).values, r([3, 5])),
  k('TopK', (x) => tf.topk(x, 2).indices, r([3, 5]))
]

const products: readonly KernelCase[] = [
  ...[false, true].flatMap((ta) =>
    [false, true].map((tb) =>
      k('BatchMatMul', (a, b) => tf.matMul(a, b, ta, tb), r(ta ? [3, 2] : [2, 3]), r(tb ? [4, 3] : [3, 4]))
    )
  ),
  k('BatchMatMul', (a, b) => tf.matMul(a, b), r([5, 2, 3]), r([5, 3, 4])),
  still(k('BatchMatMul', (a, b) => tf.matMul(a, b), r([5, 2, 3]), r([1, 3, 4]))),
  k('BatchMatMul', (a, b) => tf.matMul(a, b), r([0, 3]), r([3, 4])),
  ...(['linear', 'relu', 'relu6', 'elu', 'sigmoid'] as const).map((activation) =>
    k(
      '_FusedMatMul',
      (a, b, bias) => tf.fused.matMul({ a, b, bias, activation }),
      r([2, 3]),
      r([3, 4]),
      r([4])
    )
  ),
  k(
    '_FusedMatMul',
    (a, b) => tf.fused.matMul({ a, b, activation: 'leakyrelu', leakyreluAlpha: 0.1 }),
    r([2, 3]),
    r([3, 4])
  ),
  k(
    '_FusedMatMul',
    (a, b, w) => tf.fused.matMul({ a, b, activation: 'prelu', preluActivationWeights: w }),
    r([2, 3]),
    r([3, 4]),
    r([4], 0, 1)
  ),
  k('Einsum', (a, b) => tf.einsum('ij,jk->ik', a, b), r([2, 3]), r([3, 4])),
  k('Einsum', (a) => tf.einsum('ij->ji', a), r([2, 3]))
]

const strides = [1, 2] as const
const pads = ['valid', 'same', 1] as const

const convolution: readonly KernelCase[] = [
  ...strides.flatMap((stride) =>
    pads.flatMap((pad) => [
      k('Conv2D', (x, w) => tf.conv2d(x, w, stride, pad), r([2, 7, 6, 2]), r([3, 3, 2, 4])),
      k(
        'DepthwiseConv2dNative',
        (x, w) => tf.depthwiseConv2d(x, w, stride, pad),
        r([2, 7, 6, 2]),
        r([3, 3, 2, 2])
      )
    ])
  ),
  k('Conv2D', (x, w) => tf.conv2d(x, w, 1, 'valid'), r([2, 5, 5, 2]), r([1, 1, 2, 3])),
  k('Conv2D', (x, w) => tf.conv1d(x, w, 2, 'same'), r([2, 9, 3]), r([4, 3, 2])),
  k('Conv2D', (x, w) => tf.conv2d(x, w, [2, 1], 'valid'), r([1, 6, 7, 1]), r([2, 3, 1, 2])),
  ...strides.flatMap((stride) =>
    (['valid', 'same'] as const).map((pad) =>
      k(
        'Conv2DBackpropInput',
        (x, w) =>
          tf.conv2dTranspose(
            x,
            w,
            pad === 'same'
              ? [2, 4 * stride, 3 * stride, 3]
              : ([2, 4 * stride + 2, 3 * stride + 2, 3].map((m, i) =>
                  i === 1 ? 3 * stride + 3 : i === 2 ? 2 * stride + 3 : m
                ) as [number, number, number, number]),
            stride,
            pad
          ),
        r([2, 4, 3, 2]),
        r([3, 3, 3, 2])
      )
    )
  ),
  k(
    'FusedConv2D',
    (x, filter, bias) => tf.fused.conv2d({ x, filter, strides: 2, pad: 'same', bias, activation: 'relu' }),
    r([2, 6, 6, 2]),
    r([3, 3, 2, 4]),
    r([4])
  ),
  k(
    'FusedDepthwiseConv2D',
    (x, filter, bias) =>
      tf.fused.depthwiseConv2d({ x, filter, strides: 1, pad: 'same', bias, activation: 'relu' }),
    r([2, 6, 6, 2]),
    r([3, 3, 2, 1]),
    r([2])
  )
]

const pooling: readonly KernelCase[] = strides.flatMap((stride) =>
  (['valid', 'same'] as const).flatMap((pad) => [
    k('MaxPool', (x) => tf.maxPool(x, 3, stride, pad), r([2, 7, 6, 2])),
    k('AvgPool', (x) => tf.avgPool(x, 3, stride, pad), r([2, 7, 6, 2]))
  ])
)

const imageCases: readonly KernelCase[] = [
  ...(
    [
      [8, 10],
      [3, 2],
      [1, 7]
    ] as const
  ).flatMap((size) => [
    ...[false, true].flatMap((align) => [
      // TF.js's gradients take the strides of one image for another, so squares and batches of one only.
      k('ResizeBilinear', (x) => tf.image.resizeBilinear(x, [...size], align), r([2, 5, 5, 2])),
      k('ResizeNearestNeighbor', (x) => tf.image.resizeNearestNeighbor(x, [...size], align), r([1, 4, 5, 2]))
    ])
  ]),
  k(
    'SpaceToBatchND',
    (x) =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [0, 0],
          [1, 1]
        ]
      ),
    r([2, 4, 6, 3])
  ),
  k(
    'BatchToSpaceND',
    (x) =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [0, 1],
          [1, 0]
        ]
      ),
    r([8, 2, 3, 2])
  ),
  k('DepthToSpace', (x) => tf.depthToSpace(x, 2), r([2, 2, 3, 8])),
  k('LRN', (x) => tf.localResponseNormalization(x, 2, 1, 0.7, 0.6), r([1, 2, 3, 6], -2, 2)),
  k('MaxPool', (x) => tf.pool(x, 2, 'max', 'valid', 2, 1), r([1, 6, 6, 2])),
  still(k('Conv2D', (x, w) => tf.conv2d(x, w, 1, 'valid', 'NHWC', 2), r([1, 7, 7, 2]), r([2, 2, 2, 3])))
]

/** TF.js's gradients disregard the centres of pixels. */
const centred: readonly KernelCase[] = (
  [
    [8, 10],
    [3, 2]
  ] as const
).flatMap((size) => [
  still(k('ResizeBilinear', (x) => tf.image.resizeBilinear(x, [...size], false, true), r([2, 4, 5, 2]))),
  still(
    k(
      'ResizeNearestNeighbor',
      (x) => tf.image.resizeNearestNeighbor(x, [...size], false, true),
      r([2, 4, 5, 2])
    )
  )
])

/** By the families of the support table. */
export const kernelCases: Readonly<Record<string, readonly KernelCase[]>> = {
  'Element-wise': elementwise,
  'Comparison, logic, selection': comparison,
  Reductions: reduction,
  'Movement and creation': movement,
  Indexing: indexing,
  'Matrix products': products,
  Convolutions: convolution,
  Pooling: pooling,
  Images: [...imageCases, ...centred]
}

const listed = (result: tf.Tensor | tf.Tensor[]): tf.Tensor[] => (Array.isArray(result) ? result : [result])

/** A case's results and, where TF.js has a gradient of its kernel, the gradients by all float inputs. */
export const functionOf = ({
  kernel,
  f,
  inputs,
  still
}: KernelCase): { readonly f: TensorFunction; readonly gradient: boolean } => {
  const floats = inputs.flatMap(({ data }, i) => (data instanceof Float32Array ? [i] : []))
  const gradient = !still && floats.length > 0 && tf.getGradient(kernel) !== undefined
  const both: TensorFunction = (named) => {
    const given = inputs.map((_, i) => named[`x${i}`])
    const values = listed(f(...given))
    const out: Record<string, tf.Tensor> = Object.fromEntries(values.map((value, i) => [`value ${i}`, value]))
    if (!gradient) return out
    const loss = (...moving: tf.Tensor[]): tf.Tensor => {
      const all = given.map((x, i) => (floats.includes(i) ? moving[floats.indexOf(i)] : x))
      const terms = listed(f(...all)).map((y, i) => {
        const { data } = uniformArray(7 + i, y.shape)
        return tf.sum(tf.mul(tf.cast(y, 'float32'), tf.tensor(data, y.shape)))
      })
      return tf.addN(terms)
    }
    const found = tf.grads(loss)(floats.map((i) => given[i]))
    for (const [position, gradient] of found.entries()) out[`gradient ${position}`] = gradient
    return out
  }
  return { f: both, gradient }
}

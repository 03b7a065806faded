/** Dense layers over blocks of rows: a WebAssembly SIMD module, or plain JavaScript with the very same numbers. */
import type { Elementary } from '@mechid/mechanisms'
import { instance, type Memory } from '@mechid/wasm'
import { DENSE_MODULE } from './dense-module.js'

/** `y = leaky(bias + weights · x)` with `leaky(y) = max(y, slope · y)`. */
export interface DenseLayer {
  readonly inputs: number
  readonly outputs: number
  /** Row-major [outputs, inputs]. */
  readonly weights: Float64Array
  /** [outputs]. */
  readonly bias: Float64Array
  /** In (0, 1]; 1 leaves the layer linear. */
  readonly slope: number
}

/** Runs all layers over `rows` rows: `x` row-major [rows, inputs], `out` row-major [rows, outputs]. */
export type Network = (rows: number, x: Float64Array, out: Float64Array) => void

/** Rows whose activations fit in the first cache beside the weights, for widths of some twenty. */
const BLOCK_ROWS = 128

interface DenseExports {
  readonly memory: Memory
  readonly layer: (
    inputs: number,
    groups: number,
    quads: number,
    stride: number,
    weights: number,
    bias: number,
    x: number,
    out: number,
    slope: number
  ) => void
  /** Row-major rows into columns. */
  readonly columns: (pairs: number, width: number, stride: number, rows: number, x: number) => void
  /** Columns into row-major rows. */
  readonly rows: (pairs: number, width: number, stride: number, x: number, rows: number) => void
}

const padded = (count: number): number => Math.ceil(count / 4) * 4

/** Where a layer's numbers lie in the module's memory, in bytes. */
interface Placed {
  readonly layer: DenseLayer
  readonly groups: number
  readonly weightsAt: number
  readonly biasAt: number
}

const place = (layers: readonly DenseLayer[], from: number): readonly [Placed[], number] => {
  let at = from
  const placed = layers.map((layer): Placed => {
    const outputs = padded(layer.outputs)
    const weightsAt = at
    const biasAt = weightsAt + outputs * layer.inputs * 8
    at = biasAt + outputs * 8
    return { layer, groups: outputs / 4, weightsAt, biasAt }
  })
  return [placed, at]
}

/** Weights by groups of four outputs, as dense.wat reads them; padding stays zero. */
const storeWeights = (memory: Float64Array, { layer, weightsAt, biasAt }: Placed): void => {
  const { inputs, outputs, weights, bias } = layer
  for (let o = 0; o < outputs; o++) {
    const group = weightsAt / 8 + Math.floor(o / 4) * inputs * 4 + (o % 4)
    for (let i = 0; i < inputs; i++) memory[group + i * 4] = weights[o * inputs + i]
  }
  memory.set(bias, biasAt / 8)
}

/** The network in WebAssembly; `undefined` where the host has none, no SIMD, or forbids it. */
export const assembledNetwork = (layers: readonly DenseLayer[]): Network | undefined => {
  const width = Math.max(...layers.flatMap(({ inputs, outputs }) => [padded(inputs), padded(outputs)]))
  const blockBytes = width * BLOCK_ROWS * 8
  // Two blocks of columns in turns, and one of rows.
  const rowsAt = 2 * blockBytes
  const [placed, end] = place(layers, 3 * blockBytes)
  const exports = instance<DenseExports>(DENSE_MODULE, end)
  if (exports === undefined) return undefined
  const { memory, layer: runLayer, columns: intoColumns, rows: intoRows } = exports
  const numbers = new Float64Array(memory.buffer)
  for (const each of placed) storeWeights(numbers, each)
  const inputs = layers[0].inputs
  const outputs = layers[layers.length - 1].outputs
  const result = layers.length % 2 === 0 ? 0 : blockBytes
  const stride = BLOCK_ROWS * 8

  return (rows, x, out) => {
    for (let start = 0; start < rows; start += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rows - start)
      const quads = Math.ceil(count / 4)
      numbers.set(x.subarray(start * inputs, (start + count) * inputs), rowsAt / 8)
      intoColumns(2 * quads, inputs, stride, rowsAt, 0)
      for (let l = 0; l < placed.length; l++) {
        const { layer, groups, weightsAt, biasAt } = placed[l]
        const [from, to] = l % 2 === 0 ? [0, blockBytes] : [blockBytes, 0]
        runLayer(layer.inputs, groups, quads, stride, weightsAt, biasAt, from, to, layer.slope)
      }
      intoRows(2 * quads, outputs, stride, result, rowsAt)
      out.set(numbers.subarray(rowsAt / 8, rowsAt / 8 + count * outputs), start * outputs)
    }
  }
}

/** The network in JavaScript: the same sums in the same order, hence the same numbers. */
export const plainNetwork = (layers: readonly DenseLayer[]): Network => {
  const width = Math.max(layers[0].inputs, ...layers.map((layer) => layer.outputs))
  const buffers = [new Float64Array(width), new Float64Array(width)]
  const inputs = layers[0].inputs
  const last = layers[layers.length - 1].outputs
  return (rows, x, out) => {
    for (let r = 0; r < rows; r++) {
      for (let i = 0; i < inputs; i++) buffers[0][i] = x[r * inputs + i]
      for (let l = 0; l < layers.length; l++) plainLayer(layers[l], buffers[l % 2], buffers[(l + 1) % 2])
      const result = buffers[layers.length % 2]
      for (let o = 0; o < last; o++) out[r * last + o] = result[o]
    }
  }
}

const plainLayer = (layer: DenseLayer, x: Float64Array, out: Float64Array): void => {
  const { inputs, outputs, weights, bias, slope } = layer
  for (let o = 0; o < outputs; o++) {
    let sum = bias[o]
    for (let i = 0; i < inputs; i++) sum += weights[o * inputs + i] * x[i]
    out[o] = Math.max(sum, slope * sum)
  }
}

/** The fastest of both that works here. Which it is shows in its speed only. */
export const denseNetwork = (layers: readonly DenseLayer[]): Network =>
  assembledNetwork(layers) ?? plainNetwork(layers)

/** The same network in any reading. */
export const mapNetwork = <A>(
  layers: readonly DenseLayer[],
  F: Elementary<A>,
  x: ReadonlyArray<A>
): ReadonlyArray<A> =>
  layers.reduce<ReadonlyArray<A>>((values, { inputs, outputs, weights, bias, slope }) => {
    const next: A[] = []
    for (let o = 0; o < outputs; o++) {
      let sum = F.lit(bias[o])
      for (let i = 0; i < inputs; i++) sum = F.add(sum, F.mul(F.lit(weights[o * inputs + i]), values[i]))
      next.push(slope === 1 ? sum : F.max(sum, F.mul(F.lit(slope), sum)))
    }
    return next
  }, x)

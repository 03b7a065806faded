/** Aᵀ B for tall A and B, in WebAssembly four by four numbers at a time, or in JavaScript with the same numbers. */
import { instance, type Memory } from '@mechid/wasm'
import type { Dense } from '../dense.js'
import { PANEL_PRODUCTS_MODULE } from './panel-products-module.js'

/** Columns a panel. */
export const PANEL = 4
/** Rows that are packed at a time: a panel of them stays in the first cache. */
export const STEPS = 256

/** Columns that are packed together: what is read of a row lies in few lines of the cache. */
const GROUP = 8 * PANEL

/**
 * Memory for packed panels and products, in doubles. `products` adds Σ_s a[p][s] b[q][s]ᵀ to the 4 × 4 tiles at
 * `out`, tile (p, q) at 16 (p · bPanels + q); with `upper` only those with q ≥ p. A panel holds `steps` × 4 numbers.
 */
export interface PanelMemory {
  readonly numbers: Float64Array
  readonly products: (
    a: number,
    aPanels: number,
    b: number,
    bPanels: number,
    out: number,
    steps: number,
    upper: boolean
  ) => void
}

/** The same in JavaScript. */
export const plainPanels = (size: number): PanelMemory => {
  const numbers = new Float64Array(size)
  const tile = (i: number, j: number, to: number, steps: number): void => {
    for (let r = 0; r < PANEL; r++) {
      let [s0, s1, s2, s3] = [
        numbers[to + 4 * r],
        numbers[to + 4 * r + 1],
        numbers[to + 4 * r + 2],
        numbers[to + 4 * r + 3]
      ]
      for (let s = 0; s < 4 * steps; s += 4) {
        const x = numbers[i + s + r]
        s0 += x * numbers[j + s]
        s1 += x * numbers[j + s + 1]
        s2 += x * numbers[j + s + 2]
        s3 += x * numbers[j + s + 3]
      }
      numbers[to + 4 * r] = s0
      numbers[to + 4 * r + 1] = s1
      numbers[to + 4 * r + 2] = s2
      numbers[to + 4 * r + 3] = s3
    }
  }
  return {
    numbers,
    products: (a, aPanels, b, bPanels, out, steps, upper) => {
      for (let p = 0; p < aPanels; p++)
        for (let q = upper ? p : 0; q < bPanels; q++)
          tile(a + 4 * p * steps, b + 4 * q * steps, out + 16 * (p * bPanels + q), steps)
    }
  }
}

interface PanelFunctions {
  readonly memory: Memory
  readonly products: (
    a: number,
    aPanels: number,
    b: number,
    bPanels: number,
    out: number,
    steps: number,
    upper: number
  ) => void
}

/** `undefined` where the host cannot run it. */
export const assembledPanels = (size: number): PanelMemory | undefined => {
  const functions = instance<PanelFunctions>(PANEL_PRODUCTS_MODULE, 8 * size)
  if (functions === undefined) return undefined
  const numbers = new Float64Array(functions.memory.buffer, 0, size)
  return {
    numbers,
    products: (a, aPanels, b, bPanels, out, steps, upper) =>
      functions.products(8 * a, aPanels, 8 * b, bPanels, 8 * out, steps, upper ? 1 : 0)
  }
}

let held: PanelMemory | undefined

/** The fastest that works here. What is in it may be overwritten by the next call; `numbers` may hold anything. */
export const panels = (size: number): PanelMemory => {
  if (held === undefined || held.numbers.length < size) held = assembledPanels(size) ?? plainPanels(size)
  return held
}

/** Part of a row-major matrix with `stride` columns: `columns` of them from `at` on. */
export interface Columns {
  readonly data: Float64Array
  readonly stride: number
  readonly at: number
  readonly columns: number
}

/** Numbers that a packed matrix takes. */
export const packedSize = (columns: number): number => Math.ceil(columns / PANEL) * PANEL * STEPS

/** Numbers that a product takes. */
export const productSize = (rows: number, columns: number): number =>
  Math.ceil(rows / PANEL) * Math.ceil(columns / PANEL) * PANEL * PANEL

/**
 * Packs rows `from` to `from + STEPS` − 1, fewer where `rows` ends, into panels at `to`, each row times its weight.
 * A panel is `STEPS` × 4; what is missing is 0.
 */
export const pack = (
  numbers: Float64Array,
  to: number,
  { data, stride, at, columns }: Columns,
  from: number,
  rows: number,
  weights: Float64Array | undefined
): void => {
  const count = Math.min(STEPS, rows - from)
  for (let group = 0; group < columns; group += GROUP) {
    const end = Math.min(group + GROUP, columns)
    const full = end - ((end - group) % PANEL)
    for (let s = 0; s < count; s++) {
      const row = (from + s) * stride + at
      const w = weights === undefined ? 1 : weights[from + s]
      for (let first = group; first < full; first += PANEL) {
        const next = to + first * STEPS + s * PANEL
        numbers[next] = w * data[row + first]
        numbers[next + 1] = w * data[row + first + 1]
        numbers[next + 2] = w * data[row + first + 2]
        numbers[next + 3] = w * data[row + first + 3]
      }
      for (let c = full; c < end; c++) numbers[to + full * STEPS + s * PANEL + c - full] = w * data[row + c]
      if (full < end) {
        const next = to + full * STEPS + s * PANEL
        numbers.fill(0, next + end - full, next + PANEL)
      }
    }
    for (let first = group; first < end; first += PANEL) {
      const start = to + first * STEPS
      numbers.fill(0, start + count * PANEL, start + STEPS * PANEL)
    }
  }
}

/** The same of the transpose: rows are packed as columns. */
const packRows = (
  numbers: Float64Array,
  to: number,
  { data, shape: [rows, stride] }: Dense,
  from: number
): void => {
  const count = Math.min(STEPS, stride - from)
  const padded = Math.ceil(rows / PANEL) * PANEL
  for (let i = 0; i < padded; i++) {
    const start = to + (i >> 2) * PANEL * STEPS + (i & 3)
    for (let s = 0; s < STEPS; s++)
      numbers[start + PANEL * s] = i < rows && s < count ? data[i * stride + from + s] : 0
  }
}

/** A product of panels, row-major; with `upper`, its lower half by symmetry. */
export const unpacked = (
  numbers: Float64Array,
  out: number,
  rows: number,
  columns: number,
  upper: boolean
): Float64Array => {
  const wide = Math.ceil(columns / PANEL)
  const data = new Float64Array(rows * columns)
  for (let f = 0; f < rows; f++)
    for (let g = 0; g < columns; g++) {
      const [p, q] = [f >> 2, g >> 2]
      const flipped = upper && q < p
      const tile = flipped ? q * wide + p : p * wide + q
      const within = flipped ? 4 * (g & 3) + (f & 3) : 4 * (f & 3) + (g & 3)
      data[f * columns + g] = numbers[out + 16 * tile + within]
    }
  return data
}

/** Products of panels, summed over `inner`; where they begin in the memory. */
const summed = (
  rows: number,
  inner: number,
  packLeft: (numbers: Float64Array, to: number, from: number) => void,
  right: Columns
): { readonly numbers: Float64Array; readonly out: number } => {
  const [left, tall] = [packedSize(rows), packedSize(right.columns)]
  const out = left + tall
  const size = productSize(rows, right.columns)
  const { numbers, products } = panels(out + size)
  numbers.fill(0, out, out + size)
  const [high, wide] = [Math.ceil(rows / PANEL), Math.ceil(right.columns / PANEL)]
  for (let from = 0; from < inner; from += STEPS) {
    packLeft(numbers, 0, from)
    pack(numbers, left, right, from, inner, undefined)
    products(0, high, left, wide, out, STEPS, false)
  }
  return { numbers, out }
}

/** Subtracts Aᵀ B over the first `inner` rows of both from a block of `target`, row-major with B's stride, at `at`. */
export const subtractProduct = (
  target: Float64Array,
  at: number,
  a: Columns,
  b: Columns,
  inner: number
): void => {
  const { numbers, out } = summed(
    a.columns,
    inner,
    (memory, to, from) => pack(memory, to, a, from, inner, undefined),
    b
  )
  const wide = Math.ceil(b.columns / PANEL)
  for (let f = 0; f < a.columns; f++) {
    const tiles = out + 16 * (f >> 2) * wide + 4 * (f & 3)
    const row = at + f * b.stride
    for (let g = 0; g < b.columns; g++) target[row + g] -= numbers[tiles + 16 * (g >> 2) + (g & 3)]
  }
}

const whole = ({ data, shape: [, stride] }: Dense): Columns => ({ data, stride, at: 0, columns: stride })

/** a b by panels: for large matrices. */
export const largeProduct = (a: Dense, b: Dense): Dense => {
  const [rows, inner] = a.shape
  const { numbers, out } = summed(rows, inner, (memory, to, from) => packRows(memory, to, a, from), whole(b))
  return { data: unpacked(numbers, out, rows, b.shape[1], false), shape: [rows, b.shape[1]] }
}

/** aᵀ b by panels. */
export const innerProducts = (a: Dense, b: Dense): Dense => {
  const [inner, rows] = a.shape
  const { numbers, out } = summed(
    rows,
    inner,
    (memory, to, from) => pack(memory, to, whole(a), from, inner, undefined),
    whole(b)
  )
  return { data: unpacked(numbers, out, rows, b.shape[1], false), shape: [rows, b.shape[1]] }
}

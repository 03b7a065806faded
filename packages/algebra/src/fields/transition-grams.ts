/** Inner products of the columns X(m(z)) and Dm(z) X(z), from those of the scalar functions that fields share. */
import type { FieldSpace } from '../dictionary/dictionary.js'
import { type Dense, zeros } from '../linalg/dense.js'
import {
  type Columns,
  PANEL,
  type PanelMemory,
  pack,
  packedSize,
  panels,
  productSize,
  STEPS,
  unpacked
} from '../linalg/panel-products.js'
import type { Transition } from './transition.js'

/** With P = X∘m and Q = Dm·X over all points and mechanisms: PᵀP + QᵀQ, and (P − Q)ᵀ(P − Q). */
export interface TransitionGrams {
  readonly terms: Dense
  readonly sum: Dense
}

/** Weights of the N points; `undefined` where all are 0. */
type Weights = Float64Array | undefined

const weights = (rows: number, entry: (s: number) => number): Weights => {
  const out = new Float64Array(rows)
  let some = false
  for (let s = 0; s < rows; s++) {
    out[s] = entry(s)
    some ||= out[s] !== 0
  }
  return some ? out : undefined
}

/** One product Φ_aᵀ diag(w) Φ_b of the scalar functions, summed over mechanisms. */
interface Block {
  readonly out: number
  readonly upper: boolean
}

/** Where packed panels and products lie in memory. */
interface Layout {
  readonly memory: PanelMemory
  readonly wide: number
  readonly atImages: number
  readonly atPoints: number
  readonly weighted: number
  readonly images: Block
  /** (i, j), i ≤ j. */
  readonly carried: ReadonlyArray<ReadonlyArray<Block>>
  /** (i, j) */
  readonly mixed: ReadonlyArray<ReadonlyArray<Block>>
}

const layoutOf = (n: number, d: number): Layout => {
  const wide = Math.ceil(n / PANEL)
  const packed = packedSize(n)
  const product = productSize(n, n)
  const blocks = 1 + (d * (d + 1)) / 2 + d * d
  let next = 3 * packed
  const take = (upper: boolean): Block => {
    const out = next
    next += product
    return { out, upper }
  }
  const memory = panels(3 * packed + blocks * product)
  memory.numbers.fill(0, 3 * packed, 3 * packed + blocks * product)
  return {
    memory,
    wide,
    atImages: 0,
    atPoints: packed,
    weighted: 2 * packed,
    images: take(true),
    carried: Array.from({ length: d }, (_, i) => Array.from({ length: d - i }, () => take(true))),
    mixed: Array.from({ length: d }, () => Array.from({ length: d }, () => take(false)))
  }
}

const accumulate = (
  layout: Layout,
  n: number,
  values: Float64Array,
  images: Float64Array,
  { jacobians }: Transition,
  d: number
): void => {
  const { memory, wide, atImages, atPoints, weighted } = layout
  const rows = values.length / n
  const columns = (data: Float64Array): Columns => ({ data, stride: n, at: 0, columns: n })
  const slope = (s: number, i: number, j: number): number => jacobians[(s * d + i) * d + j]
  const squares = layout.carried.map((row, i) =>
    row.map((_, k) =>
      weights(rows, (s) => {
        let sum = 0
        for (let l = 0; l < d; l++) sum += slope(s, l, i) * slope(s, l, i + k)
        return sum
      })
    )
  )
  const slopes = layout.mixed.map((row, i) => row.map((_, j) => weights(rows, (s) => slope(s, i, j))))
  const add = (left: number, w: Weights, block: Block, from: number): void => {
    if (w === undefined) return
    pack(memory.numbers, weighted, columns(values), from, rows, w)
    memory.products(left, wide, weighted, wide, block.out, STEPS, block.upper)
  }
  for (let from = 0; from < rows; from += STEPS) {
    pack(memory.numbers, atImages, columns(images), from, rows, undefined)
    pack(memory.numbers, atPoints, columns(values), from, rows, undefined)
    memory.products(atImages, wide, atImages, wide, layout.images.out, STEPS, true)
    layout.carried.forEach((row, i) => {
      row.forEach((block, k) => {
        add(atPoints, squares[i][k], block, from)
      })
    })
    layout.mixed.forEach((row, i) => {
      row.forEach((block, j) => {
        add(atImages, slopes[i][j], block, from)
      })
    })
  }
}

/** Adds `factor` times a block, or its transpose, at the fields of coordinates (i, j). */
const place = (
  { data, shape }: Dense,
  block: Float64Array,
  n: number,
  i: number,
  j: number,
  factor: number,
  flipped: boolean
): void => {
  for (let f = 0; f < n; f++) {
    const to = (i * n + f) * shape[1] + j * n
    if (flipped) for (let g = 0; g < n; g++) data[to + g] += factor * block[g * n + f]
    else for (let g = 0; g < n; g++) data[to + g] += factor * block[f * n + g]
  }
}

/**
 * For a dictionary of every function in every coordinate. `values`: N × n at the points, `atImages` alike for each mechanism. Columns are not scaled.
 */
export const transitionGrams = (
  space: FieldSpace,
  transitions: ReadonlyArray<Transition>,
  values: Float64Array,
  atImages: ReadonlyArray<Float64Array>
): TransitionGrams => {
  const d = space.latents
  const n = space.functions.count
  const layout = layoutOf(n, d)
  transitions.forEach((transition, m) => {
    accumulate(layout, n, values, atImages[m], transition, d)
  })
  const read = ({ out, upper }: Block): Float64Array => unpacked(layout.memory.numbers, out, n, n, upper)
  const terms = zeros(space.size, space.size)
  const images = read(layout.images)
  for (let i = 0; i < d; i++) {
    place(terms, images, n, i, i, 1, false)
    layout.carried[i].forEach((block, k) => {
      const product = read(block)
      place(terms, product, n, i, i + k, 1, false)
      if (k > 0) place(terms, product, n, i + k, i, 1, true)
    })
  }
  const sum: Dense = { data: terms.data.slice(), shape: terms.shape }
  layout.mixed.forEach((row, i) => {
    row.forEach((block, j) => {
      const product = read(block)
      place(sum, product, n, i, j, -1, false)
      place(sum, product, n, j, i, -1, true)
    })
  })
  return { terms, sum }
}

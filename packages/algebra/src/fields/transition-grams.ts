/** Inner products of the columns X(m(z)) and Dm(z) X(z), from those of the scalar functions that fields share. */
import { type Dense, type ProductPass, type WeightedProduct, weightedProducts, zeros } from '@mechid/numerics'
import type { FieldSpace } from '../dictionary/dictionary.js'
import type { Transition } from './transition.js'

/** With P = X∘m and Q = Dm·X over all points and mechanisms: PᵀP + QᵀQ, and (P − Q)ᵀ(P − Q). */
export interface TransitionGrams {
  readonly terms: Dense
  readonly sum: Dense
}

/** Weights of the N points. */
const weights = (rows: number, entry: (s: number) => number): Float64Array | 'zero' => {
  const out = new Float64Array(rows)
  let some = false
  for (let s = 0; s < rows; s++) {
    out[s] = entry(s)
    some ||= out[s] !== 0
  }
  return some ? out : 'zero'
}

/** Tables of a pass: the functions at images, and at points. */
const [IMAGES, POINTS] = [0, 1]

const pairs = (d: number): ReadonlyArray<readonly [i: number, j: number]> =>
  Array.from({ length: d * d }, (_, e) => [Math.floor(e / d), e % d] as const)

/** Pairs in order: as many as a symmetric matrix has entries of its own. */
const ordered = (d: number): ReadonlyArray<readonly [i: number, j: number]> =>
  pairs(d).filter(([i, j]) => i <= j)

/** Which Φ_aᵀ diag(w) Φ_b there are: of images alone; of points, carried for ordered (i, j); mixed for all (i, j). */
const wantedProducts = (d: number): WeightedProduct[] => [
  { left: IMAGES, right: IMAGES, symmetric: true },
  ...ordered(d).map(() => ({ left: POINTS, right: POINTS, symmetric: true })),
  ...pairs(d).map(() => ({ left: IMAGES, right: POINTS, symmetric: false }))
]

const passOf = (
  values: Float64Array,
  images: Float64Array,
  n: number,
  { jacobians }: Transition,
  d: number
): ProductPass => {
  const rows = values.length / n
  const slope = (s: number, i: number, j: number): number => jacobians[(s * d + i) * d + j]
  const squares = ordered(d).map(([i, j]) =>
    weights(rows, (s) => {
      let sum = 0
      for (let l = 0; l < d; l++) sum += slope(s, l, i) * slope(s, l, j)
      return sum
    })
  )
  const slopes = pairs(d).map(([i, j]) => weights(rows, (s) => slope(s, i, j)))
  return { tables: [images, values], weights: ['one', ...squares, ...slopes] }
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
  function* passes(): Iterable<ProductPass> {
    for (let m = 0; m < transitions.length; m++) yield passOf(values, atImages[m], n, transitions[m], d)
  }
  const [images, ...others] = weightedProducts(n, 2, wantedProducts(d), passes())
  const terms = zeros(space.size, space.size)
  for (let i = 0; i < d; i++) place(terms, images, n, i, i, 1, false)
  ordered(d).forEach(([i, j], k) => {
    place(terms, others[k], n, i, j, 1, false)
    if (j > i) place(terms, others[k], n, j, i, 1, true)
  })
  const sum: Dense = { data: terms.data.slice(), shape: terms.shape }
  const mixed = others.slice(ordered(d).length)
  pairs(d).forEach(([i, j], k) => {
    place(sum, mixed[k], n, i, j, -1, false)
    place(sum, mixed[k], n, j, i, -1, true)
  })
  return { terms, sum }
}

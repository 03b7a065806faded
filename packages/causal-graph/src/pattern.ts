/** The pattern of graph-preserving maps: an upper bound on what mechanism sparsity leaves ambiguous. */
import {
  and,
  type BinaryMatrix,
  bitCount,
  blank,
  count,
  rowIsSubset,
  rowSupport,
  setBit,
  transpose
} from './binary-matrix.js'
import { type CausalGraph, lagMatrices } from './causal-graph.js'
import { firstEqualRow } from './equal-rows.js'
import { orThrow } from './errors.js'

/** The distinct rows by falling number of ones, so that whatever contains a row comes before it. */
const distinctRowsBySize = (m: BinaryMatrix, first: Int32Array): Int32Array => {
  const sizes = new Int32Array(m.rows)
  for (let i = 0; i < m.rows; i++)
    for (let w = 0; w < m.stride; w++) sizes[i] += bitCount(m.words[i * m.stride + w])
  return Int32Array.from(first.keys())
    .filter((i) => first[i] === i)
    .sort((a, b) => sizes[b] - sizes[a])
}

/** The words of the rows named, word by word: word w of the b-th row at `w · order.length + b`. */
const byPlace = (m: BinaryMatrix, order: Int32Array): Uint32Array => {
  const out = new Uint32Array(order.length * m.stride)
  for (let b = 0; b < order.length; b++)
    for (let w = 0; w < m.stride; w++) out[w * order.length + b] = m.words[order[b] * m.stride + w]
  return out
}

/** The place of a row's word with most ones: the one that a row which does not contain it most likely lacks. */
const fullestWord = (m: BinaryMatrix, row: number): number => {
  let [fullest, most] = [0, -1]
  for (let w = 0; w < m.stride; w++) {
    const ones = bitCount(m.words[row * m.stride + w])
    if (ones > most) [fullest, most] = [w, ones]
  }
  return fullest
}

/** Fills row `order[a]` of the pattern with the rows before it in order that contain it, and theirs. */
const fillRow = (
  m: BinaryMatrix,
  out: BinaryMatrix,
  order: Int32Array,
  columns: Uint32Array,
  a: number
): void => {
  const i = order[a]
  const place = fullestWord(m, i)
  const sharpest = m.words[i * m.stride + place]
  const column = columns.subarray(place * order.length)
  const own = i * out.stride
  for (let b = a - 1; b >= 0; b--) {
    if ((sharpest & ~column[b]) !== 0) continue
    const j = order[b]
    if (((out.words[own + (j >>> 5)] >>> (j & 31)) & 1) === 1 || !rowIsSubset(m, i, m, j)) continue
    for (let w = 0; w < out.stride; w++) out.words[own + w] |= out.words[j * out.stride + w]
  }
}

/**
 * Entry (i, j) of the result is 1 iff row i of `m` lies within row j: the pattern of `m`-preserving matrices,
 * C with `C_ij ≠ 0 ⇒ m_i· ⊆ m_j·` ([MS] section 2). Reflexive and transitive.
 *
 * Rows are visited by falling size; a row found to contain row i brings with it all that contain it, and equal
 * rows are tested once. About d² / 2 tests that mostly end at one word: 2,000 rows take milliseconds.
 */
export const pattern = (m: BinaryMatrix): BinaryMatrix => {
  const out = blank(m.rows, m.rows)
  const width = out.stride
  const first = firstEqualRow(m)
  for (let i = 0; i < m.rows; i++) setBit(out, first[i], i)
  if (m.stride > 0) {
    const order = distinctRowsBySize(m, first)
    const columns = byPlace(m, order)
    for (let a = 0; a < order.length; a++) fillRow(m, out, order, columns, a)
  }
  for (let i = 0; i < m.rows; i++)
    if (first[i] !== i) out.words.copyWithin(i * width, first[i] * width, (first[i] + 1) * width)
  return out
}

/** `known ∧ pattern(m)`: where little is left of `known`, only its entries are tested. */
const refine = (known: BinaryMatrix, m: BinaryMatrix): BinaryMatrix => {
  if (count(known) * 16 > m.rows * m.rows) return orThrow(and(known, pattern(m)))
  const out = blank(m.rows, m.rows)
  for (let i = 0; i < m.rows; i++)
    for (const j of rowSupport(known, i)) if (rowIsSubset(m, i, m, j)) setBit(out, i, j)
  return out
}

/**
 * The pattern of a causal graph, d × d: entry (i, j) is 1 unless sparsity rules out that the true latent i
 * depends on the learned counterpart of latent j. `pattern(Ga) ∧ pattern(Gz) ∧ pattern(Gzᵀ)`, as far as these
 * are present, and Gzᵀ for each lag ([MS] section 2; all ones without any evidence).
 *
 * It is an upper bound on the ambiguity, for a model with as few edges as the truth under sufficient influence:
 * that the latents' conditional density factorizes forbids still more.
 */
export const graphPattern = (graph: CausalGraph): BinaryMatrix => {
  const rows = graph.actions ?? graph.latents ?? blank(graph.size, 0)
  let known = pattern(rows)
  if (graph.latents !== undefined && graph.latents !== rows) known = refine(known, graph.latents)
  for (const gz of lagMatrices(graph)) known = refine(known, transpose(gz))
  return known
}

/** The pattern of graph-preserving maps: an upper bound on what mechanism sparsity leaves ambiguous. */
import { type EdgeTable, orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { GraphError } from '../errors.js'
import { bitsOf, type GraphBits, type GraphSource, lagsOf } from '../graph/graph-bits.js'
import {
  and,
  type BinaryMatrix,
  blank,
  columnIsSubset,
  count,
  rowCount,
  rowIsSubset,
  setBit
} from '../matrices/binary-matrix.js'
import { type Columns, columnAt, columnsOf, transpose } from '../matrices/columns.js'
import { bitsOfTable, type TableSource, tableOf } from '../matrices/edge-table.js'
import { firstEqualRow } from '../matrices/equal-rows.js'
import { candidatesOf, type Family, familiesOf, intersect, isLittleWork, rowFamily } from './intersections.js'

/** The distinct rows by falling number of ones, so that whatever contains a row comes before it. */
const distinctRowsBySize = (m: BinaryMatrix, first: Int32Array): Int32Array => {
  const keys = new Float64Array(m.rows)
  let distinct = 0
  for (let i = 0; i < m.rows; i++) {
    if (first[i] !== i) continue
    keys[distinct++] = i - rowCount(m, i) * m.rows
  }
  // Without a comparator typed arrays sort natively.
  return Int32Array.from(keys.subarray(0, distinct).sort(), (key) => ((key % m.rows) + m.rows) % m.rows)
}

/** The distinct rows of a matrix by falling size; bit a of a column stands for row `order[a]`. */
interface Ranking {
  readonly m: BinaryMatrix
  readonly order: Int32Array
  readonly columns: Columns
  /** Row a: the places of the rows that contain row `order[a]`. */
  readonly above: BinaryMatrix
}

/** Some places of a ranking; only the words listed in `active` may hold any. */
interface Candidates {
  readonly words: Uint32Array
  readonly active: Int32Array
  /** Where the columns begin that are intersected. */
  readonly chosen: Int32Array
}

/** So many columns mostly leave no candidate, or few that are tested by themselves. */
const MOST_COLUMNS = 24

/** The first ones of row `order[a]`, as beginnings of columns; how many. */
const chooseColumns = ({ m, order, columns }: Ranking, a: number, chosen: Int32Array): number => {
  const from = order[a] * m.stride
  let count = 0
  for (let w = 0; w < m.stride; w++)
    for (let word = m.words[from + w]; word !== 0; word &= word - 1) {
      chosen[count++] = columnAt(columns, (w << 5) + 31 - Math.clz32(word & -word))
      if (count === MOST_COLUMNS) return count
    }
  return count
}

/** Leaves those places before `a` whose rows have the first few ones of row `order[a]`. */
const narrow = (ranking: Ranking, a: number, { words, active, chosen }: Candidates): number => {
  const { words: bits } = ranking.columns
  const total = chooseColumns(ranking, a, chosen)
  let count = 0
  const end = (a + 31) >>> 5
  const [c0, c1, c2, c3] = [0, 1, 2, 3].map((q) => chosen[Math.min(q, total - 1)])
  for (let w = 0; w < end; w++) {
    let left = total === 0 ? 0xffffffff : bits[c0 + w] & bits[c1 + w] & bits[c2 + w] & bits[c3 + w]
    if (w === a >>> 5) left &= (1 << (a & 31)) - 1
    words[w] = left
    if (left !== 0) active[count++] = w
  }
  for (let q = 4; q < total && count > 0; q++) {
    const column = chosen[q]
    let kept = 0
    for (let p = 0; p < count; p++) {
      const place = active[p]
      const left = words[place] & bits[column + place]
      words[place] = left
      if (left !== 0) active[kept++] = place
    }
    count = kept
  }
  return count
}

/** Row a of `above`: the nearest candidate first, and with each that contains the row all that contain it. */
const findAbove = (ranking: Ranking, a: number, candidates: Candidates): void => {
  const { m, order, above } = ranking
  const { words, active } = candidates
  const own = a * above.stride
  setBit(above, a, a)
  for (let p = narrow(ranking, a, candidates) - 1; p >= 0; p--) {
    const place = active[p]
    while (words[place] !== 0) {
      const bit = 31 - Math.clz32(words[place])
      const b = (place << 5) + bit
      words[place] &= ~(1 << bit)
      if (!rowIsSubset(m, order[a], m, order[b])) continue
      const other = b * above.stride
      for (let w = 0; w <= place; w++) {
        above.words[own + w] |= above.words[other + w]
        words[w] &= ~above.words[other + w]
      }
    }
  }
}

/** The pattern by places, spread over all rows: equal rows stand together. */
const spread = ({ order, above }: Ranking, first: Int32Array): BinaryMatrix => {
  const rows = first.length
  const out = blank(rows, rows)
  const next = new Int32Array(rows).fill(-1)
  const last = Int32Array.from(first.keys())
  for (let i = 0; i < rows; i++) {
    if (first[i] === i) continue
    next[last[first[i]]] = i
    last[first[i]] = i
  }
  for (let a = 0; a < order.length; a++)
    for (let w = 0; w <= a >>> 5; w++)
      for (let word = above.words[a * above.stride + w]; word !== 0; word &= word - 1) {
        const b = (w << 5) + 31 - Math.clz32(word & -word)
        for (let j = order[b]; j >= 0; j = next[j]) setBit(out, order[a], j)
      }
  const { words, stride } = out
  for (let i = 0; i < rows; i++)
    if (first[i] !== i) words.copyWithin(i * stride, first[i] * stride, (first[i] + 1) * stride)
  return out
}

/** Up to so many words in all, intersecting the sets of every row is faster than to rank rows. */
const FEW_WORDS = 1 << 21

/** Row i: what the sets of latent i have in common. */
const commonOf = (size: number, families: ReadonlyArray<Family>): BinaryMatrix => {
  const out = blank(size, size)
  const candidates = candidatesOf(size)
  const { words } = candidates
  for (let i = 0, own = 0; i < size; i++, own += out.stride) {
    if (!intersect(i, families, candidates))
      for (let w = 0; w < words.length; w++) out.words[own + w] = words[w]
    setBit(out, i, i)
  }
  return out
}

/**
 * `pattern` of bit sets.
 *
 * Where there are few ones, the rows that contain row i are found by intersecting its columns. Else rows are visited by
 * falling size: the rows that have all of the first ones of row i, found by intersecting a few columns, are mostly none; of
 * those left, one found to contain row i brings with it all that contain it. 2,000 rows take milliseconds.
 */
export const rowPattern = (m: BinaryMatrix): BinaryMatrix => {
  if (isLittleWork({ size: m.rows, actions: m }, FEW_WORDS)) return commonOf(m.rows, [rowFamily(m)])
  const first = firstEqualRow(m)
  const order = distinctRowsBySize(m, first)
  const above = blank(order.length, order.length)
  const ranking: Ranking = { m, order, columns: columnsOf(m, order), above }
  const candidates: Candidates = {
    words: new Uint32Array(above.stride),
    active: new Int32Array(above.stride),
    chosen: new Int32Array(MOST_COLUMNS)
  }
  for (let a = 0; a < order.length; a++) findAbove(ranking, a, candidates)
  return spread(ranking, first)
}

/**
 * The pattern of one table, rows × rows: entry (i, j) is 1 iff row i lies within row j, so iff C_ij may differ from 0 in a
 * matrix C that preserves the table ([MS] section 2). Reflexive and transitive.
 *
 * When to use it: for one matrix, Ga or Gz. For a whole graph use `graphPattern`, which also compares the columns of Gz.
 *
 * Errors: `NotBinary`, `ShapeMismatch`.
 *
 * @example
 * pattern([[1, 0], [1, 1]]) // E.right([[1, 1], [0, 1]])
 */
export const pattern = (table: TableSource): E.Either<GraphError, EdgeTable> =>
  E.map((m: BinaryMatrix): EdgeTable => tableOf(rowPattern(m)))(bitsOfTable(table, 'pattern'))

/** Lists the words of row i that are not 0; how many. */
const filledWords = (m: BinaryMatrix, i: number, out: Int32Array): number => {
  let filled = 0
  for (let w = 0; w < m.stride; w++) if (m.words[i * m.stride + w] !== 0) out[filled++] = w
  return filled
}

/** Whether row i lies within row j, by the words listed of row i. */
const listedIsSubset = (
  m: BinaryMatrix,
  i: number,
  j: number,
  listed: Int32Array,
  count: number
): boolean => {
  const [from, to] = [i * m.stride, j * m.stride]
  for (let p = 0; p < count; p++)
    if ((m.words[from + listed[p]] & ~m.words[to + listed[p]]) !== 0) return false
  return true
}

/** The word of row i with the bit of latent i itself left out. */
const openWord = ({ words, stride }: BinaryMatrix, i: number, w: number): number =>
  w === i >>> 5 ? words[i * stride + w] & ~(1 << (i & 31)) : words[i * stride + w]

/** Of `known` (reflexive), the entries whose row i of `m` lies within row j. */
const keepRows = (known: BinaryMatrix, m: BinaryMatrix): BinaryMatrix => {
  const words = known.words.slice()
  const filled = new Int32Array(m.stride)
  for (let i = 0; i < known.rows; i++) {
    let listed = -1
    for (let w = 0; w < known.stride; w++)
      for (let word = openWord(known, i, w); word !== 0; word &= word - 1) {
        const bit = 31 - Math.clz32(word & -word)
        if (listed < 0) listed = filledWords(m, i, filled)
        if (!listedIsSubset(m, i, (w << 5) + bit, filled, listed)) words[i * known.stride + w] &= ~(1 << bit)
      }
  }
  return { ...known, words }
}

/** The same for columns of `m`. */
const keepColumns = (known: BinaryMatrix, m: BinaryMatrix): BinaryMatrix => {
  const words = known.words.slice()
  for (let i = 0; i < known.rows; i++)
    for (let w = 0; w < known.stride; w++)
      for (let word = openWord(known, i, w); word !== 0; word &= word - 1) {
        const bit = 31 - Math.clz32(word & -word)
        if (!columnIsSubset(m, i, (w << 5) + bit)) words[i * known.stride + w] &= ~(1 << bit)
      }
  return { ...known, words }
}

/** Where fewer entries than this share are open, they are tested one by one. */
const OPEN_SHARE = 1 / 16

/** How many entries besides the diagonal are open. */
const openEntries = (known: BinaryMatrix): number => count(known) - known.rows

/** `known ∧ pattern(m)`, with so many open entries. */
const refineByRows = (known: BinaryMatrix, m: BinaryMatrix, open: number): BinaryMatrix => {
  if (open === 0) return known
  return open > OPEN_SHARE * m.rows * m.rows ? orThrow(and(known, rowPattern(m))) : keepRows(known, m)
}

/** `known ∧ pattern(mᵀ)`; a few columns are compared without the transpose. */
const refineByColumns = (known: BinaryMatrix, m: BinaryMatrix, open: number): BinaryMatrix =>
  open <= 2 * m.rows ? keepColumns(known, m) : refineByRows(known, transpose(m), open)

/** `graphPattern` of bit sets: of few edges all evidence at once, else table by table. */
export const patternOf = (graph: GraphBits): BinaryMatrix => {
  if (isLittleWork(graph, FEW_WORDS)) return commonOf(graph.size, familiesOf(graph))
  const rows = graph.actions ?? graph.latents ?? blank(graph.size, 0)
  let known = rowPattern(rows)
  if (graph.latents !== undefined && graph.latents !== rows)
    known = refineByRows(known, graph.latents, openEntries(known))
  for (const gz of lagsOf(graph)) known = refineByColumns(known, gz, openEntries(known))
  return known
}

/**
 * The pattern of a causal graph, d × d: entry (i, j) is 1 unless sparsity rules out that the true latent i
 * depends on the learned counterpart of latent j. `pattern(Ga) ∧ pattern(Gz) ∧ pattern(Gzᵀ)`, as far as these
 * are present, and Gzᵀ for each lag ([MS] section 2; all ones without any evidence).
 *
 * It is an upper bound on the ambiguity, for a model with as few edges as the truth and under sufficient influence.
 * That the latents' conditional density factorizes forbids still more. 2,000 latents take some tens of milliseconds,
 * mostly for reading and writing tables.
 *
 * When to use it: for the bare table. `predict` adds blocks and reasons.
 *
 * Errors: `NotBinary`, `ShapeMismatch`.
 *
 * @example
 * graphPattern({ actions: [[1, 0], [1, 1]] }) // E.right([[1, 1], [0, 1]])
 */
export const graphPattern = (graph: GraphSource): E.Either<GraphError, EdgeTable> =>
  E.map((bits: GraphBits): EdgeTable => tableOf(patternOf(bits)))(bitsOf('graphPattern', graph))

/**
 * `graphPattern` without plain rows: `blocks`, `violations` and whatever else takes a pattern takes the result, `binaryRows`
 * writes it out.
 *
 * When to use it: for large graphs, of which nobody reads the rows. 2,000 latents that are read already (`binaryGraph`) take
 * milliseconds.
 *
 * Errors: `NotBinary`, `ShapeMismatch`.
 *
 * @example
 * const open = orThrow(binaryPattern(orThrow(binaryGraph(graph))))
 * orThrow(blocks(open)).length
 */
export const binaryPattern = (graph: GraphSource): E.Either<GraphError, BinaryMatrix> =>
  E.map(patternOf)(bitsOf('binaryPattern', graph))

/** What the parents and children of a latent have in common: the latents that evidence does not tell from it. */
import { type GraphBits, lagsOf } from '../graph/graph-bits.js'
import { type BinaryMatrix, count } from '../matrices/binary-matrix.js'
import { type Columns, columnAt, columnsOf, isSparse, transposeOnes } from '../matrices/columns.js'
import { firstEqualRow } from '../matrices/equal-rows.js'

/** Rows or columns of a matrix as bit sets, line by line; columns that are made when first asked for have a source. */
interface Lines {
  readonly words: Uint32Array
  readonly stride: number
  readonly columns: Columns | undefined
}

/** Latent i lies in the sets that are numbered by its line of `members`. */
export interface Family {
  readonly members: Lines
  readonly sets: Lines
  /** For each set the first equal one, which has the same members: one of them is enough. */
  first: Int32Array | undefined
  readonly equalSets: () => Int32Array
}

const rowsOf = ({ words, stride }: BinaryMatrix): Lines => ({ words, stride, columns: undefined })

/** Of a sparse matrix all columns at once; of others those that are asked for, which are mostly few. */
const columnLines = (m: BinaryMatrix): Lines => {
  if (isSparse(m)) return rowsOf(transposeOnes(m))
  const columns = columnsOf(m)
  return { words: columns.words, stride: columns.stride, columns }
}

/** Where line `index` begins. */
const lineAt = ({ columns, stride }: Lines, index: number): number =>
  columns === undefined ? index * stride : columnAt(columns, index)

const family = (members: Lines, sets: Lines, equalSets: () => Int32Array): Family => ({
  members,
  sets,
  first: undefined,
  equalSets
})

/** The columns are equal where the rows of the transpose are. */
const equalColumns = (m: BinaryMatrix) => (): Int32Array => {
  const { words, stride } = transposeOnes(m)
  return firstEqualRow({ rows: m.columns, columns: m.rows, stride, words })
}

/** The ones of row i, and the rows that have each of them: their intersection holds the rows that contain row i. */
export const rowFamily = (m: BinaryMatrix): Family => family(rowsOf(m), columnLines(m), equalColumns(m))

/** One family for Ga, and two for each lag of Gz. */
export const familiesOf = (graph: GraphBits): Family[] => {
  // The actions on i, and their targets: ⋂ over l in Pa_a(i) of Ch_a(l).
  const families = graph.actions === undefined ? [] : [rowFamily(graph.actions)]
  for (const gz of lagsOf(graph)) {
    // The latents that influence i, and what else they influence: ⋂ over j in Pa_z(i) of Ch_z(j).
    const causes = rowFamily(gz)
    // The latents that i influences, and what else influences them: ⋂ over j in Ch_z(i) of Pa_z(j).
    families.push(
      family(causes.sets, causes.members, () => firstEqualRow(gz)),
      causes
    )
  }
  return families
}

/** Whether an intersection of all sets of all rows goes through at most so many words. */
export const isLittleWork = (graph: GraphBits, most: number): boolean => {
  const { latents, actions } = graph
  const words = most / ((graph.size + 31) >>> 5)
  // Without counting where even ones everywhere would be few.
  const entries = graph.size * ((actions?.columns ?? 0) + 2 * (latents?.columns ?? 0))
  if (entries <= words) return true
  const ones = (m: BinaryMatrix | undefined): number => (m === undefined ? 0 : count(m))
  return ones(actions) + 2 * ones(latents) <= words
}

/** The latents besides latent i that no set has ruled out. */
export interface Candidates {
  readonly size: number
  readonly words: Uint32Array
  /** The words that may be non-zero, as many as `active`; all others are 0. −1: every word may be. */
  readonly places: Int32Array
  active: number
}

export const candidatesOf = (size: number): Candidates => {
  const stride = (size + 31) >>> 5
  return { size, words: new Uint32Array(stride), places: new Int32Array(stride), active: -1 }
}

/** All latents but i. */
const reset = (candidates: Candidates, i: number): void => {
  const { words, size } = candidates
  const last = words.length - 1
  for (let w = 0; w < last; w++) words[w] = 0xffffffff
  words[last] = 0xffffffff >>> (-size & 31)
  words[i >>> 5] &= ~(1 << (i & 31))
  candidates.active = -1
}

/** Up to so many words it is faster to go through all of them than to look for those that are 0. */
const FEW_PLACES = 8

/** `candidates ∩= set`; whether any remains. */
const narrow = (candidates: Candidates, sets: Uint32Array, from: number): boolean => {
  const { words, places } = candidates
  let rest = 0
  if (words.length <= FEW_PLACES) {
    for (let w = 0; w < words.length; w++) {
      const kept = words[w] & sets[from + w]
      words[w] = kept
      rest |= kept
    }
    return rest !== 0
  }
  const before = candidates.active
  let active = 0
  for (let p = 0; p < (before < 0 ? words.length : before); p++) {
    const w = before < 0 ? p : places[p]
    const kept = words[w] & sets[from + w]
    words[w] = kept
    if (kept !== 0) places[active++] = w
  }
  candidates.active = active
  return active > 0
}

/** After so many sets without a decision it pays to leave out equal ones. */
const MANY_SETS = 32

/**
 * Intersects the sets in which latent i lies, and leaves in `candidates` the other latents that are in all of them. Whether there
 * is none, so that i is alone; once it is, sets are not looked at any more.
 */
export const intersect = (i: number, all: ReadonlyArray<Family>, candidates: Candidates): boolean => {
  reset(candidates, i)
  if (candidates.size === 1) return true
  for (const family of all) {
    const { members, sets } = family
    const from = lineAt(members, i)
    let seen = 0
    for (let w = 0; w < members.stride; w++) {
      for (let word = members.words[from + w]; word !== 0; word &= word - 1) {
        const index = (w << 5) + 31 - Math.clz32(word & -word)
        if (seen++ === MANY_SETS) family.first ??= family.equalSets()
        if (seen > MANY_SETS && family.first !== undefined && family.first[index] !== index) continue
        if (!narrow(candidates, sets.words, lineAt(sets, index))) return true
      }
    }
  }
  return false
}

/** The graphical criterion of complete disentanglement, by intersections of parents and children. */
import * as E from 'fp-ts/lib/Either.js'
import type { GraphError } from '../errors.js'
import { bitsOf, type GraphBits, type GraphSource, lagsOf } from '../graph/graph-bits.js'
import type { BinaryMatrix } from '../matrices/binary-matrix.js'
import { type Columns, columnAt, columnsOf, isSparse, transpose } from '../matrices/columns.js'
import { firstEqualRow } from '../matrices/equal-rows.js'

/** Rows or columns of a matrix as bit sets: where the one numbered `index` begins in `words`. */
interface Lines {
  readonly words: Uint32Array
  readonly stride: number
  readonly at: (index: number) => number
}

const rowsOf = (m: BinaryMatrix): Lines => ({ words: m.words, stride: m.stride, at: (i) => i * m.stride })

const lazyColumns = (columns: Columns): Lines => ({
  words: columns.words,
  stride: columns.stride,
  at: (c) => columnAt(columns, c)
})

/** Of a sparse matrix all columns at once; of others those that are asked for, which are mostly few. */
const columnLines = (m: BinaryMatrix): Lines =>
  isSparse(m) ? rowsOf(transpose(m)) : lazyColumns(columnsOf(m))

/** Latent i lies in the sets that are numbered by its line of `members`. */
interface Family {
  readonly members: Lines
  readonly sets: Lines
  /** For each set the first equal one, which has the same members: one of them is enough. */
  first: Int32Array | undefined
  readonly equalSets: () => Int32Array
}

const families = ({ actions, ...graph }: GraphBits): Family[] => {
  const family = (members: Lines, sets: Lines, matrix: () => BinaryMatrix): Family => ({
    members,
    sets,
    first: undefined,
    equalSets: () => firstEqualRow(matrix())
  })
  return [
    // The actions on i, and their targets: ⋂ over l in Pa_a(i) of Ch_a(l).
    ...(actions === undefined
      ? []
      : [family(rowsOf(actions), columnLines(actions), () => transpose(actions))]),
    ...lagsOf(graph).flatMap((gz) => {
      const columns = columnLines(gz)
      return [
        // The latents that i influences, and what else influences them: ⋂ over j in Ch_z(i) of Pa_z(j).
        family(columns, rowsOf(gz), () => gz),
        // The latents that influence i, and what else they influence: ⋂ over j in Pa_z(i) of Ch_z(j).
        family(rowsOf(gz), columns, () => transpose(gz))
      ]
    })
  ]
}

/** A set of latents, of which only the words listed in `places` may be non-zero. */
interface Candidates {
  readonly words: Uint32Array
  readonly places: Int32Array
  active: number
}

/** `candidates ∩= set`; whether anything besides latent i remains. */
const narrow = (candidates: Candidates, sets: Uint32Array, from: number, i: number): boolean => {
  const { words, places } = candidates
  let rest = 0
  let active = 0
  for (let p = 0; p < candidates.active; p++) {
    const w = places[p]
    const kept = words[w] & sets[from + w]
    words[w] = kept
    if (kept === 0) continue
    places[active++] = w
    rest |= w === i >>> 5 ? kept & ~(1 << (i & 31)) : kept
  }
  candidates.active = active
  return rest !== 0
}

/** After so many sets without a decision it pays to leave out equal ones. */
const MANY_SETS = 32

const isAlone = (i: number, candidates: Candidates, all: ReadonlyArray<Family>): boolean => {
  for (const family of all) {
    const { members, sets } = family
    const from = members.at(i)
    let seen = 0
    for (let w = 0; w < members.stride; w++) {
      for (let word = members.words[from + w]; word !== 0; word &= word - 1) {
        const index = (w << 5) + 31 - Math.clz32(word & -word)
        if (seen++ === MANY_SETS) family.first ??= family.equalSets()
        if (seen > MANY_SETS && family.first !== undefined && family.first[index] !== index) continue
        if (!narrow(candidates, sets.words, sets.at(index), i)) return true
      }
    }
  }
  return false
}

const latentsAlone = (graph: GraphBits): number[] => {
  const { size } = graph
  if (size === 1) return [0]
  const all = families(graph)
  const everything = new Uint32Array((size + 31) >>> 5).fill(0xffffffff)
  if ((size & 31) !== 0) everything[everything.length - 1] = (1 << (size & 31)) - 1
  const everywhere = Int32Array.from(everything.keys())
  const candidates: Candidates = { words: everything.slice(), places: everywhere.slice(), active: 0 }
  const met: number[] = []
  for (let i = 0; i < size; i++) {
    candidates.words.set(everything)
    candidates.places.set(everywhere)
    candidates.active = everywhere.length
    if (isAlone(i, candidates, all)) met.push(i)
  }
  return met
}

/**
 * The latents that meet the graphical criterion, ascending: those i with
 * `⋂_{l ∈ Pa_a(i)} Ch_a(l) ∩ ⋂_{j ∈ Ch_z(i)} Pa_z(j) ∩ ⋂_{j ∈ Pa_z(i)} Ch_z(j) = {i}`, where empty
 * intersections are everything ([MS] section 2). Under sufficient influence each is identified up to an element-wise map.
 *
 * Errors: `NotBinary`, `ShapeMismatch`.
 */
export const criterionByLatent = (graph: GraphSource): E.Either<GraphError, number[]> =>
  E.map(latentsAlone)(bitsOf('criterionByLatent', graph))

/**
 * Whether disentanglement is complete: every latent meets the criterion, that is, the pattern is the identity.
 *
 * When to use it: for a yes or no in an inner loop, such as a search over graphs; it is faster than `predict`. Where the
 * answer is no, `predict` says why and what would help.
 *
 * Errors: as `criterionByLatent`.
 *
 * @example
 * criterion({ actions: [[1, 0], [0, 1]] }) // E.right(true)
 */
export const criterion = (graph: GraphSource): E.Either<GraphError, boolean> =>
  E.map((bits: GraphBits) => latentsAlone(bits).length === bits.size)(bitsOf('criterion', graph))

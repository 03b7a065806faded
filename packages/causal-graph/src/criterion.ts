/** The graphical criterion of complete disentanglement, by intersections of parents and children. */
import { type BinaryMatrix, transpose } from './binary-matrix.js'
import { type CausalGraph, lagMatrices } from './causal-graph.js'
import { firstEqualRow } from './equal-rows.js'

/** Latent i lies in the sets numbered by row i of `members`; the sets are the rows of `sets`. */
interface Family {
  readonly members: BinaryMatrix
  readonly sets: BinaryMatrix
  /** For each set the first equal one, which has the same members: one of them is enough. */
  readonly first: Int32Array
}

const family = (members: BinaryMatrix, sets: BinaryMatrix): Family => ({
  members,
  sets,
  first: firstEqualRow(sets)
})

const families = ({ actions, ...graph }: CausalGraph): Family[] => [
  // The actions on i, and their targets: ⋂ over l in Pa_a(i) of Ch_a(l).
  ...(actions === undefined ? [] : [family(actions, transpose(actions))]),
  ...lagMatrices(graph).flatMap((gz) => {
    const children = transpose(gz)
    return [
      // The latents that i influences, and what else influences them: ⋂ over j in Ch_z(i) of Pa_z(j).
      family(children, gz),
      // The latents that influence i, and what else they influence: ⋂ over j in Pa_z(i) of Ch_z(j).
      family(gz, children)
    ]
  })
]

/** A set of latents, of which only the words listed in `places` may be non-zero. */
interface Candidates {
  readonly words: Uint32Array
  readonly places: Int32Array
  active: number
}

/** `candidates ∩= row of sets`; whether anything besides latent i remains. */
const narrow = (candidates: Candidates, sets: BinaryMatrix, row: number, i: number): boolean => {
  const { words, places } = candidates
  const from = row * sets.stride
  let rest = 0
  let active = 0
  for (let p = 0; p < candidates.active; p++) {
    const w = places[p]
    const kept = words[w] & sets.words[from + w]
    words[w] = kept
    if (kept === 0) continue
    places[active++] = w
    rest |= w === i >>> 5 ? kept & ~(1 << (i & 31)) : kept
  }
  candidates.active = active
  return rest !== 0
}

const isAlone = (i: number, candidates: Candidates, all: ReadonlyArray<Family>): boolean => {
  for (const { members, sets, first } of all) {
    for (let w = 0; w < members.stride; w++) {
      for (let word = members.words[i * members.stride + w]; word !== 0; word &= word - 1) {
        const row = (w << 5) + 31 - Math.clz32(word & -word)
        if (first[row] === row && !narrow(candidates, sets, row, i)) return true
      }
    }
  }
  return false
}

/**
 * The latents that meet the graphical criterion, ascending: those i with
 * `⋂_{l ∈ Pa_a(i)} Ch_a(l) ∩ ⋂_{j ∈ Ch_z(i)} Pa_z(j) ∩ ⋂_{j ∈ Pa_z(i)} Ch_z(j) = {i}`, where empty
 * intersections are everything ([MS] section 2). Each is identified up to an element-wise map.
 */
export const criterionByLatent = (graph: CausalGraph): number[] => {
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

/** Whether disentanglement is complete: every latent meets the criterion, iff the pattern is the identity. */
export const criterion = (graph: CausalGraph): boolean => criterionByLatent(graph).length === graph.size

/** A learned graph as a report shows it: with probabilities, undecided edges, and the truth where it is known. */
import { edgeProbabilities, type Model, undecidedEdges } from '@mechid/estimator'
import type { EdgeSeeds, GraphPicture } from '@mechid/report'
import type { CausalGraph, EdgeTable } from '@mechid/values'

/** The same edges in several trainings, in the numbering of the model’s latents. */
export type GraphSeeds = Readonly<Partial<Record<'latents' | 'actions', EdgeSeeds>>>

export interface GraphContent {
  readonly model: Model
  /** In the numbering of the model’s latents. */
  readonly learned: CausalGraph
  /** The same graph in the numbering of the true latents, and what is matched with each of these. */
  readonly renamed?: { readonly learned: CausalGraph; readonly assignment: readonly number[] }
  /** Shown only beside a renamed graph. */
  readonly truth?: CausalGraph
  readonly actionNames?: readonly string[]
  readonly seeds?: GraphSeeds
}

type Table = ReadonlyArray<ReadonlyArray<number>>

const labels = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${letter}${i}`)

/** Rows, and columns where these are latents, in the order of `assignment`. */
const rearranged = (table: Table, assignment: readonly number[], part: 'latents' | 'actions'): Table =>
  assignment.map((row) =>
    part === 'latents' ? assignment.map((column) => table[row][column]) : [...table[row]]
  )

/**
 * Whether a training learned probabilities: where edges are chosen by what they are worth, gates are certain, and
 * their probabilities say nothing.
 */
const learnsGates = ({ configuration: { sparsity } }: Model): boolean =>
  sparsity._tag === 'Constraint' || sparsity._tag === 'Penalty'

const PARTS = [
  ['latents', 'Past latents on latents', 'past'],
  ['actions', 'Actions on latents', 'actions']
] as const

/** A picture for each part of the graph. Learned latents that are matched with true ones take their names. */
export const graphPictures = (content: GraphContent): GraphPicture[] => {
  const { model, learned, renamed, truth, actionNames, seeds } = content
  const letter = renamed === undefined ? 'ẑ' : 'z'
  const [probabilities, undecided] = learnsGates(model)
    ? [edgeProbabilities(model), undecidedEdges(model)]
    : []
  const shown = (table: Table | undefined, part: 'latents' | 'actions'): Table | undefined =>
    table === undefined || renamed === undefined ? table : rearranged(table, renamed.assignment, part)
  return PARTS.flatMap(([part, title, causes]) => {
    const table: EdgeTable | undefined = (renamed?.learned ?? learned)[part]
    if (table === undefined) return []
    const known = renamed === undefined ? undefined : truth?.[part]
    const [probability, open] = [shown(probabilities?.[part], part), shown(undecided?.[part], part)]
    return [
      {
        title,
        causes,
        learned: table,
        ...(known === undefined ? {} : { truth: known }),
        ...(probability === undefined ? {} : { probability }),
        ...(open === undefined ? {} : { undecided: open }),
        ...(seeds?.[part] === undefined ? {} : { seeds: seeds[part] }),
        rowLabels: labels(letter, table.length),
        columnLabels:
          part === 'actions'
            ? Array.from(table[0] ?? [], (_, j) => actionNames?.[j] ?? `a${j}`)
            : labels(letter, table[0]?.length ?? 0)
      }
    ]
  })
}

/** Holds learned latents and a learned graph against the truth, on rows that no training saw. */
import { graphFromRows, predict } from '@mechid/causal-graph'
import type { LearnedGraph } from '@mechid/estimator'
import {
  type Assignment,
  bootstrap,
  type Graph,
  type GraphDistance,
  type Graphs,
  type Interval,
  kernelRCon,
  linearR,
  mcc,
  mccChance,
  measuredEntanglement,
  permuteGraphs,
  rCon,
  shdAfterAssignment
} from '@mechid/metrics'
import { generator } from '@mechid/random'
import { orThrow, reasonOf, type Samples, type Tagged, tagged, takeRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'

/** A score, with 95% of bootstrap resamples of the test rows, and what unrelated latents score. */
export interface Score {
  readonly value: number
  readonly interval: Interval
  readonly chance: number
}

export interface Comparison {
  readonly rows: number
  readonly mcc: Score
  readonly r: Score
  /** Absent where there are more true latents than learned ones. */
  readonly rCon?: Score
  /** As R_con, but of any smooth function, by kernel regression on held-out rows of these. */
  readonly kernelRCon?: number
  /** Absent where the true graph is not known. `chance`: the mean over random graphs of as many edges. */
  readonly graph?: GraphDistance & { readonly chance: number }
  readonly assignment: Assignment
  /** Signed correlations, columns in assigned order. */
  readonly correlation: number[][]
  /** Row = true latent, column = the learned latent assigned to a true one. */
  readonly entanglement: number[][]
  /** The learned graph with its latents renamed as the true ones. Absent as R_con is. */
  readonly learned?: Graphs
  /** The pattern of the true graph or, where that is not known, of the learned one. */
  readonly pattern?: Graph
}

/** Rows that bootstrap and permutation work on: enough for three digits, and quick. */
const RESAMPLED_ROWS = 20_000
const SHUFFLES = 20

const edgesOf = (graphs: Graphs): number[] => [
  ...(graphs.latents?.flat() ?? []),
  ...(graphs.actions?.flat() ?? [])
]

/** Of two random graphs with these numbers of edges, the expected number of entries in which they differ. */
export const expectedDistance = (truth: Graphs, learned: Graphs): number => {
  const count = (graphs: Graphs): number => edgesOf(graphs).reduce((sum, edge) => sum + edge, 0)
  const possible = edgesOf(truth).length
  const [t, l] = [count(truth), count(learned)]
  return (t * (possible - l) + l * (possible - t)) / possible
}

/** The row numbers 0 … n − 1. */
const all = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i)

const chanceOf = (z: Samples, zHat: Samples, statistic: (z: Samples, zHat: Samples) => number): number => {
  const random = generator(0).split('chance')
  let sum = 0
  for (let s = 0; s < SHUFFLES; s++) sum += statistic(z, takeRows(zHat, random.permutation(z.shape[0])))
  return sum / SHUFFLES
}

/** The value on all rows; its interval and chance level on some of them. */
const scored = (
  z: Samples,
  zHat: Samples,
  statistic: (z: Samples, zHat: Samples) => number,
  chance?: (z: Samples, zHat: Samples) => number
): Score => {
  const few = all(Math.min(RESAMPLED_ROWS, z.shape[0]))
  const [zFew, zHatFew] = [takeRows(z, few), takeRows(zHat, few)]
  return {
    value: statistic(z, zHat),
    interval: orThrow(
      bootstrap(few.length, (drawn) => E.right(statistic(takeRows(zFew, drawn), takeRows(zHatFew, drawn))))
    ),
    chance: chance === undefined ? chanceOf(zFew, zHatFew, statistic) : chance(zFew, zHatFew)
  }
}

/** Enough rows for a kernel regression, which takes its time. */
const KERNEL_ROWS = 4000
const fewRows = (samples: Samples): Samples => takeRows(samples, all(Math.min(KERNEL_ROWS, samples.shape[0])))

/** What needs a learned latent for each true one. */
const byAssignment = (
  z: Samples,
  zHat: Samples,
  assignment: Assignment,
  found: LearnedGraph,
  truth: Graphs | undefined
): Pick<Comparison, 'rCon' | 'kernelRCon' | 'graph' | 'learned' | 'pattern'> => {
  if (assignment.includes(-1)) return {}
  const learned = permuteGraphs(found, assignment)
  const { pattern } = predict(orThrow(graphFromRows(truth ?? learned)))
  const distance = truth === undefined ? undefined : orThrow(shdAfterAssignment(truth, found, assignment))
  return {
    learned,
    pattern,
    rCon: scored(z, zHat, (a, b) => orThrow(rCon(a, b, pattern, assignment)).value),
    kernelRCon: orThrow(kernelRCon(fewRows(z), fewRows(zHat), pattern, assignment)).value,
    ...(truth === undefined || distance === undefined
      ? {}
      : { graph: { ...distance, chance: expectedDistance(truth, learned) } })
  }
}

/**
 * All scores of a run. `z` and `zHat` must be rows that training did not see; `truth` is the true graph, where it
 * is known. An error is the first of the metrics.
 */
export const compare = (
  z: Samples,
  zHat: Samples,
  found: LearnedGraph,
  truth?: Graphs
): E.Either<Tagged, Comparison> =>
  E.tryCatch(
    () => {
      const { assignment, correlations } = orThrow(mcc(z, zHat))
      return {
        rows: z.shape[0],
        mcc: scored(
          z,
          zHat,
          (a, b) => orThrow(mcc(a, b)).value,
          (a, b) => orThrow(mccChance(a, b, { permutations: SHUFFLES })).mean
        ),
        r: scored(z, zHat, (a, b) => orThrow(linearR(a, b)).value),
        assignment,
        correlation: correlations.map((row) => assignment.map((j) => (j < 0 ? 0 : row[j]))),
        entanglement: orThrow(measuredEntanglement(z, zHat, assignment)),
        ...byAssignment(z, zHat, assignment, found, truth)
      }
    },
    (thrown) => tagged('NotComparable', {}, reasonOf(thrown))
  )

/** The comparison as a table for a terminal; `published`: MCC and SHD of the published run, if there is one. */
export const comparisonRows = (
  { mcc: m, rCon: c, kernelRCon: k, r, graph }: Comparison,
  published?: { readonly mcc: number; readonly shd: number; readonly rCon?: number }
): string[][] => {
  const digits = (x: number): string => x.toFixed(3)
  const row = (name: string, score: Score | undefined, known?: string): string[][] =>
    score === undefined
      ? []
      : [
          [
            name,
            digits(score.value),
            score.interval.map(digits).join(' – '),
            digits(score.chance),
            known ?? ''
          ]
        ]
  const rows = [
    ['score', 'value', '95% interval', 'chance', 'published'],
    ...row('MCC', m, published?.mcc.toFixed(3)),
    ...row('R_con', c, published?.rCon?.toFixed(3)),
    ...(k === undefined ? [] : [['R_con, kernel', digits(k), '', '', '']]),
    ...row('R', r),
    ...(graph === undefined
      ? []
      : [
          [
            'SHD',
            String(graph.shd),
            `${graph.falsePositives} extra, ${graph.falseNegatives} missing`,
            graph.chance.toFixed(1),
            published?.shd.toFixed(1) ?? ''
          ]
        ])
  ]
  return published === undefined ? rows.map((cells) => cells.slice(0, -1)) : rows
}

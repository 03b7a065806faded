/** The published synthetic problems by name ([MS] section 7 and appendix), as kernels. */
import { type Generator, generator } from '@mechid/random'
import { invalidOption, unknownName } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { kernel } from './constructors.js'
import type { Elementary } from './elementary.js'
import { type MechanismError, wrongLength } from './errors.js'
import type { Kernel } from './kernel.js'
import {
  actionPairs,
  actionPairsJoined,
  cyclicPairs,
  diagonal,
  diagonalBlocks,
  type Edges,
  lowerTriangular,
  timePairsJoined
} from './problem-graphs.js'

type Variant = 'sine' | 'plain' | 'k2' | 'sigmoid' | 'norm' | 'linear'
type Time = 'action' | 'time'

interface Recipe {
  readonly time: Time
  readonly variant: Variant
  readonly edges: (d: number, random: Generator, probability: number) => Edges
  /** Whether the number of latents must be even. */
  readonly paired?: boolean
}

const randomEdges =
  (time: Time) =>
  (d: number, random: Generator, probability: number): Edges =>
    Array.from({ length: d }, (_, i) =>
      // Drawn for every entry, so that a higher probability only adds edges.
      Array.from({ length: d }, (_, j) => {
        const drawn = random.uniform() < probability
        return drawn || (time === 'time' && i === j) ? 1 : 0
      })
    )

const recipes = {
  ActionDiag: { time: 'action', variant: 'sine', edges: diagonal },
  ActionNonDiag: { time: 'action', variant: 'plain', edges: cyclicPairs },
  'ActionNonDiag (k=2)': { time: 'action', variant: 'k2', edges: cyclicPairs },
  'ActionNonDiag (sigmoid)': { time: 'action', variant: 'sigmoid', edges: cyclicPairs },
  'ActionNonDiag (norm)': { time: 'action', variant: 'norm', edges: cyclicPairs },
  'ActionNonDiag (no sufficient variability)': { time: 'action', variant: 'linear', edges: cyclicPairs },
  ActionBlockDiag: { time: 'action', variant: 'plain', edges: actionPairs, paired: true },
  ActionBlockNonDiag: { time: 'action', variant: 'plain', edges: actionPairsJoined, paired: true },
  ActionRandomGraph: { time: 'action', variant: 'plain', edges: randomEdges('action') },
  TimeDiag: { time: 'time', variant: 'sine', edges: diagonal },
  TimeNonDiag: { time: 'time', variant: 'plain', edges: lowerTriangular },
  'TimeNonDiag (k=2)': { time: 'time', variant: 'k2', edges: lowerTriangular },
  'TimeNonDiag (sigmoid)': { time: 'time', variant: 'sigmoid', edges: lowerTriangular },
  'TimeNonDiag (norm)': { time: 'time', variant: 'norm', edges: lowerTriangular },
  'TimeNonDiag (no sufficient variability)': { time: 'time', variant: 'linear', edges: lowerTriangular },
  TimeBlockDiag: { time: 'time', variant: 'plain', edges: (d) => diagonalBlocks(d, 2), paired: true },
  TimeBlockNonDiag: { time: 'time', variant: 'plain', edges: timePairsJoined, paired: true },
  TimeRandomGraph: { time: 'time', variant: 'plain', edges: randomEdges('time') }
} satisfies Record<string, Recipe>

export type ProblemName = keyof typeof recipes

/** The names that `problem` knows. */
export const problemNames = Object.keys(recipes) as ReadonlyArray<ProblemName>

export interface ProblemOptions {
  readonly latents: number
  /** Seed of what a problem draws: weights, shifts, random edges. Default 0. */
  readonly seed?: number
  /** Instead of the problem's own graph: d rows. */
  readonly graph?: ReadonlyArray<ReadonlyArray<number>>
  /** Instead of drawn ones: the weights A of "no sufficient variability" or the shifts s of "norm", d × inputs. */
  readonly parameters?: ReadonlyArray<ReadonlyArray<number>>
  /** Probability of an edge in a random graph (default 0.5). */
  readonly edgeProbability?: number
}

/** Standard deviation of the noise unless the variant has its own. */
const NOISE = 0.01

const frequency = (i: number): number => (i + 3) / Math.PI

/** Sums over the causes of latent i; what the graph leaves out is not even read. */
const overCauses = <A>(F: Elementary<A>, row: ReadonlyArray<number>, term: (j: number) => A): A => {
  let sum: A | undefined
  row.forEach((edge, j) => {
    if (edge === 1) sum = sum === undefined ? term(j) : F.add(sum, term(j))
  })
  return sum ?? F.zero
}

/** Sigmoid thresholds: equally spaced on [−2, 2]. */
const threshold = (i: number, d: number): number => (d === 1 ? -2 : -2 + (4 * i) / (d - 1))

type Drive = <A>(F: Elementary<A>, u: ReadonlyArray<A>) => A[]

/** What drives latent i: a function of its causes among `u`. */
const driveOne = <A>(
  F: Elementary<A>,
  variant: Variant,
  row: ReadonlyArray<number>,
  parameters: ReadonlyArray<number>,
  [i, d]: readonly [number, number],
  u: ReadonlyArray<A>
): A => {
  switch (variant) {
    case 'sine':
      return overCauses(F, row, (j) => F.sin(u[j]))
    case 'plain':
    case 'k2':
      return overCauses(F, row, (j) => F.sin(F.add(F.mul(F.lit(frequency(i)), u[j]), F.lit(i))))
    case 'sigmoid':
      return overCauses(F, row, (j) => F.sigmoid(F.mul(F.lit(4), F.sub(u[j], F.lit(threshold(i, d))))))
    case 'norm':
      return F.sqrt(
        overCauses(F, row, (j) => {
          const distance = F.sub(u[j], F.lit(parameters[j]))
          return F.mul(distance, distance)
        })
      )
    case 'linear':
      return overCauses(F, row, (j) => F.mul(F.lit(parameters[j]), u[j]))
  }
}

const driveOf =
  (variant: Variant, graph: Edges, parameters: ReadonlyArray<ReadonlyArray<number>>): Drive =>
  (F, u) =>
    graph.map((row, i) => driveOne(F, variant, row, parameters[i], [i, graph.length], u))

/** `k=2`: variance 0.1 / (number of inputs) · exp(Σ_j G_ij cos(F_ij u_j + S_ij)). */
const deviation =
  (graph: Edges): Drive =>
  (F, u) =>
    graph.map((row, i) => {
      const exponent = overCauses(F, row, (j) => F.cos(F.add(F.mul(F.lit(frequency(i)), u[j]), F.lit(i))))
      return F.mul(F.lit(Math.sqrt(0.1 / row.length)), F.exp(F.mul(F.lit(0.5), exponent)))
    })

const drawn = (graph: Edges, random: Generator): number[][] =>
  graph.map((row) => row.map(() => random.normal()))

const checkTable = (
  name: string,
  what: string,
  table: ReadonlyArray<ReadonlyArray<number>>,
  rows: number,
  columns: number
): E.Either<MechanismError, void> => {
  if (table.length !== rows) return E.left(wrongLength(name, what, rows, table.length))
  const ragged = table.find((row) => row.length !== columns)
  return ragged === undefined
    ? E.right(undefined)
    : E.left(wrongLength(name, `a row of ${what}`, columns, ragged.length))
}

const recipeOf = (
  name: string,
  { latents, edgeProbability = 0.5 }: ProblemOptions
): E.Either<MechanismError, Recipe> => {
  const recipe = (recipes as Record<string, Recipe>)[name]
  if (recipe === undefined) return E.left(unknownName('problem', name, problemNames))
  if (!Number.isInteger(latents) || latents < 1) {
    return E.left(invalidOption(name, 'latents', latents, 'an integer, 1 or more'))
  }
  if (recipe.paired === true && latents % 2 !== 0) {
    return E.left(invalidOption(name, 'latents', latents, 'even, as this problem is made of pairs'))
  }
  if (!(edgeProbability >= 0 && edgeProbability <= 1)) {
    return E.left(invalidOption(name, 'edgeProbability', edgeProbability, 'between 0 and 1'))
  }
  return E.right(recipe)
}

/**
 * A published problem of any size. Static ones (Action…) are kernels p(z | a) with actions uniform on [−2, 2];
 * temporal ones (Time…) are Markov, mean z + 0.5 · drive(z). Noise 0.01 unless the variant says otherwise.
 *
 * Errors: `UnknownName`, `InvalidOption`, `ShapeMismatch`.
 *
 * @example
 * problem('ActionNonDiag', { latents: 6 })
 */
export const problem = (name: string, options: ProblemOptions): E.Either<MechanismError, Kernel> => {
  const found = recipeOf(name, options)
  if (E.isLeft(found)) return found
  const recipe = found.right
  const { latents: d, seed = 0, edgeProbability = 0.5 } = options
  const random = generator(seed).split(name)
  const graph =
    options.graph?.map((row) => [...row]) ?? recipe.edges(d, random.split('graph'), edgeProbability)
  const inputs = graph[0]?.length ?? 0
  const sound = checkTable(name, 'graph', graph, d, inputs)
  if (E.isLeft(sound)) return sound
  if (recipe.time === 'time' && inputs !== d) return E.left(wrongLength(name, 'a row of graph', d, inputs))
  const parameters = options.parameters ?? drawn(graph, random.split('parameters'))
  const fitting = checkTable(name, 'parameters', parameters, d, inputs)
  if (E.isLeft(fitting)) return fitting
  const drive = driveOf(recipe.variant, graph, parameters)
  const spread = deviation(graph)
  const temporal = recipe.time === 'time'
  return kernel({
    name,
    latents: d,
    actions: temporal ? 0 : inputs,
    lags: temporal ? 1 : 0,
    location: (F, past, a) =>
      temporal ? drive(F, past).map((y, i) => F.add(past[i], F.mul(F.lit(0.5), y))) : drive(F, a),
    scale: recipe.variant === 'k2' ? (F, past, a) => spread(F, temporal ? past : a) : NOISE
  })
}

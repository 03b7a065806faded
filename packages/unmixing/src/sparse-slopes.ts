/**
 * The basis in which slopes are sparse. In true latents the Jacobian of next latents by past ones has a zero wherever the
 * graph has no edge, at every point. So with slopes J(u) in whitened codes, look for the rotation B such that few entries of
 * B J(u) Bᵀ (and of B J_a(u), slopes by actions) are ever different from zero:
 *
 *     minimize Σ_ij S_ij / (S_ij + e),   S_ij = mean over u of (B J(u) Bᵀ)_ij² in units of the noise's variance.
 *
 * It supposes that past latents are uncorrelated, and nothing of the form of mechanisms: sums, products and norms alike.
 * Logarithms first, then counts, e falling, from several starts; then rows are turned at random and descended again. e ends
 * far below a noise variance: with a large one, bases of many half causes beat the truth.
 */
import { type Dense, polarFactor, randomRotation } from '@mechid/numerics'
import type { Generator } from '@mechid/random'
import { rowsInAll, sameBasis } from './basis.js'
import { decideEdges } from './edge-decision.js'
import { type Counting, turnPairs } from './pair-turns.js'
import { inBasis, meanSquares, type SlopeFamily, type SlopesProblem, slopeFamily } from './slope-family.js'
import type { OnTried } from './sparse-rows.js'

/** S in a basis: how many noise variances a unit of each cause moves each effect; lags are summed. */
export interface MeanSlopes {
  readonly latents: Float64Array
  readonly actions: Float64Array
}

export interface SparseSlopes extends MeanSlopes {
  /** B, [d, d], orthogonal. */
  readonly rows: Float64Array
  /** Rows that no rival lacks: no other minimum of as few causes, in which these stand out as well. */
  readonly agreed: readonly boolean[]
  /** How many causes more the next different minimum has; undefined: all searches came to this one. */
  readonly ahead: number | undefined
  /** How many times more clearly causes stand out than in any other minimum that has no more than half a cause more; absent: there is none. */
  readonly clearer?: number
  readonly tried: number
}

/** Half a cause in codes that are bent a little. There, differences of two latents with nearly the same causes may count less than the latents. */
const NEARLY: Counting = { kind: 'count', half: 0.1 }
/** Two to three times what the error of slopes makes of an entry that is zero. */
const EXACT: Counting = { kind: 'count', half: 0.03 }
const COARSE: readonly Counting[] = [
  { kind: 'logarithm', half: 300 },
  { kind: 'logarithm', half: 30 },
  { kind: 'logarithm', half: 3 },
  { kind: 'count', half: 3 },
  { kind: 'count', half: 0.5 },
  NEARLY,
  EXACT
]
/** Ways down from a basis of which a few rows were turned. */
const FINE: ReadonlyArray<readonly Counting[]> = [
  [{ kind: 'count', half: 5 }, { kind: 'count', half: 0.5 }, NEARLY, EXACT],
  [{ kind: 'count', half: 0.5 }, NEARLY, EXACT],
  [{ kind: 'logarithm', half: 1 }, { kind: 'count', half: 0.5 }, NEARLY, EXACT]
]
const STARTS = 6
const MOST_TURNED = 4
const TOLERANCE = 1e-3
/** Minima within so many causes of the best one are compared by how clearly causes stand out. */
const CLOSE = 0.5
/** A gap between causes and others this many times narrower than that of the chosen basis gives a minimum away. */
const NARROW = 4
/** Rows this parallel are one. */
const SAME_ROW = 0.97

interface Turned {
  readonly b: Dense
  readonly value: number
}

const descended = (family: SlopeFamily, start: Dense, stages: readonly Counting[]): Turned => {
  const b: Dense = { data: start.data.slice(), shape: start.shape }
  const own = inBasis(family, b.data)
  let value = Number.POSITIVE_INFINITY
  for (const counting of stages) value = turnPairs(own, b.data, counting)
  return { b, value }
}

/** `b` with a few of its rows turned at random. */
const withRowsTurned = (from: Dense, random: Generator): Dense => {
  const d = from.shape[0]
  const count = Math.min(d, 2 + Math.floor((MOST_TURNED - 1) * random.uniform()))
  const chosen = random.permutation(d).slice(0, count)
  const turn = randomRotation(count, () => random.normal())
  const out: Dense = { data: from.data.slice(), shape: from.shape }
  chosen.forEach((row, i) => {
    for (let j = 0; j < d; j++) {
      let sum = 0
      chosen.forEach((other, k) => {
        sum += turn.data[i * count + k] * from.data[other * d + j]
      })
      out.data[row * d + j] = sum
    }
  })
  return out
}

/** All minima that were found, and how many attempts it took. */
const searched = async (
  family: SlopeFamily,
  given: readonly Float64Array[],
  random: Generator,
  onTried: OnTried
): Promise<{ readonly minima: readonly Turned[]; readonly tried: number }> => {
  const { d } = family
  const patience = 40 + 4 * d
  const minima: Turned[] = []
  let best: Turned | undefined
  let tried = 0
  const consider = (one: Turned): boolean => {
    minima.push(one)
    if (best !== undefined && one.value >= best.value - TOLERANCE) return false
    best = one
    return true
  }
  for (const data of given) consider(descended(family, polarFactor({ data, shape: [d, d] }), FINE[1]))
  for (let start = 0; start < STARTS; start++) {
    consider(
      descended(
        family,
        randomRotation(d, () => random.normal()),
        COARSE
      )
    )
    if (!(await onTried(++tried, STARTS + patience))) break
  }
  for (let failed = 0; failed < patience && d > 1; failed++) {
    const start = withRowsTurned((best as Turned).b, random)
    if (consider(descended(family, start, FINE[tried % FINE.length]))) failed = -1
    tried++
    if (!(await onTried(tried, tried + patience - failed - 1))) break
  }
  return { minima, tried }
}

/** S in the orthogonal basis `rows` [d, d]. */
export const meanSlopes = (problem: SlopesProblem, rows: Float64Array): MeanSlopes =>
  byKind(meanSquares(inBasis(slopeFamily(problem), rows)), problem)

const byKind = (all: Float64Array, { latents: d, actions }: SlopesProblem): MeanSlopes => {
  const causes = d + actions
  return {
    latents: Float64Array.from({ length: d * d }, (_, at) => all[Math.floor(at / d) * causes + (at % d)]),
    actions: Float64Array.from(
      { length: d * actions },
      (_, at) => all[Math.floor(at / actions) * causes + d + (at % actions)]
    )
  }
}

/** A minimum, with S in its basis. */
interface Minimum extends Turned {
  readonly squares: Float64Array
  /** By how much the smallest cause stands out of what is none. */
  readonly gap: number
}

/** By how much causes stand out of all entries of S, [d, d + actions]. */
const gapOf = (squares: Float64Array, d: number, edges: number | undefined): number => {
  const causes = squares.length / d
  const worth = Array.from({ length: d }, (_, i) =>
    Array.from(squares.subarray(i * causes, (i + 1) * causes), (square) => 0.5 * Math.log1p(square))
  )
  return decideEdges(worth, edges).gap
}

/** Of minima that are one the best. */
const differentOf = (minima: readonly Turned[], d: number): readonly Turned[] => {
  const different: Turned[] = []
  for (const one of [...minima].sort((x, y) => x.value - y.value)) {
    if (different.every((other) => !sameBasis(one.b.data, other.b.data, d, SAME_ROW))) different.push(one)
  }
  return different
}

/**
 * `given` [d, d] are starts more: bases that were found otherwise, not orthogonal as a rule. `edges`: how many there are, where that is known.
 */
export const sparseSlopes = async (
  problem: SlopesProblem,
  given: readonly Float64Array[],
  random: Generator,
  onTried: OnTried,
  edges?: number
): Promise<SparseSlopes> => {
  const { latents: d } = problem
  const family = slopeFamily(problem)
  const { minima, tried } = await searched(family, given, random, onTried)
  const different = differentOf(minima, d)
  const least = different[0].value
  // A difference of two latents that nearly the same function moves has weak causes instead of missing ones, and may count a little less than the
  // latents do. So of minima that are close it is the one whose causes stand out most. What is close to that one is within twice the distance.
  const seen = different
    .filter((one) => one.value < least + 2 * CLOSE)
    .map((one): Minimum => {
      const squares = meanSquares(inBasis(family, one.b.data))
      return { ...one, squares, gap: gapOf(squares, d, edges) }
    })
  const best = seen
    .filter((one) => one.value < least + CLOSE)
    .reduce((most, one) => (one.gap > most.gap ? one : most))
  const { b, value, gap, squares } = best
  const others = different.filter((other) => other.b !== b)
  const close = seen.filter((other) => other !== best && other.value < value + CLOSE)
  const rivals = close.filter((other) => other.gap * NARROW > gap).map((other) => other.b.data)
  return {
    rows: b.data,
    ...byKind(squares, problem),
    agreed: rowsInAll(b.data, rivals, d, SAME_ROW),
    ahead: others.length === 0 ? undefined : Math.min(...others.map((other) => other.value)) - value,
    ...(close.length === 0 ? {} : { clearer: gap / Math.max(...close.map((other) => other.gap)) }),
    tried
  }
}

/**
 * The basis in which slopes are sparse. In true latents the Jacobian of next latents by past ones has a zero wherever the
 * graph has no edge, at every point. So with slopes J(u) in whitened codes, look for the rotation B such that few entries of
 * B J(u) Bᵀ (and of B J_a(u), slopes by actions) are ever different from zero:
 *
 *     minimize Σ_ij S_ij / (S_ij + e),   S_ij = mean over u of (B J(u) Bᵀ)_ij² in units of the noise's variance.
 *
 * It supposes that past latents are uncorrelated, and nothing of the form of mechanisms: sums, products and norms alike.
 * Logarithms first, then counts, e falling, from several starts; then rows are turned at random and descended again.
 */
import {
  combine,
  type Dense,
  identityMatrix,
  invertInto,
  multiply,
  polarFactor,
  randomRotation,
  symmetricEigen,
  transposed,
  zeros
} from '@mechid/numerics'
import type { Generator } from '@mechid/random'
import { minimize, type Objective } from './minimize.js'
import type { OnTried } from './sparse-rows.js'

export interface SlopesProblem {
  readonly latents: number
  readonly lags: number
  readonly actions: number
  /** Slopes [latents, lags · latents + actions] at `points` points, end to end. */
  readonly slopes: Float64Array
  readonly points: number
  /** Variance of the noise. */
  readonly noise: number
}

export interface SparseSlopes {
  /** B, [d, d], orthogonal. */
  readonly rows: Float64Array
  /** S: how many noise variances a unit of each cause moves each effect; lags are summed. */
  readonly latents: Float64Array
  readonly actions: Float64Array
  /** Rows that no other minimum lacks whose value is within half a cause of the best. */
  readonly agreed: readonly boolean[]
  /** How many causes more the next different minimum has; undefined: all searches came to this one. */
  readonly ahead: number | undefined
  readonly tried: number
}

interface Counting {
  readonly kind: 'logarithm' | 'count'
  readonly half: number
}

const COARSE: readonly Counting[] = [
  { kind: 'logarithm', half: 300 },
  { kind: 'logarithm', half: 30 },
  { kind: 'logarithm', half: 3 },
  { kind: 'count', half: 3 },
  { kind: 'count', half: 0.5 }
]
const FINE: readonly Counting[] = [
  { kind: 'count', half: 5 },
  { kind: 'count', half: 0.5 }
]
const STARTS = 6
const MOST_TURNED = 4
const ITERATIONS = 150
/** A rotation is written anew, from where it has come to, so many times at most. */
const CHARTS = 8
const TOLERANCE = 1e-5
/** Minima within so many causes of the best one count when it is asked which rows are sure. */
const CLOSE = 0.5
/** Rows this parallel are one. */
const SAME_ROW = 0.97
/** Components may be left out that add up to this share of one noise variance an entry. */
const LEFT_OUT = 0.02
/** Entries of a family's second moments up to which it is brought to its main components. */
const MOST_ENTRIES = 500

/** A family of slopes as few matrices as have the same mean squares in every basis. */
const condensed = ({ latents: d, lags, actions, slopes, points, noise }: SlopesProblem): Float64Array[] => {
  const size = d * (lags * d + actions)
  const unit = 1 / Math.sqrt(noise * points)
  if (size > MOST_ENTRIES) {
    return Array.from({ length: points }, (_, p) =>
      slopes.slice(p * size, (p + 1) * size).map((value) => value * unit)
    )
  }
  const moments = zeros(size, size)
  const sums = moments.data
  for (let p = 0; p < points; p++) {
    for (let a = 0; a < size; a++) {
      const left = slopes[p * size + a] * unit * unit
      for (let b = 0; b <= a; b++) sums[a * size + b] += left * slopes[p * size + b]
    }
  }
  for (let a = 0; a < size; a++) for (let b = a + 1; b < size; b++) sums[a * size + b] = sums[b * size + a]
  const { values, vectors } = symmetricEigen(moments)
  // In ascending order.
  let small = 0
  return values.flatMap((value, k) => {
    small += Math.max(0, value)
    return small > LEFT_OUT * size
      ? [Float64Array.from({ length: size }, (_, a) => Math.sqrt(value) * vectors.data[a * size + k])]
      : []
  })
}

/** The family in the basis B [d, d]: B J_lag Bᵀ for each lag, and B J_a. */
const turned = (
  family: readonly Float64Array[],
  b: ArrayLike<number>,
  d: number,
  lags: number,
  actions: number
): Float64Array[] => {
  const width = lags * d + actions
  const left = new Float64Array(width)
  return family.map((flat) => {
    const out = new Float64Array(d * width)
    for (let i = 0; i < d; i++) {
      left.fill(0)
      for (let k = 0; k < d; k++) {
        const weight = b[i * d + k]
        for (let c = 0; c < width; c++) left[c] += weight * flat[k * width + c]
      }
      for (let lag = 0; lag < lags; lag++) {
        for (let j = 0; j < d; j++) {
          let sum = 0
          for (let k = 0; k < d; k++) sum += left[lag * d + k] * b[j * d + k]
          out[i * width + lag * d + j] = sum
        }
      }
      for (let c = lags * d; c < width; c++) out[i * width + c] = left[c]
    }
    return out
  })
}

/** S [d, d + actions]. */
const meanSquares = (
  family: readonly Float64Array[],
  d: number,
  lags: number,
  actions: number
): Float64Array => {
  const width = lags * d + actions
  const out = new Float64Array(d * (d + actions))
  for (const flat of family) {
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < width; j++) {
        const cause = j < lags * d ? j % d : d + j - lags * d
        out[i * (d + actions) + cause] += flat[i * width + j] ** 2
      }
    }
  }
  return out
}

/** Half of the skew-symmetric matrix with these entries above the diagonal. */
const skew = (x: Float64Array, d: number): Dense => {
  const out = zeros(d, d)
  let at = 0
  for (let i = 0; i < d; i++) {
    for (let j = i + 1; j < d; j++) {
      out.data[i * d + j] = x[at] / 2
      out.data[j * d + i] = -x[at++] / 2
    }
  }
  return out
}

/** Cayley's map: Q = P (1 + X/2) with P = (1 − X/2)⁻¹ is a rotation for every skew-symmetric X. */
const cayley = (x: Float64Array, d: number): { readonly p: Dense; readonly q: Dense } => {
  const half = skew(x, d)
  const one = identityMatrix(d)
  const p = zeros(d, d)
  invertInto(combine(1, one, -1, half).data, d, p.data)
  return { p, q: multiply(p, combine(1, one, 1, half)) }
}

/** The objective as a function of a rotation Q = (1 − X/2)⁻¹ (1 + X/2) of a family that is already turned. */
const ofRotation = (
  family: readonly Float64Array[],
  d: number,
  lags: number,
  actions: number,
  { kind, half }: Counting
): Objective => {
  const width = lags * d + actions
  const causes = d + actions
  return (x, gradient) => {
    const { p, q } = cayley(x, d)
    const now = turned(family, q.data, d, lags, actions)
    const squares = meanSquares(now, d, lags, actions)
    let value = 0
    const slope = squares.map((s) => {
      value += kind === 'count' ? s / (s + half) : 0.5 * Math.log1p(s / half)
      return kind === 'count' ? half / (s + half) ** 2 : 0.5 / (s + half)
    })
    // With K = Q M Qᵀ and G = 2 slope ∘ K: d value = Σ ⟨G Kᵀ + Gᵀ K, dQ Qᵀ⟩ (lags), ⟨G Kᵀ, dQ Qᵀ⟩ (actions).
    const pulled = new Float64Array(d * d)
    for (const k of now) {
      for (let i = 0; i < d; i++) {
        for (let c = 0; c < width; c++) {
          const cause = c < lags * d ? c % d : d + c - lags * d
          const g = 2 * slope[i * causes + cause] * k[i * width + c]
          for (let j = 0; j < d; j++) pulled[i * d + j] += g * k[j * width + c]
          if (c < lags * d) {
            const from = c - (c % d)
            for (let j = 0; j < d; j++) pulled[(c % d) * d + j] += g * k[i * width + from + j]
          }
        }
      }
    }
    // dQ = P dX/2 (Q + 1)
    const by: Dense = { data: pulled, shape: [d, d] }
    const onX = multiply(
      multiply(transposed(p), multiply(by, q)),
      transposed(combine(1, q, 1, identityMatrix(d)))
    ).data
    let at = 0
    for (let i = 0; i < d; i++) {
      for (let j = i + 1; j < d; j++) gradient[at++] = 0.5 * (onX[i * d + j] - onX[j * d + i])
    }
    return value
  }
}

interface Turned {
  readonly b: Dense
  readonly value: number
}

const descended = (
  family: readonly Float64Array[],
  start: Dense,
  stages: readonly Counting[],
  { lags, actions }: SlopesProblem
): Turned => {
  const d = start.shape[0]
  let b = start
  let value = Number.POSITIVE_INFINITY
  for (const counting of stages) {
    for (let chart = 0; chart < CHARTS; chart++) {
      const objective = ofRotation(turned(family, b.data, d, lags, actions), d, lags, actions, counting)
      const found = minimize(objective, new Float64Array((d * (d - 1)) / 2), {
        iterations: ITERATIONS,
        firstStep: 0.1,
        tolerance: TOLERANCE
      })
      b = multiply(cayley(found.x, d).q, b)
      value = found.value
      if (Math.max(...found.x.map(Math.abs)) < 0.05) break
    }
  }
  return { b, value }
}

/** Whether a basis has row `i` of `b`, up to sign. */
const hasRow = (other: Dense, b: Dense, i: number): boolean => {
  const d = b.shape[0]
  return Array.from({ length: d }, (_, k) => k).some((k) => {
    let dot = 0
    for (let j = 0; j < d; j++) dot += b.data[i * d + j] * other.data[k * d + j]
    return Math.abs(dot) > SAME_ROW
  })
}

/** `given` [d, d] is one start more: a basis that was found otherwise, not orthogonal as a rule. */
export const sparseSlopes = async (
  problem: SlopesProblem,
  given: Float64Array | undefined,
  random: Generator,
  onTried: OnTried
): Promise<SparseSlopes> => {
  const { latents: d, lags, actions } = problem
  const family = condensed(problem)
  const patience = 40 + 4 * d
  const normal = (): number => random.normal()
  let tried = 0
  const minima: Turned[] = []
  let best: Turned | undefined
  const consider = (one: Turned): boolean => {
    minima.push(one)
    if (best !== undefined && one.value >= best.value - 10 * TOLERANCE) return false
    best = one
    return true
  }
  if (given !== undefined)
    consider(descended(family, polarFactor({ data: given, shape: [d, d] }), FINE, problem))
  for (let start = 0; start < STARTS; start++) {
    consider(descended(family, randomRotation(d, normal), COARSE, problem))
    if (!(await onTried(++tried, STARTS + patience))) break
  }
  for (let failed = 0; failed < patience && d > 1; failed++) {
    const from = (best as Turned).b
    const count = Math.min(d, 2 + Math.floor((MOST_TURNED - 1) * random.uniform()))
    const chosen = random.permutation(d).slice(0, count)
    const turn = randomRotation(count, normal)
    const start: Dense = { data: from.data.slice(), shape: from.shape }
    chosen.forEach((row, i) => {
      for (let j = 0; j < d; j++) {
        let sum = 0
        chosen.forEach((other, k) => {
          sum += turn.data[i * count + k] * from.data[other * d + j]
        })
        start.data[row * d + j] = sum
      }
    })
    if (consider(descended(family, start, FINE, problem))) failed = -1
    tried++
    if (!(await onTried(tried, tried + patience - failed - 1))) break
  }
  const { b, value } = best as Turned
  const different = minima.filter(
    (other) => !Array.from({ length: d }, (_, i) => i).every((i) => hasRow(other.b, b, i))
  )
  const close = minima.filter((other) => other.value < value + CLOSE)
  const all = meanSquares(turned(family, b.data, d, lags, actions), d, lags, actions)
  const causes = d + actions
  return {
    rows: b.data,
    latents: Float64Array.from({ length: d * d }, (_, at) => all[Math.floor(at / d) * causes + (at % d)]),
    actions: Float64Array.from(
      { length: d * actions },
      (_, at) => all[Math.floor(at / actions) * causes + d + (at % actions)]
    ),
    agreed: Array.from({ length: d }, (_, i) => close.every((other) => hasRow(other.b, b, i))),
    ahead: different.length === 0 ? undefined : Math.min(...different.map((other) => other.value)) - value,
    tried
  }
}

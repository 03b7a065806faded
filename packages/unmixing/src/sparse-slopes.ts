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
import type { Generator } from '@mechid/random'
import { EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix'
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
  const moments = Matrix.zeros(size, size)
  for (let p = 0; p < points; p++) {
    for (let a = 0; a < size; a++) {
      const left = slopes[p * size + a] * unit * unit
      for (let b = 0; b <= a; b++) moments.set(a, b, moments.get(a, b) + left * slopes[p * size + b])
    }
  }
  for (let a = 0; a < size; a++) for (let b = a + 1; b < size; b++) moments.set(a, b, moments.get(b, a))
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(moments, {
    assumeSymmetric: true
  })
  // In ascending order.
  let small = 0
  return realEigenvalues.flatMap((value, k) => {
    small += Math.max(0, value)
    return small > LEFT_OUT * size
      ? [Float64Array.from({ length: size }, (_, a) => Math.sqrt(value) * eigenvectorMatrix.get(a, k))]
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
const skew = (x: Float64Array, d: number): Matrix => {
  const out = Matrix.zeros(d, d)
  let at = 0
  for (let i = 0; i < d; i++) {
    for (let j = i + 1; j < d; j++) {
      out.set(i, j, x[at] / 2)
      out.set(j, i, -x[at++] / 2)
    }
  }
  return out
}

/** Cayley's map: Q = P (1 + X/2) with P = (1 − X/2)⁻¹ is a rotation for every skew-symmetric X. */
const cayley = (x: Float64Array, d: number): { readonly p: Matrix; readonly q: Matrix } => {
  const half = skew(x, d)
  const p = inverse(Matrix.eye(d).sub(half))
  return { p, q: p.mmul(Matrix.eye(d).add(half)) }
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
    const now = turned(family, q.to1DArray(), d, lags, actions)
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
    const by = new Matrix(
      Array.from({ length: d }, (_, i) => Array.from(pulled.subarray(i * d, (i + 1) * d)))
    )
    const onX = p
      .transpose()
      .mmul(by.mmul(q))
      .mmul(q.add(Matrix.eye(d)).transpose())
    let at = 0
    for (let i = 0; i < d; i++) {
      for (let j = i + 1; j < d; j++) gradient[at++] = 0.5 * (onX.get(i, j) - onX.get(j, i))
    }
    return value
  }
}

interface Turned {
  readonly b: Matrix
  readonly value: number
}

const descended = (
  family: readonly Float64Array[],
  start: Matrix,
  stages: readonly Counting[],
  { lags, actions }: SlopesProblem
): Turned => {
  const d = start.rows
  let b = start
  let value = Number.POSITIVE_INFINITY
  for (const counting of stages) {
    for (let chart = 0; chart < CHARTS; chart++) {
      const objective = ofRotation(
        turned(family, b.to1DArray(), d, lags, actions),
        d,
        lags,
        actions,
        counting
      )
      const found = minimize(objective, new Float64Array((d * (d - 1)) / 2), {
        iterations: ITERATIONS,
        firstStep: 0.1,
        tolerance: TOLERANCE
      })
      b = cayley(found.x, d).q.mmul(b)
      value = found.value
      if (Math.max(...found.x.map(Math.abs)) < 0.05) break
    }
  }
  return { b, value }
}

const randomRotation = (d: number, random: Generator): Matrix => {
  const rows: Float64Array[] = []
  while (rows.length < d) {
    const row = Float64Array.from({ length: d }, () => random.normal())
    for (let pass = 0; pass < 2; pass++) {
      for (const other of rows) {
        const dot = other.reduce((sum, value, j) => sum + value * row[j], 0)
        for (let j = 0; j < d; j++) row[j] -= dot * other[j]
      }
    }
    const norm = Math.hypot(...row)
    rows.push(row.map((value) => value / norm))
  }
  return new Matrix(rows.map((row) => Array.from(row)))
}

/** The orthogonal matrix nearest to one of independent rows. */
const nearestRotation = (rows: Float64Array, d: number): Matrix => {
  const matrix = new Matrix(
    Array.from({ length: d }, (_, i) => Array.from(rows.subarray(i * d, (i + 1) * d)))
  )
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    matrix.mmul(matrix.transpose()),
    {
      assumeSymmetric: true
    }
  )
  const scale = Matrix.diag(realEigenvalues.map((value) => 1 / Math.sqrt(Math.max(value, 1e-12))))
  return eigenvectorMatrix.mmul(scale).mmul(eigenvectorMatrix.transpose()).mmul(matrix)
}

/** Whether a basis has row `i` of `b`, up to sign. */
const hasRow = (other: Matrix, b: Matrix, i: number): boolean => {
  const d = b.rows
  return Array.from({ length: d }, (_, k) => k).some((k) => {
    let dot = 0
    for (let j = 0; j < d; j++) dot += b.get(i, j) * other.get(k, j)
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
  let tried = 0
  const minima: Turned[] = []
  let best: Turned | undefined
  const consider = (one: Turned): boolean => {
    minima.push(one)
    if (best !== undefined && one.value >= best.value - 10 * TOLERANCE) return false
    best = one
    return true
  }
  if (given !== undefined) consider(descended(family, nearestRotation(given, d), FINE, problem))
  for (let start = 0; start < STARTS; start++) {
    consider(descended(family, randomRotation(d, random), COARSE, problem))
    if (!(await onTried(++tried, STARTS + patience))) break
  }
  for (let failed = 0; failed < patience && d > 1; failed++) {
    const from = (best as Turned).b
    const count = Math.min(d, 2 + Math.floor((MOST_TURNED - 1) * random.uniform()))
    const chosen = random.permutation(d).slice(0, count)
    const turn = randomRotation(count, random)
    const start = from.clone()
    chosen.forEach((row, i) => {
      for (let j = 0; j < d; j++) {
        let sum = 0
        chosen.forEach((other, k) => {
          sum += turn.get(i, k) * from.get(other, j)
        })
        start.set(row, j, sum)
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
  const all = meanSquares(turned(family, b.to1DArray(), d, lags, actions), d, lags, actions)
  const causes = d + actions
  return {
    rows: Float64Array.from(b.to1DArray()),
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

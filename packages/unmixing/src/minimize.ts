/** Minimization with gradients: L-BFGS (D. Liu, J. Nocedal 1989) with a backtracking line search. */

/** Writes the gradient at `x` into `gradient` and answers the value. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number

export interface Minimum {
  readonly x: Float64Array
  readonly value: number
  readonly evaluations: number
}

export interface MinimizeOptions {
  readonly iterations: number
  /** Length of the first step. */
  readonly firstStep: number
  /** Stops when an iteration gains less. */
  readonly tolerance: number
}

const MEMORY = 10
const SUFFICIENT = 1e-4
const HALVINGS = 25

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

interface Pair {
  readonly s: Float64Array
  readonly y: Float64Array
  readonly rho: number
}

/** −H g by the two loops. */
const direction = (pairs: readonly Pair[], gradient: Float64Array): Float64Array => {
  const q = gradient.slice()
  const alphas: number[] = []
  for (let p = pairs.length - 1; p >= 0; p--) {
    const { s, y, rho } = pairs[p]
    const alpha = rho * dot(s, q)
    alphas[p] = alpha
    for (let i = 0; i < q.length; i++) q[i] -= alpha * y[i]
  }
  const last = pairs[pairs.length - 1]
  const scale = last === undefined ? 1 : 1 / (last.rho * dot(last.y, last.y))
  for (let i = 0; i < q.length; i++) q[i] *= scale
  for (let p = 0; p < pairs.length; p++) {
    const { s, y, rho } = pairs[p]
    const beta = rho * dot(y, q)
    for (let i = 0; i < q.length; i++) q[i] += (alphas[p] - beta) * s[i]
  }
  for (let i = 0; i < q.length; i++) q[i] = -q[i]
  return q
}

/** Descends from `start`. The value never rises; where no step gains, the search ends. */
export const minimize = (
  objective: Objective,
  start: Float64Array,
  { iterations, firstStep, tolerance }: MinimizeOptions
): Minimum => {
  let x: Float64Array = start.slice()
  let gradient: Float64Array = new Float64Array(x.length)
  let value = objective(x, gradient)
  let evaluations = 1
  let pairs: Pair[] = []
  for (let iteration = 0; iteration < iterations; iteration++) {
    let d = direction(pairs, gradient)
    let slope = dot(d, gradient)
    if (!(slope < 0)) {
      pairs = []
      d = gradient.map((g) => -g)
      slope = -dot(gradient, gradient)
      if (!(slope < 0)) break
    }
    let step = pairs.length === 0 ? firstStep / Math.sqrt(-slope) : 1
    let next: { x: Float64Array; gradient: Float64Array; value: number } | undefined
    for (let halving = 0; halving < HALVINGS; halving++) {
      const trial = x.map((xi, i) => xi + step * d[i])
      const g = new Float64Array(x.length)
      const v = objective(trial, g)
      evaluations++
      if (Number.isFinite(v) && v <= value + SUFFICIENT * step * slope) {
        next = { x: trial, gradient: g, value: v }
        break
      }
      step /= halving < 3 ? 2 : 4
    }
    if (next === undefined) {
      if (pairs.length === 0) break
      pairs = []
      continue
    }
    const s = next.x.map((xi, i) => xi - x[i])
    const y = next.gradient.map((gi, i) => gi - gradient[i])
    const curvature = dot(s, y)
    if (curvature > 1e-12 * dot(y, y)) pairs = [...pairs.slice(-(MEMORY - 1)), { s, y, rho: 1 / curvature }]
    const gained = value - next.value
    ;({ x, gradient, value } = next)
    if (gained < tolerance) break
  }
  return { x, value, evaluations }
}

/** Named mechanisms. Angles are radians; times are in the units of the rates. */
import { checkFinite, invalidOption, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Elementary } from './elementary.js'
import { type MechanismError, wrongLength } from './errors.js'
import type { Mechanism, VectorField } from './mechanism.js'

/** Rows of numbers. */
export type Matrix = ReadonlyArray<ReadonlyArray<number>>

type Made = E.Either<MechanismError, Mechanism>

const product = <A>(F: Elementary<A>, matrix: Matrix, z: ReadonlyArray<A>): A[] =>
  matrix.map((row) => {
    let sum: A | undefined
    row.forEach((m, j) => {
      if (m === 0) return
      const term = m === 1 ? z[j] : F.mul(F.lit(m), z[j])
      sum = sum === undefined ? term : F.add(sum, term)
    })
    return sum ?? F.zero
  })

/** z' = M z + b. `M` is square, d × d; `b` has d entries. */
export const affine = (matrix: Matrix, shift: ReadonlyArray<number>): Made => {
  const d = matrix.length
  if (d === 0) return E.left(shapeMismatch('affine', 'matrix', 'empty', 'one row or more'))
  const ragged = matrix.find((row) => row.length !== d)
  if (ragged !== undefined) return E.left(wrongLength('affine', 'a row of the matrix', d, ragged.length))
  if (shift.length !== d) return E.left(wrongLength('affine', 'shift', d, shift.length))
  const entries = checkFinite('affine', 'matrix', { data: Float64Array.from(matrix.flat()), shape: [d, d] })
  if (E.isLeft(entries)) return entries
  const moves = checkFinite('affine', 'shift', { data: Float64Array.from(shift), shape: [d] })
  if (E.isLeft(moves)) return moves
  return E.right({
    name: 'affine',
    latents: d,
    actions: 0,
    step: (F, z) => product(F, matrix, z).map((y, i) => (shift[i] === 0 ? y : F.add(y, F.lit(shift[i]))))
  })
}

const named = (name: string, made: Made): Made => E.map((m: Mechanism) => ({ ...m, name }))(made)

const square = (d: number, entry: (i: number, j: number) => number): number[][] =>
  Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => entry(i, j)))

/** z' = M z. */
export const linear = (matrix: Matrix): Made =>
  named('linear', affine(matrix, new Array<number>(matrix.length).fill(0)))

/** z' = z + b. */
export const translation = (shift: ReadonlyArray<number>): Made =>
  named(
    'translation',
    affine(
      square(shift.length, (i, j) => (i === j ? 1 : 0)),
      shift
    )
  )

/** z'_i = factor_i · z_i. */
export const scaling = (factors: ReadonlyArray<number>): Made =>
  named('scaling', linear(square(factors.length, (i, j) => (i === j ? factors[i] : 0))))

/** Rotation by `angle` from axis `i` towards axis `j` in d dimensions. */
export const rotation = (d: number, i: number, j: number, angle: number): Made => {
  const axes = [i, j].every((axis) => Number.isInteger(axis) && axis >= 0 && axis < d)
  if (!axes || i === j) return E.left(invalidOption('rotation', 'axes', `${i}, ${j}`, `two of 0 to ${d - 1}`))
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  const entry = (row: number, column: number): number => {
    if (row === i) return column === i ? c : column === j ? -s : 0
    if (row === j) return column === i ? s : column === j ? c : 0
    return row === column ? 1 : 0
  }
  return named('rotation', linear(square(d, entry)))
}

/** z'_i = z_order[i]. `order` holds each of 0 … d−1 once. */
export const permutation = (order: ReadonlyArray<number>): Made => {
  const d = order.length
  const whole = new Set(order).size === d && order.every((i) => Number.isInteger(i) && i >= 0 && i < d)
  if (!whole)
    return E.left(invalidOption('permutation', 'order', order.join(', '), `each of 0 to ${d - 1} once`))
  return named('permutation', linear(square(d, (i, j) => (order[i] === j ? 1 : 0))))
}

const positive = (where: string, parameter: string, value: number): E.Either<MechanismError, number> =>
  value > 0 && Number.isFinite(value)
    ? E.right(value)
    : E.left(invalidOption(where, parameter, value, 'above 0'))

/** Position and velocity (x, v) over time `dt` under constant acceleration `gravity`: exact. */
export const ballistic = ({ dt, gravity = 0 }: { readonly dt: number; readonly gravity?: number }): Made =>
  E.flatMap((t: number) =>
    named(
      'ballistic motion',
      affine(
        [
          [1, t],
          [0, 1]
        ],
        [0.5 * gravity * t * t, gravity * t]
      )
    )
  )(positive('ballistic', 'dt', dt))

/**
 * The flow of x'' = −ω² x − 2γ x' over time `dt` on (x, v): exact, for any damping. ω and γ in 1/time.
 */
export const dampedOscillator = ({
  frequency: w,
  damping: g,
  dt: t
}: {
  readonly frequency: number
  readonly damping: number
  readonly dt: number
}): Made => {
  if (!(w > 0 && g >= 0 && t > 0)) {
    const actual = `frequency ${w}, damping ${g}, dt ${t}`
    return E.left(
      invalidOption('dampedOscillator', 'parameters', actual, 'frequency > 0, damping ≥ 0, dt > 0')
    )
  }
  const discriminant = w * w - g * g
  const r = Math.sqrt(Math.abs(discriminant))
  // c and s/r solve y'' = −(ω² − γ²) y; the middle case is their common limit.
  const c = discriminant > 0 ? Math.cos(r * t) : discriminant < 0 ? Math.cosh(r * t) : 1
  const s = discriminant > 0 ? Math.sin(r * t) / r : discriminant < 0 ? Math.sinh(r * t) / r : t
  const e = Math.exp(-g * t)
  const flow = [
    [e * (c + g * s), e * s],
    [-e * w * w * s, e * (c - g * s)]
  ]
  return named('damped oscillator', linear(flow))
}

/** The flow of x'' = −ω² x over time `dt` on (x, v): exact. */
export const harmonicOscillator = (options: { readonly frequency: number; readonly dt: number }): Made =>
  named('harmonic oscillator', dampedOscillator({ ...options, damping: 0 }))

/**
 * One step of size `h` of the classical Runge–Kutta method (order 4) along a vector field: `state` and what `field`
 * answers have the same length.
 *
 * @example
 * rungeKuttaStep(number, (F, [x]) => [F.neg(x)], [1], 0.1) // about [e^−0.1]
 */
export const rungeKuttaStep = <A>(
  F: Elementary<A>,
  field: (F: Elementary<A>, state: ReadonlyArray<A>) => ReadonlyArray<A>,
  state: ReadonlyArray<A>,
  h: number
): A[] => {
  const along = (k: ReadonlyArray<A>, s: number): A[] => state.map((x, i) => F.add(x, F.mul(F.lit(s), k[i])))
  const k1 = field(F, state)
  const k2 = field(F, along(k1, h / 2))
  const k3 = field(F, along(k2, h / 2))
  const k4 = field(F, along(k3, h))
  return state.map((x, i) => {
    const middle = F.mul(F.lit(2), F.add(k2[i], k3[i]))
    return F.add(x, F.mul(F.lit(h / 6), F.add(F.add(k1[i], middle), k4[i])))
  })
}

/** Trusted: `dt` above 0, `steps` 1 or more. */
const integrated = (
  name: string,
  latents: number,
  field: VectorField,
  dt: number,
  steps: number
): Mechanism => ({
  name,
  latents,
  actions: 0,
  step: (F, z) => {
    let state = z
    for (let s = 0; s < steps; s++) state = rungeKuttaStep(F, field, state, dt / steps)
    return state
  },
  exactFlow: { fields: [field], finer: (times) => integrated(name, latents, field, dt, times * steps) }
})

/**
 * The flow of a vector field over `dt` by `steps` steps of the classical Runge–Kutta method (order 4). Use it for
 * differential equations rather than steps of your own: what is built as a flow is known to commute with its field.
 *
 * Errors: `InvalidOption`.
 *
 * @example
 * flow('decay', 1, (F, [x]) => [F.neg(x)], 0.1, 4)
 */
export const flow = (name: string, latents: number, field: VectorField, dt: number, steps: number): Made =>
  Number.isInteger(steps) && steps >= 1
    ? E.map(() => integrated(name, latents, field, dt, steps))(positive(name, 'dt', dt))
    : E.left(invalidOption(name, 'steps', steps, 'an integer, 1 or more'))

const STEPS = 4

/** θ'' = −(g/l) sin θ on (θ, θ') over time `dt`, `stiffness` being g/l. For small angles `harmonicOscillator` is exact. */
export const pendulum = ({
  stiffness,
  dt,
  steps = STEPS
}: {
  readonly stiffness: number
  readonly dt: number
  readonly steps?: number
}): Made =>
  flow('pendulum', 2, (F, [angle, speed]) => [speed, F.mul(F.lit(-stiffness), F.sin(angle))], dt, steps)

/** Prey x and predators y: x' = αx − βxy, y' = δxy − γy. */
export const lotkaVolterra = ({
  alpha,
  beta,
  gamma,
  delta,
  dt,
  steps = STEPS
}: {
  readonly alpha: number
  readonly beta: number
  readonly gamma: number
  readonly delta: number
  readonly dt: number
  readonly steps?: number
}): Made =>
  flow(
    'Lotka–Volterra',
    2,
    (F, [x, y]) => {
      const meetings = F.mul(x, y)
      return [
        F.sub(F.mul(F.lit(alpha), x), F.mul(F.lit(beta), meetings)),
        F.sub(F.mul(F.lit(delta), meetings), F.mul(F.lit(gamma), y))
      ]
    },
    dt,
    steps
  )

/** x'' = μ(1 − x²)x' − x on (x, x'). */
export const vanDerPol = ({
  mu,
  dt,
  steps = STEPS
}: {
  readonly mu: number
  readonly dt: number
  readonly steps?: number
}): Made =>
  flow(
    'Van der Pol',
    2,
    (F, [x, v]) => [v, F.sub(F.mul(F.mul(F.lit(mu), F.sub(F.one, F.mul(x, x))), v), x)],
    dt,
    steps
  )

import { orThrow } from '@mechid/values'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  causalGraph,
  columns,
  dampedOscillator,
  type Elementary,
  formulas,
  hessian,
  isKernel,
  jacobian,
  latex,
  type Mechanism,
  mechanism,
  mechanismGraph,
  mechanismJacobian,
  mechanismSampler,
  number,
  pendulum,
  problem,
  text,
  vanDerPol
} from '../src/index.js'

/** Uses every operation once, within its domain. */
const everything: Mechanism = orThrow(
  mechanism({
    name: 'everything',
    latents: 3,
    actions: 1,
    step: <A>(F: Elementary<A>, [x, y, z]: ReadonlyArray<A>, [a]: ReadonlyArray<A>) => [
      F.add(F.sin(F.mul(x, y)), F.div(F.exp(F.tanh(z)), F.add(F.lit(3), F.cos(a)))),
      F.sub(F.log(F.add(F.lit(2), F.mul(x, x))), F.mul(F.sigmoid(y), F.softplus(F.neg(a)))),
      F.add(F.sqrt(F.add(F.abs(z), F.one)), F.where(x, F.max(y, a), F.min(F.pow(y, 3), z)))
    ]
  })
)

const real = fc.double({ min: -3, max: 3, noNaN: true })
const point = fc.tuple(real, real, real, real)
/** Doubles above crowd around 0; these are spread evenly, so that few of them are near a kink. */
const even = fc.integer({ min: -3000, max: 3000 }).map((n) => n / 1000)
const evenPoint = fc.tuple(even, even, even, even)

describe('readings agree', () => {
  it('columns with numbers', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 9 }), (points) => {
        const z = Float64Array.from(points.flatMap((p) => p.slice(0, 3)))
        const a = Float64Array.from(points.map(([, , , action]) => action))
        const out = new Float64Array(z.length)
        // Blocks of four rows, so that most cases end with a short block.
        mechanismSampler(everything, 4)(points.length, z, a, out)
        points.forEach(([x, y, w, action], i) => {
          const [first, ...others] = out.subarray(3 * i, 3 * i + 3)
          const [sum, ...expected] = everything.step(number, [x, y, w], [action])
          expect(others).toEqual(expected)
          // Sines of columns are within two units in the last place of those of numbers; the sum is below 3.
          expect(Math.abs(first - sum)).toBeLessThanOrEqual(2 ** -50)
        })
      })
    )
  })

  it('dual numbers with differences', () => {
    fc.assert(
      fc.property(evenPoint, ([x, y, w, action]) => {
        // Kinks have no derivative.
        fc.pre(Math.min(Math.abs(x), Math.abs(w), Math.abs(y - action), Math.abs(y ** 3 - w)) > 1e-3)
        const { latents } = mechanismJacobian(everything, [x, y, w], [action])
        const h = 1e-5
        for (let j = 0; j < 3; j++) {
          const shifted = (s: number): readonly number[] =>
            everything.step(
              number,
              [x, y, w].map((v, k) => (k === j ? v + s : v)),
              [action]
            )
          const [up, down] = [shifted(h), shifted(-h)]
          for (let i = 0; i < 3; i++) expect(latents[i][j]).toBeCloseTo((up[i] - down[i]) / (2 * h), 4)
        }
      })
    )
  })

  it('nested dual numbers with a known Hessian', () => {
    const f = <A>(F: Elementary<A>, [x, y]: ReadonlyArray<A>): A => F.mul(F.exp(x), F.sin(y))
    const [[xx, xy], [yx, yy]] = hessian(number, f, [0.3, 1.1])
    const e = Math.exp(0.3)
    expect(xx).toBeCloseTo(e * Math.sin(1.1), 12)
    expect(xy).toBeCloseTo(e * Math.cos(1.1), 12)
    expect(yx).toBe(xy)
    expect(yy).toBeCloseTo(-e * Math.sin(1.1), 12)
  })

  it('the support contains every nonzero derivative', () => {
    const { latents = [] } = mechanismGraph(everything)
    const derivatives = mechanismJacobian(everything, [0.4, 0.7, -0.2], [0.1]).latents
    derivatives.forEach((row, i) => {
      row.forEach((slope, j) => {
        if (slope !== 0) expect(latents[i][j]).toBe(1)
      })
    })
    expect(latents).toEqual([
      [1, 1, 1],
      [1, 1, 0],
      [1, 1, 1]
    ])
  })
})

describe('columns', () => {
  it('lets constants stay constants', () => {
    const F = columns(3)
    expect(F.mul(Float64Array.of(1, 2, 3), 0)).toBe(0)
    expect(F.add(2, 3)).toBe(5)
    const x = Float64Array.of(1, 2, 3)
    expect(F.add(x, 0)).toBe(x)
  })
})

describe('formulas', () => {
  const m = orThrow(
    mechanism({
      latents: 2,
      actions: 1,
      step: (F, [x, y], [a]) => [
        F.div(F.sub(x, F.mul(F.lit(2), F.add(y, F.lit(-1)))), F.sqrt(a)),
        F.pow(F.neg(x), 2)
      ]
    })
  )
  it('reads as one would write it', () => {
    expect(formulas(text, m)).toEqual(["z_0' = (z_0 - 2 (z_1 - 1)) / sqrt(a_0)", "z_1' = (-z_0)^2"])
    expect(formulas(latex, m)[0]).toBe("z_0' = \\frac{z_0 - 2 \\, \\left(z_1 - 1\\right)}{\\sqrt{a_0}}")
  })
})

describe('flows', () => {
  it('the damped oscillator solves its equation, whatever the damping', () => {
    for (const damping of [0.2, 1, 3]) {
      const h = 1e-4
      const at = (t: number): readonly number[] =>
        orThrow(dampedOscillator({ frequency: 1, damping, dt: t })).step(number, [0.7, -0.4], [])
      const [x, v] = at(0.8)
      const acceleration = (at(0.8 + h)[1] - at(0.8 - h)[1]) / (2 * h)
      expect((at(0.8 + h)[0] - at(0.8 - h)[0]) / (2 * h)).toBeCloseTo(v, 6)
      expect(acceleration).toBeCloseTo(-x - 2 * damping * v, 6)
    }
  })

  it('the pendulum keeps its energy to the order of the method', () => {
    const swing = orThrow(pendulum({ stiffness: 4, dt: 0.1 }))
    const energy = ([angle, speed]: readonly number[]): number => speed ** 2 / 2 - 4 * Math.cos(angle)
    expect(energy(swing.step(number, [1, 0.5], []))).toBeCloseTo(energy([1, 0.5]), 6)
  })

  it('a small step of Van der Pol is its field', () => {
    const dt = 1e-6
    const [x, v] = orThrow(vanDerPol({ mu: 2, dt })).step(number, [0.5, -0.3], [])
    expect((x - 0.5) / dt).toBeCloseTo(-0.3, 4)
    expect((v + 0.3) / dt).toBeCloseTo(2 * (1 - 0.25) * -0.3 - 0.5, 4)
  })

  it('the derivative of a flow at time zero is the identity', () => {
    const still = jacobian(
      number,
      (F, z) => orThrow(pendulum({ stiffness: 1, dt: 1e-9 })).step(F, z, []),
      [0.3, 0.1]
    )
    expect(still[0][0]).toBeCloseTo(1, 8)
    expect(still[1][0]).toBeCloseTo(0, 8)
  })
})

it('a kernel is told from a mechanism and from a graph', () => {
  const kernel = orThrow(problem('TimeDiag', { latents: 2 }))
  expect([kernel, orThrow(pendulum({ stiffness: 1, dt: 0.1 })), causalGraph(kernel)].map(isKernel)).toEqual([
    true,
    false,
    false
  ])
})

/** Nonlinear mechanisms and kernels that tests of fields share, and the same in other units. */
import {
  actionDomainsOf,
  type Elementary,
  flow,
  type Kernel,
  kernel,
  laplace,
  logistic,
  type Mechanism,
  mechanism,
  type VectorField
} from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import type { AmbiguityOptions } from '../src/index.js'

/** x'' = −k x − c x³ on (x, x'). */
export const duffing = (k: number, c: number, dt: number, steps = 4): Mechanism => {
  const field: VectorField = (F, [x, v]) => [
    v,
    F.neg(F.add(F.mul(F.lit(k), x), F.mul(F.lit(c), F.mul(x, F.mul(x, x)))))
  ]
  return orThrow(flow('Duffing', 2, field, dt, steps))
}

/** Without what it stands for: as a mechanism that is written step by step. */
export const bySteps = ({ name = 'steps', latents, actions, step }: Mechanism): Mechanism => ({
  name,
  latents,
  actions,
  step
})

/** z (1 + ‖z‖²). */
export const swollen = (latents: number): Mechanism =>
  orThrow(
    mechanism({
      latents,
      step: (F, z) => {
        const square = z.reduce((sum, x) => F.add(sum, F.mul(x, x)), F.one)
        return z.map((x) => F.mul(x, square))
      }
    })
  )

/** (2x, 4y): with the resonance x² e_1. */
export const resonant: Mechanism = orThrow(
  mechanism({ latents: 2, step: (F, [x, y]) => [F.mul(F.lit(2), x), F.mul(F.lit(4), y)] })
)

/** The same after x ↦ x, y ↦ y + x²: (2x, 4y + 0): its fields are no longer along axes. */
export const sheared: Mechanism = orThrow(
  mechanism({
    latents: 2,
    step: (F, [x, y]) => {
      const flat = F.sub(y, F.mul(x, x))
      const moved = F.mul(F.lit(2), x)
      return [moved, F.add(F.mul(F.lit(3), flat), F.mul(moved, moved))]
    }
  })
)

/** Two latents that do not see each other, one of them bent. */
export const apart: Mechanism = orThrow(
  mechanism({ latents: 2, step: (F, [x, y]) => [F.tanh(F.mul(F.lit(2), x)), F.mul(F.lit(0.5), y)] })
)

const autoregression = (noise: Kernel['noise'][number], scales: ReadonlyArray<number>): Kernel =>
  orThrow(
    kernel({
      latents: 2,
      lags: 1,
      location: (F, [x, y]) => [F.tanh(x), F.add(F.mul(F.lit(0.5), y), F.mul(F.lit(0.2), x))],
      scale: (F) => scales.map(F.lit),
      noise
    })
  )

export const bentKernel = autoregression(laplace, [0.4, 0.7])
export const laplaceWalk = orThrow(
  kernel({ latents: 2, lags: 1, location: (_, z) => z, scale: 0.5, noise: laplace })
)
export const logisticWalk = orThrow(
  kernel({
    latents: 2,
    lags: 1,
    location: (F, [x, y]) => [x, F.mul(F.lit(0.9), y)],
    scale: (F) => [0.5, 0.8].map(F.lit),
    noise: logistic
  })
)

const outOf = <A>(F: Elementary<A>, units: ReadonlyArray<number>, z: ReadonlyArray<A>): A[] =>
  z.map((x, e) => F.mul(F.lit(1 / units[e % units.length]), x))

const into = <A>(F: Elementary<A>, units: ReadonlyArray<number>, z: ReadonlyArray<A>): A[] =>
  z.map((x, i) => F.mul(F.lit(units[i]), x))

/** u ↦ D m(D⁻¹ u): latents measured in other units, with what it stands for. */
export const inOtherUnits = (m: Mechanism, units: ReadonlyArray<number>): Mechanism => ({
  ...(m.name === undefined ? {} : { name: m.name }),
  latents: m.latents,
  actions: m.actions,
  actionDomains: actionDomainsOf(m),
  step: (F, z, a) => into(F, units, m.step(F, outOf(F, units, z), a)),
  ...(m.exactFlow === undefined
    ? {}
    : {
        exactFlow: {
          fields: m.exactFlow.fields.map(
            (field): VectorField =>
              (F, z) =>
                into(F, units, field(F, outOf(F, units, z)))
          ),
          finer: (times: number) => inOtherUnits(m.exactFlow?.finer(times) ?? m, units)
        }
      })
})

export const kernelInOtherUnits = (k: Kernel, units: ReadonlyArray<number>): Kernel => ({
  ...k,
  location: (F, past, a) => into(F, units, k.location(F, outOf(F, units, past), a)),
  scale: (F, past, a) => into(F, units, k.scale(F, outOf(F, units, past), a))
})

/** A box of ±half in units of old, told in new ones. */
export const boxIn = (
  half: ReadonlyArray<number>,
  units: ReadonlyArray<number>
): NonNullable<AmbiguityOptions['box']> => half.map((h, i) => [-h * units[i], h * units[i]] as const)

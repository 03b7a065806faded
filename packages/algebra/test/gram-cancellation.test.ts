import { mechanism } from '@mechid/mechanisms'
import { stacked } from '@mechid/numerics'
import { orThrow } from '@mechid/values'
import { expect, it } from 'vitest'
import { cancellation } from '../src/fields/cancellation.js'
import { prepare } from '../src/fields/equivariances.js'
import { gramCancellation } from '../src/fields/gram-cancellation.js'
import { atImages, carried } from '../src/fields/transition.js'
import { transitionSystem } from '../src/fields/transition-system.js'
import { equivarianceFields, polynomials } from '../src/index.js'

/** As they are. */
const units = new Float64Array(3).fill(1)

/** Two turns at different rates, and a third latent that is pulled along; a shear makes all of it nonlinear. */
const sheared = orThrow(
  mechanism({
    latents: 3,
    step: (F, [x, y, w]) => {
      const [c, s] = [F.lit(Math.cos(0.6)), F.lit(Math.sin(0.6))]
      const z = F.sub(w, F.mul(F.lit(0.3), F.mul(x, x)))
      const turned = F.sub(F.mul(c, x), F.mul(s, y))
      const other = F.add(F.mul(s, x), F.mul(c, y))
      return [turned, other, F.add(F.mul(F.lit(0.7), z), F.mul(F.lit(0.3), F.mul(turned, turned)))]
    }
  })
)

it('inner products lead to the decision that the stack itself leads to', () => {
  const options = { dictionary: orThrow(polynomials(4)) }
  const { space, solve, values } = orThrow(prepare('test', [sheared], options, 0))
  expect(space.size).toBe(105)
  const terms = [
    stacked(solve.map((t) => atImages(space, t, units))),
    stacked(solve.map((t) => carried(space, t, values, units)))
  ]
  const slow = orThrow(cancellation('test', terms, 0))
  const attempt = gramCancellation('test', transitionSystem(space, solve, values), 0)
  if (attempt === undefined) throw new Error('inner products were given up')
  const quick = orThrow(attempt)
  expect(quick.decision.nullity).toBe(slow.decision.nullity)
  expect(quick.decision.nullity).toBeGreaterThan(3)
  slow.decision.ladder.forEach((sigma, k) => {
    expect(Math.abs(sigma - quick.decision.ladder[k])).toBeLessThan(sigma > 1e-3 ? 1e-9 : 1e-12)
  })
})

it('a small singular value is found as exactly as by the stack', () => {
  // Next to a resonance: 2² and 4 + 1e-7 differ by 1e-7, which inner products alone would round away.
  const nearly = orThrow(
    mechanism({
      latents: 3,
      step: (F, [x, y, z]) => [F.mul(F.lit(2), x), F.mul(F.lit(4 + 4e-7), y), F.mul(F.lit(3), z)]
    })
  )
  const options = { dictionary: orThrow(polynomials(4)), tolerance: 1e-12 }
  const { space, solve, values } = orThrow(prepare('test', [nearly], options, 0))
  const terms = [
    stacked(solve.map((t) => atImages(space, t, units))),
    stacked(solve.map((t) => carried(space, t, values, units)))
  ]
  const slow = cancellation('test', terms, 0)
  const quick = gramCancellation('test', transitionSystem(space, solve, values), 0)
  const ladder = (found: typeof slow | undefined): number[] =>
    found === undefined
      ? []
      : found._tag === 'Right'
        ? Array.from(found.right.decision.ladder)
        : found.left._tag === 'Undecided'
          ? [...found.left.ladder]
          : []
  const small = (values: number[]): number[] => values.filter((x) => x > 1e-9 && x < 1e-5)
  expect(small(ladder(slow)).length).toBeGreaterThan(0)
  small(ladder(slow)).forEach((sigma, k) => {
    expect(small(ladder(quick))[k] / sigma).toBeCloseTo(1, 4)
  })
})

it('large dictionaries give what smaller ones do, and more', () => {
  expect(equivarianceFields([sheared], { dictionary: orThrow(polynomials(4)) })).toMatchObject({
    right: { columns: 105 }
  })
})

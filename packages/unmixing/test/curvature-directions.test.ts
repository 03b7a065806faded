import { randomRotation } from '@mechid/numerics'
import { generator } from '@mechid/random'
import { expect, it } from 'vitest'
import { curvatureDirections, productDirections } from '../src/curvature-directions.js'

const D = 8
const ROWS = 8000

/** Effects of past latents s = B u, each of which moves itself and `others` after it; the first one moves at the speed `slowest`. */
const effects = (slowest: number, others: number) => {
  const random = generator(3)
  const b = randomRotation(D, () => random.normal()).data
  const past = Float64Array.from({ length: ROWS * D }, () => random.normal())
  const target = Array.from({ length: D }, () => new Float32Array(ROWS))
  for (let r = 0; r < ROWS; r++) {
    for (let j = 0; j < D; j++) {
      let s = 0
      for (let k = 0; k < D; k++) s += b[j * D + k] * past[r * D + k]
      for (let i = j; i < Math.min(D, j + 1 + others); i++)
        target[i][r] += Math.sin((slowest + i / 3) * s + i)
    }
  }
  return { b, data: { rows: ROWS, latents: D, past: [past], target } }
}

const identity = Float64Array.from({ length: D * D }, (_, at) => (at % (D + 1) === 0 ? 1 : 0))

/** How near the first direction is to that of a latent. */
const nearness = ([w]: readonly Float64Array[], b: Float64Array): number =>
  Math.max(
    ...Array.from({ length: D }, (_, i) => Math.abs(w.reduce((sum, x, j) => sum + x * b[i * D + j], 0)))
  )

// .95: a start from which a descent arrives, for sines of some eight radians.
it('slow effects show their cause in the mean curvature, fast ones in products', () => {
  const slow = effects(1, 0)
  expect(nearness(curvatureDirections(slow.data, identity, generator(1)), slow.b)).toBeGreaterThan(0.9)
  const fast = effects(8, D)
  expect(nearness(curvatureDirections(fast.data, identity, generator(1)), fast.b)).toBeLessThan(0.9)
  expect(nearness(productDirections(fast.data, identity, generator(1)), fast.b)).toBeGreaterThan(0.95)
})

it('products of nothing show nothing', () => {
  const { data } = effects(8, D)
  const target = data.target.map((column) => column.map((x) => 0.01 * x))
  expect(productDirections({ ...data, target }, identity, generator(1))).toEqual([])
})

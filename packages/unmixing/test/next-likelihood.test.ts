import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { expect, it } from 'vitest'
import { gaussianChart, nextLikelihood } from '../src/index.js'

const D = 3
const PAIRS = 6000

/** First latents, even in a cube or Gaussian, and next ones: a product, and noise of constant variance. Codes are the latents. */
const pairs = (gaussian: boolean): Float64Array => {
  const random = generator(gaussian ? 1 : 2)
  const codes = new Float64Array(PAIRS * 2 * D)
  for (let at = 0; at < codes.length; at += 2 * D) {
    for (let j = 0; j < D; j++)
      codes[at + j] = gaussian ? random.normal() : Math.sqrt(3) * (2 * random.uniform() - 1)
    const [a, b, c] = codes.subarray(at, at + D)
    codes.set(
      [a * b, Math.sin(2 * b), b * c].map((mean) => mean + 0.1 * random.normal()),
      at + D
    )
  }
  return codes
}

const input = (data: Float64Array) => ({ codes: { data, shape: [PAIRS, 2, D] as const } })
const of = async (data: Float64Array): Promise<number> =>
  orThrow(await nextLikelihood(input(data), { seed: 1 })())

it('is that of the noise, whatever the basis', async () => {
  const codes = pairs(true)
  const nats = await of(codes)
  expect(nats).toBeLessThan(-D * 0.5 * Math.log(2 * Math.PI * Math.E * 0.01))
  expect(nats).toBeGreaterThan(-D * 0.5 * Math.log(2 * Math.PI * Math.E * 0.015))
  const mixed = codes.slice()
  for (let at = 0; at < codes.length; at += D) {
    mixed[at] = codes[at] + 0.7 * codes[at + 1] - 3
    mixed[at + 2] = 5 * codes[at + 2] - codes[at]
  }
  expect(Math.abs((await of(mixed)) - nats)).toBeLessThan(0.3)
})

it('falls by a chart of first frames that are not Gaussian, though mechanisms are products', async () => {
  const codes = pairs(false)
  const [first, next] = [0, 1].map((frame) => {
    const data = new Float64Array(PAIRS * D)
    for (let r = 0; r < PAIRS; r++)
      data.set(codes.subarray((2 * r + frame) * D, (2 * r + frame + 1) * D), r * D)
    return data
  })
  const chart = orThrow(await gaussianChart({ data: first, shape: [PAIRS, D] }, { seed: 1, width: 32 })())
  expect(chart.after).toBeGreaterThan(chart.before + 0.1)
  const charted = (await of(chart.straighten(codes))) + chart.meanLogVolume(next)
  expect(charted).toBeLessThan((await of(codes)) - 0.15 * D)
})

it('refuses what unmixing refuses', async () => {
  const codes = pairs(true)
  expect(await nextLikelihood({ codes: { data: codes.slice(0, 60), shape: [10, 2, D] } })()).toMatchObject({
    left: { _tag: 'TooFewRows', where: 'nextLikelihood' }
  })
  expect(await nextLikelihood(input(codes), { rows: 3 })()).toMatchObject({
    left: { _tag: 'InvalidOption', where: 'nextLikelihood' }
  })
  const stopped = AbortSignal.abort()
  expect(await nextLikelihood(input(codes), { signal: stopped })()).toMatchObject({
    left: { _tag: 'Aborted' }
  })
})

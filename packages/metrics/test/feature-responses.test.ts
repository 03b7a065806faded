import { generator } from '@mechid/random'
import type { Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, it } from 'vitest'
import { featureResponses } from '../src/index.js'

const N = 4000
const random = generator(1)
const z: Samples = { data: Float64Array.from({ length: 3 * N }, () => random.normal()), shape: [N, 3] }

/** Features of three latents, row by row. */
const decoder =
  (f: (row: readonly number[]) => readonly number[], width: number) =>
  ({ data, shape: [rows, d] }: Samples) => {
    const out = new Float64Array(rows * width)
    for (let i = 0; i < rows; i++) out.set(f(Array.from(data.subarray(i * d, (i + 1) * d))), i * width)
    return TE.right<never, Samples>({ data: out, shape: [rows, width] })
  }

const answered = async (f: Parameters<typeof decoder>[0], width: number, noise = 0) => {
  const decode = decoder(f, width)
  const clean = await decode(z)()
  if (clean._tag === 'Left') throw new Error('no features')
  const x = { ...clean.right, data: Float64Array.from(clean.right.data, (v) => v + noise * random.normal()) }
  const answer = await featureResponses(decode, z, x, { rows: N })()
  if (answer._tag === 'Left') throw new Error(answer.left.message)
  return answer.right
}

describe('responses of features', () => {
  it('of a linear decoder are its weights in standard deviations, and their squares', async () => {
    const { slope, share } = await answered(([p, q, r]) => [3 * p, 3 * p + 4 * q, -r], 3)
    const weights = [
      [1, 0, 0],
      [0.6, 0.8, 0],
      [0, 0, 1]
    ]
    // Standard errors of a standard deviation and of a mean square of 4,000 draws: .011 and .022.
    for (const [f, row] of weights.entries()) {
      for (const [i, weight] of row.entries()) {
        expect(Math.abs(slope[f][i] - weight)).toBeLessThan(0.04)
        expect(Math.abs(share[f][i] - weight ** 2)).toBeLessThan(0.08)
      }
    }
  })

  it('count what latents do together for each of them', async () => {
    const { share } = await answered(([p, q]) => [p * q], 1)
    // Var(pq) = 1, and without one of both nothing is left: total effects 1 and 1. Fourth moments: within .15.
    expect(Math.abs(share[0][0] - 1)).toBeLessThan(0.15)
    expect(Math.abs(share[0][1] - 1)).toBeLessThan(0.15)
    expect(share[0][2]).toBe(0)
  })

  it('are shares of the observed variance, noise included', async () => {
    const { slope, share } = await answered(([p]) => [p], 1, 1)
    expect(Math.abs(share[0][0] - 0.5)).toBeLessThan(0.05)
    expect(Math.abs(slope[0][0] - Math.SQRT1_2)).toBeLessThan(0.03)
  })

  it('do not depend on the scale of latents or features, and are 0 for a feature that does not vary', async () => {
    const f = ([p, q]: readonly number[]) => [Math.sin(p) + q, 5]
    const one = await answered(f, 2)
    const other = await answered((row) => f(row).map((value) => 1e3 * value), 2)
    for (const name of ['slope', 'share'] as const)
      for (const i of [0, 1, 2]) expect(other[name][0][i]).toBeCloseTo(one[name][0][i], 6)
    expect(one.slope[1]).toEqual([0, 0, 0])
    expect(one.share[1]).toEqual([0, 0, 0])
  })

  it('take some of many rows, the same in each call', async () => {
    const decode = decoder(([p, q]) => [p * q], 1)
    const x = await decode(z)()
    if (x._tag === 'Left') throw new Error('no features')
    const call = (seed: number) => featureResponses(decode, z, x.right, { rows: 100, seed })()
    expect(await call(1)).toEqual(await call(1))
    expect(await call(2)).not.toEqual(await call(1))
  })

  it('fail as the decoder fails, and where rows or widths do not fit', async () => {
    const failing = () => TE.left({ _tag: 'Broken' as const, message: 'broken' })
    expect(await featureResponses(failing, z, z)()).toEqual(E.left({ _tag: 'Broken', message: 'broken' }))
    const wide = await featureResponses(
      decoder((row) => row.slice(0, 2), 2),
      z,
      z
    )()
    expect(wide).toMatchObject({
      left: { _tag: 'ShapeMismatch', where: 'featureResponses', what: 'what the decoder answers' }
    })
    const short = { data: z.data.subarray(0, 30), shape: [10, 3] as const }
    expect(
      await featureResponses(
        decoder((row) => row, 3),
        z,
        short
      )()
    ).toMatchObject({
      left: { _tag: 'ShapeMismatch', where: 'featureResponses' }
    })
  })
})

import { generator } from '@mechid/random'
import { orThrow, type Samples } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { type Candidate, rankModels } from '../src/index.js'

const ROWS = 400

const normal = (seed: number, columns = 2): Samples => {
  const data = new Float64Array(ROWS * columns)
  generator(seed).fillNormal(data)
  return { data, shape: [ROWS, columns] }
}

/** `latents` with noise of this size added. */
const noisy = ({ data, shape }: Samples, size: number, seed: number): Samples => {
  const noise = normal(seed, shape[1]).data
  return { data: Float64Array.from(data, (value, k) => value + size * noise[k]), shape }
}

/** Blocks that are hard and easy for every model alike, `nats` worse than the common level. */
const blocks = (nats: number, seed: number, jitter = 0.01): Float64Array => {
  const [common, own] = [generator(99), generator(seed)]
  return Float64Array.from({ length: 20 }, () => 3 * common.normal() + nats + jitter * own.normal())
}

const truth = normal(1)

describe('rankModels', () => {
  it('takes the likeliest model, by differences of the same blocks', () => {
    const candidates: Candidate[] = [
      { heldOut: blocks(0.1, 11), latents: truth },
      { heldOut: blocks(0, 12), latents: noisy(truth, 0.5, 2) },
      { heldOut: blocks(0.2, 13), latents: truth }
    ]
    const { best, likeliest, candidates: ranked } = orThrow(rankModels(candidates))
    expect([best, likeliest]).toEqual([1, 1])
    expect(ranked.map(({ tied }) => tied)).toEqual([false, true, false])
    // Blocks vary by 3 nats, their differences by .014: only paired differences see a tenth of a nat.
    expect(ranked[0].behind.nats).toBeCloseTo(0.1, 1)
    expect(ranked[0].behind.standardError).toBeLessThan(0.01)
  })

  it('takes the most typical one of those that tie', () => {
    const candidates: Candidate[] = [
      { heldOut: blocks(0, 21), latents: noisy(truth, 1, 3) },
      { heldOut: blocks(0.0001, 22), latents: truth },
      { heldOut: blocks(0.0001, 23), latents: noisy(truth, 0.3, 4) },
      { heldOut: blocks(2, 24), latents: noisy(truth, 0.2, 5) }
    ]
    const { best, mostTypical, candidates: ranked } = orThrow(rankModels(candidates))
    expect(best).toBe(1)
    expect(mostTypical).toBe(1)
    expect(ranked.map(({ tied }) => tied)).toEqual([true, true, true, false])
  })

  it('takes the likelier of two seeds, which agree with each other alike, in whatever order they come', () => {
    const [one, other]: Candidate[] = [
      { heldOut: blocks(0.001, 31, 0.1), latents: truth },
      { heldOut: blocks(0, 32, 0.1), latents: noisy(truth, 0.3, 6) }
    ]
    for (const candidates of [
      [one, other],
      [other, one]
    ]) {
      const { best, likeliest, candidates: ranked } = orThrow(rankModels(candidates))
      expect(ranked.map(({ tied }) => tied)).toEqual([true, true])
      expect(ranked[0].agreement).toBe(ranked[1].agreement)
      expect(best).toBe(likeliest)
    }
  })

  it('is not led by a setting whose seeds agree on the same mixture', () => {
    const mixture = normal(7)
    const agreeing = [0, 1].map(
      (k): Candidate => ({
        setting: 'few edges',
        heldOut: blocks(1, 30 + k),
        latents: noisy(mixture, 0.01, 40 + k)
      })
    )
    const right = [0, 1].map(
      (k): Candidate => ({
        setting: 'right edges',
        heldOut: blocks(0, 32 + k),
        latents: noisy(truth, 0.4, 42 + k)
      })
    )
    const { best, mostTypical, candidates } = orThrow(rankModels([...agreeing, ...right]))
    expect(best).toBeGreaterThan(1)
    expect(mostTypical).toBeLessThan(2)
    // Agreement is within a setting: the two mixtures know nothing of the others.
    expect(candidates[0].agreement).toBeGreaterThan(0.99)
  })

  it('widens ties by the margin', () => {
    const candidates: Candidate[] = [
      { heldOut: blocks(0, 51), latents: noisy(truth, 1, 8) },
      { heldOut: blocks(0.3, 52), latents: truth },
      { heldOut: blocks(0.3, 53), latents: truth }
    ]
    expect(orThrow(rankModels(candidates)).best).toBe(0)
    expect(orThrow(rankModels(candidates, { margin: 0.5 })).best).not.toBe(0)
  })

  it('ranks one model, and lets likelihood decide where one block cannot say how sure it is', () => {
    const one = { heldOut: [1], latents: truth }
    expect(orThrow(rankModels([one]))).toMatchObject({ best: 0, likeliest: 0, candidates: [{ tied: true }] })
    const { candidates } = orThrow(rankModels([one, { ...one, heldOut: [5] }]))
    expect(candidates[1]).toMatchObject({ tied: false, behind: { standardError: Number.POSITIVE_INFINITY } })
  })

  it.each([
    ['no candidates', [], 'TooFewRows'],
    ['no blocks', [{ heldOut: [], latents: truth }], 'TooFewRows'],
    [
      'other blocks',
      [
        { heldOut: [1, 2], latents: truth },
        { heldOut: [1], latents: truth }
      ],
      'ShapeMismatch'
    ],
    ['NaN', [{ heldOut: [1, Number.NaN], latents: truth }], 'NotFinite'],
    [
      'other rows',
      [
        { heldOut: [1], latents: truth },
        { heldOut: [1], latents: { data: truth.data.subarray(0, 20), shape: [10, 2] as const } }
      ],
      'ShapeMismatch'
    ]
  ])('refuses %s', (_, candidates, tag) => {
    expect(rankModels(candidates as readonly Candidate[])).toMatchObject({ left: { _tag: tag } })
  })
})

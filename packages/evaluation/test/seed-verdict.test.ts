import { problem } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow, type Samples } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { verdictBetween } from '../src/index.js'
import { drawn, mixed, noise } from './latents.js'

const kernel = orThrow(problem('ActionNonDiag', { latents: 3 }))
const z = drawn(kernel, 3000)
const learned = {
  actions: [
    [1, 0, 1],
    [1, 1, 0],
    [0, 1, 1]
  ]
}

/** A run: latents in some order, bent, with an encoder's noise. */
const run = (weights: number[][], bend: number, seed: number): Samples<Float64Array> => {
  const random = generator(seed)
  const { data, shape } = mixed(z, weights)
  return {
    data: data.map((value) => {
      const noisy = value + 0.02 * random.normal()
      return noisy + bend * Math.sin(noisy)
    }),
    shape
  }
}

const first = {
  zHat: run(
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1]
    ],
    0.3,
    1
  ),
  learned
}
/** Learned latent j is true latent (j + 1) mod 3. */
const rotated = { actions: [learned.actions[1], learned.actions[2], learned.actions[0]] }

describe('two runs', () => {
  it('that agree up to order and bent scales', () => {
    const second = {
      zHat: run(
        [
          [0, 2, 0],
          [0, 0, -1],
          [1, 0, 0]
        ],
        -0.5,
        2
      ),
      learned: rotated
    }
    const { verdict, assignment, edgesApart } = orThrow(verdictBetween(first, second))
    expect(verdict).toMatchObject({
      _tag: 'Kept',
      supposes: [expect.stringContaining('Influence'), expect.stringContaining('wrong alike')]
    })
    expect(assignment).toEqual([2, 0, 1])
    expect(edgesApart).toBe(0)
  })

  it('of which one mixes two latents', () => {
    const [c, s] = [Math.cos(Math.PI / 9), Math.sin(Math.PI / 9)]
    const second = {
      zHat: run(
        [
          [c, s, 0],
          [-s, c, 0],
          [0, 0, 1]
        ],
        0.2,
        2
      ),
      learned
    }
    const { verdict } = orThrow(verdictBetween(first, second))
    expect(verdict).toMatchObject({
      _tag: 'Broken',
      pairs: expect.arrayContaining([
        [0, 1],
        [1, 0]
      ])
    })
    if (verdict._tag === 'Broken') expect(verdict.pairs.every(([i, j]) => i < 2 && j < 2)).toBe(true)
  })

  it('whose graphs differ', () => {
    const second = {
      zHat: first.zHat,
      learned: {
        actions: [
          [1, 1, 1],
          [1, 1, 0],
          [1, 1, 1]
        ]
      }
    }
    const { verdict, edgesApart } = orThrow(verdictBetween(first, second))
    expect(edgesApart).toBe(2)
    expect(verdict).toMatchObject({
      _tag: 'Broken',
      reasons: expect.arrayContaining([expect.stringContaining('2 edges')])
    })
  })

  it('that have nothing in common', () => {
    const { verdict } = orThrow(verdictBetween(first, { zHat: noise(3000, 3), learned }))
    expect(verdict).toMatchObject({ _tag: 'Broken' })
  })

  it('that agree where nothing was promised, and that differ there', () => {
    const influence = { influence: 'lacking' } as const
    const agreeing = orThrow(verdictBetween(first, first, influence)).verdict
    expect(agreeing).toMatchObject({ _tag: 'CannotTell', doubt: 'influence not sufficient' })
    const apart = orThrow(verdictBetween(first, { zHat: noise(3000, 3), learned }, influence)).verdict
    expect(apart._tag).toBe('Broken')
    const known = orThrow(verdictBetween(first, first, { influence: 'sufficient' })).verdict
    expect(known).toMatchObject({ _tag: 'Kept', supposes: [expect.stringContaining('wrong alike')] })
  })

  it('whose hypothesis the data reject', () => {
    const rejected = { ...first, hypothesisRejected: true }
    for (const [one, other] of [
      [first, rejected],
      [rejected, first]
    ]) {
      expect(orThrow(verdictBetween(one, other)).verdict).toMatchObject({ doubt: 'hypothesis rejected' })
    }
  })

  it('whose graphs promise nothing', () => {
    const all = { actions: [[1], [1], [1]] }
    const { verdict } = orThrow(verdictBetween({ ...first, learned: all }, { ...first, learned: all }))
    expect(verdict).toMatchObject({ doubt: 'nothing promised' })
  })
})

it('wrong input is named', () => {
  const other = {
    zHat: noise(3000, 2),
    learned: {
      actions: [
        [1, 0],
        [0, 1]
      ]
    }
  }
  expect(verdictBetween(first, other)).toMatchObject({
    left: { _tag: 'ShapeMismatch', where: 'verdictBetween' }
  })
  expect(verdictBetween(first, { ...first, zHat: noise(9, 3) })).toMatchObject({
    left: { where: 'verdictBetween' }
  })
})

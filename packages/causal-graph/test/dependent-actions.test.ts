/** Actions that follow from others: the promise that is left, and what would be wrong with the usual one. */
import { type Kernel, kernel } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findWitness, predict, sufficientInfluence } from '../src/index.js'

const identity = (n: number) => ({
  actions: Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, l) => (i === l ? 1 : 0)))
})

/** z0 is moved by a0, z1 by a1. */
const twoCurves: Kernel = orThrow(
  kernel({
    latents: 2,
    actions: 2,
    location: (F, _past, [a, b]) => [F.sin(a), F.cos(F.mul(F.lit(2), b))],
    scale: 0.3
  })
)
/** a1 = 1 − a0. */
const complement = { action: 1, of: [0], factors: [-1], constant: 1 }

describe('a1 = 1 − a0', () => {
  it('leaves latents mixed that independent actions would tell apart', () => {
    expect(orThrow(predict(twoCurves)).kind).toBe('complete')
    const { kind, explanation, reasons } = orThrow(predict(twoCurves, { dependent: [complement] }))
    expect(kind).toBe('none')
    expect(explanation.join(' ')).toMatch(/a1 follows from a0.*cannot tell their effects apart/)
    expect(reasons[0].pair).toEqual({ other: 1, mutual: true })
  })

  it('is right to: the law of the data has another model, a rotation with as few edges', () => {
    const seen = orThrow(
      kernel({
        latents: 2,
        actions: 1,
        location: (F, past, [a]) => twoCurves.location(F, past, [a, F.sub(F.one, a)]),
        scale: 0.3
      })
    )
    const witness = orThrow(findWitness(seen))
    expect(witness).toMatchObject({ _tag: 'Found', kind: 'rotation' })
    expect(orThrow(findWitness(twoCurves))._tag).toBe('None')
  })

  it('has influence along the line that data vary on', () => {
    const { verdict, parts } = orThrow(sufficientInfluence(twoCurves, { dependent: [complement] }))
    expect(verdict).toBe('sufficient')
    expect(parts).toHaveLength(1)
    expect(parts[0]).toMatchObject({ subject: { action: 0, latents: [0, 1] }, rank: 2, needed: 2 })
  })

  it('lacks influence where both effects are lines, which pass one by one', () => {
    const lines = orThrow(
      kernel({ latents: 2, actions: 2, location: (_F, _past, [a, b]) => [a, b], scale: 0.3 })
    )
    expect(orThrow(sufficientInfluence(lines)).verdict).toBe('sufficient')
    const { verdict, parts } = orThrow(sufficientInfluence(lines, { dependent: [complement] }))
    expect(verdict).toBe('lacking')
    expect(parts[0]).toMatchObject({ rank: 1, needed: 2, lockstep: ['z0', 'z1'] })
  })

  it('works on values of discrete actions, too', () => {
    const discrete = orThrow(
      kernel({
        latents: 2,
        actions: 2,
        location: (F, _past, [a, b]) => [a, F.mul(F.lit(2), b)],
        scale: 0.3,
        actionDomains: [
          { _tag: 'Choice', values: 2 },
          { _tag: 'Choice', values: 2 }
        ]
      })
    )
    const { parts } = orThrow(sufficientInfluence(discrete, { dependent: [complement] }))
    expect(parts).toMatchObject([{ route: 'differences', rank: 1, needed: 2 }])
  })
})

describe('several causes', () => {
  /** Actions a2 = a0 + a1 and a3 = a0 − a1; z0 = a0 + noise, z1 = a1 + noise. */
  const dependent = [
    { action: 2, of: [0, 1] },
    { action: 3, of: [0, 1] }
  ]
  const graph = {
    actions: [
      [1, 0, 0, 0],
      [0, 1, 0, 0]
    ]
  }

  it('promise only what a training without the dependent columns finds, and say so', () => {
    const { kind, explanation } = orThrow(predict(graph, { dependent }))
    expect(kind).toBe('complete')
    expect(explanation.filter((line) => /Leave a[23] out of the training/.test(line))).toHaveLength(2)
  })

  it('need that: with them, turned latents have as few edges and the same law', () => {
    // Turned by 45°, means are (a0 + a1) / √2 = a2 / √2 and (a0 − a1) / √2 = a3 / √2; unit noise stays unit noise.
    const half = Math.SQRT1_2
    const turn = [
      [half, half],
      [half, -half]
    ]
    fc.assert(
      fc.property(fc.double({ min: -2, max: 2, noNaN: true }), fc.integer(), (a0, seed) => {
        const random = generator(seed)
        const [a1, z] = [random.normal(), [random.normal(), random.normal()]]
        const turned = turn.map(([p, q]) => p * z[0] + q * z[1])
        const truth = (z[0] - a0) ** 2 + (z[1] - a1) ** 2
        const rival = (turned[0] - half * (a0 + a1)) ** 2 + (turned[1] - half * (a0 - a1)) ** 2
        expect(rival).toBeCloseTo(truth, 9)
      })
    )
  })

  it('count what a dependent action reaches as reached by all of its causes', () => {
    const reached = {
      actions: [
        [0, 0, 1],
        [1, 0, 0]
      ]
    }
    const { pattern } = orThrow(predict(reached, { dependent: [{ action: 2, of: [0, 1] }] }))
    expect(pattern).toEqual(
      orThrow(
        predict({
          actions: [
            [1, 1],
            [1, 0]
          ]
        })
      ).pattern
    )
  })
})

it('a constant action tells nothing of what it reaches', () => {
  const { pattern, explanation } = orThrow(predict(identity(2), { dependent: [{ action: 0, of: [] }] }))
  expect(pattern).toEqual([
    [1, 1],
    [0, 1]
  ])
  expect(explanation.join(' ')).toContain('a0 never changes')
})

it('actions that vary independently are supposed, in words', () => {
  expect(orThrow(predict(identity(2))).explanation.join(' ')).toContain('actions that vary independently')
  expect(orThrow(predict({ latents: [[1]] })).explanation.join(' ')).not.toContain('actions')
})

it.each([
  [[{ action: 2, of: [0] }], /action 2.*0\.\.1/],
  [[{ action: 1, of: [1] }], /a1 as a function of a1, which is dependent/],
  [
    [
      { action: 1, of: [0] },
      { action: 1, of: [] }
    ],
    /a1 twice/
  ]
])('%j is refused', (dependent, text) => {
  expect(predict(identity(2), { dependent })).toMatchObject({
    left: { _tag: 'InvalidOption', message: expect.stringMatching(text) }
  })
})

it('factors that do not fit are refused', () => {
  const short = [{ action: 1, of: [0], factors: [] }]
  expect(sufficientInfluence(twoCurves, { dependent: short })).toMatchObject({
    left: { message: expect.stringMatching(/factors.*1 finite factors/) }
  })
})

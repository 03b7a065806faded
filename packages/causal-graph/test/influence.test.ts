import { causalGraph, kernel, number, type ProblemName, problem } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  findWitness,
  intervene,
  predict,
  singleNodeInterventions,
  sufficientInfluence
} from '../src/index.js'

const named = (name: ProblemName, latents = 10) => orThrow(problem(name, { latents }))

const ranks = (name: ProblemName) => {
  const { verdict, parts } = orThrow(sufficientInfluence(named(name)))
  return { verdict, ranks: [...new Set(parts.map(({ rank, needed }) => `${rank}/${needed}`))].sort() }
}

describe('sufficient influence at 10 latents', () => {
  it.each([
    ['ActionDiag', ['1/1']],
    ['ActionNonDiag', ['2/2']],
    ['ActionBlockDiag', ['2/2']],
    ['ActionBlockNonDiag', ['2/2', '4/4']],
    ['TimeDiag', ['10/10']],
    ['TimeNonDiag', ['55/55']],
    ['TimeBlockDiag', ['20/20']],
    ['TimeBlockNonDiag', ['32/32']]
  ] as const)('%s has the ranks it needs', (name, expected) => {
    expect(ranks(name)).toEqual({ verdict: 'sufficient', ranks: [...expected] })
  })

  it('lacks where location is linear and an action reaches two latents', () => {
    const linear = orThrow(
      kernel({ latents: 2, actions: 1, location: (F, _past, [a]) => [a, F.mul(F.lit(2), a)], scale: 0.1 })
    )
    const { verdict, parts } = orThrow(sufficientInfluence(linear))
    expect(verdict).toBe('lacking')
    expect(parts[0]).toMatchObject({ rank: 1, needed: 2, route: 'derivatives' })
  })

  it('refuses a number of points that is none', () => {
    expect(sufficientInfluence(named('ActionDiag', 2), { points: 0 })).toMatchObject({
      left: { _tag: 'InvalidOption' }
    })
  })
})

describe('relabellings', () => {
  it('rotate mutually entangled Gaussian latents', () => {
    const pair = orThrow(
      kernel({
        latents: 2,
        actions: 1,
        location: (F, _past, [a]) => [F.sin(a), F.cos(F.mul(F.lit(2), a))],
        scale: 0.1
      })
    )
    const answer = orThrow(findWitness(pair))
    expect(answer._tag).toBe('Found')
    if (answer._tag !== 'Found') return
    expect(answer.kind).toBe('rotation')
    expect(answer.residual).toBeLessThan(1e-5)
    const turned = answer.apply(number, [0.6, 0.8])
    expect(Math.hypot(...turned)).toBeCloseTo(1, 9)
    expect(Math.hypot(turned[0] - 0.6, turned[1] - 0.8)).toBeGreaterThan(0.1)
  })

  it('do not exist where every latent is identified', () => {
    expect(orThrow(findWitness(named('ActionDiag', 3)))._tag).toBe('None')
  })
})

describe('interventions', () => {
  it('on each latent make everything identifiable, and reach their targets alone', () => {
    const pair = orThrow(
      kernel({
        latents: 2,
        actions: 1,
        location: (F, _past, [a]) => [F.sin(a), F.cos(F.mul(F.lit(2), a))],
        scale: 0.1
      })
    )
    expect(orThrow(predict(pair)).kind).toBe('none')
    const acted = orThrow(
      intervene(pair, singleNodeInterventions(2, { kind: 'imperfect', random: generator(1) }))
    )
    expect(causalGraph(acted).actions).toEqual([
      [1, 1, 0],
      [1, 0, 1]
    ])
    expect(orThrow(predict(acted)).kind).toBe('complete')
  })

  it('refuse targets that do not exist', () => {
    const one = { kind: 'perfect', targets: [7], regimes: [{ location: [0], scale: [1] }] } as const
    expect(intervene(named('ActionDiag', 2), [one])).toMatchObject({ left: { _tag: 'InvalidOption' } })
  })
})

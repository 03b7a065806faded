import {
  type Kernel,
  kernel,
  laplace,
  logistic,
  number,
  problem,
  problemNames,
  uniform
} from '@mechid/mechanisms'
import { rightSvd } from '@mechid/numerics'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  type InfluenceOptions,
  intervene,
  multiNodeInterventions,
  singleNodeInterventions,
  sufficientInfluence,
  ungrouped
} from '../src/index.js'
import { decideRank } from '../src/influence/rank.js'
import { scoreSlopesByAction, scoreSlopesByPast, scores } from '../src/influence/scores.js'
import { errorText } from './error-text.js'

const influence = (k: Kernel) => orThrow(sufficientInfluence(k))
const ranks = (k: Kernel) =>
  [
    ...new Set(
      influence(k).parts.map(({ rank, needed, route, verdict }) => `${rank}/${needed} ${route} ${verdict}`)
    )
  ].sort()

describe('the published problems at 10 latents', () => {
  const two = ['2/2 derivatives sufficient']
  const expected: Record<string, string[]> = {
    ActionDiag: ['1/1 derivatives sufficient'],
    ActionNonDiag: two,
    'ActionNonDiag (k=2)': two,
    'ActionNonDiag (sigmoid)': two,
    'ActionNonDiag (norm)': two,
    'ActionNonDiag (no sufficient variability)': ['1/2 derivatives lacking'],
    ActionBlockDiag: two,
    ActionBlockNonDiag: [...two, '4/4 derivatives sufficient'],
    TimeDiag: ['10/10 one-statistic sufficient'],
    TimeNonDiag: ['55/55 one-statistic sufficient'],
    'TimeNonDiag (k=2)': ['1/55 general not covered'],
    'TimeNonDiag (sigmoid)': ['55/55 one-statistic sufficient'],
    'TimeNonDiag (norm)': ['55/55 one-statistic sufficient'],
    'TimeNonDiag (no sufficient variability)': ['1/55 one-statistic lacking'],
    TimeBlockDiag: ['20/20 one-statistic sufficient'],
    TimeBlockNonDiag: ['32/32 one-statistic sufficient']
  }

  it.each(problemNames.filter((name) => !name.includes('Random')))('%s', (name) => {
    expect(ranks(orThrow(problem(name, { latents: 10 })))).toEqual(expected[name])
  })

  it('with random graphs pass at every rank', () => {
    for (const name of ['ActionRandomGraph', 'TimeRandomGraph'])
      expect(influence(orThrow(problem(name, { latents: 10 }))).verdict).toBe('sufficient')
  })

  it('are far from the tolerance, TimeNonDiag nearest', () => {
    const [{ smallest, gap }] = influence(orThrow(problem('TimeNonDiag', { latents: 10 }))).parts
    expect(smallest).toBeGreaterThan(3e-4)
    expect(smallest).toBeLessThan(3e-2)
    expect(gap).toBeGreaterThan(1e6)
  })
})

describe('what lacks variation', () => {
  it('is named: linear Gaussian mechanisms move their targets in lockstep', () => {
    const linear = kernel({
      latents: 3,
      actions: 2,
      location: (F, _past, [a, b]) => [a, F.add(a, b), F.mul(F.lit(2), b)],
      scale: 0.1
    })
    const { verdict, parts } = influence(orThrow(linear))
    expect(verdict).toBe('lacking')
    expect(parts[0]).toMatchObject({ rank: 1, needed: 2, lockstep: ['z0', 'z1'], constant: [] })
    expect(parts[0].explanation).toBe(
      'Action a0 does not suffice: rank 1 of 2 (derivatives of the score by the action). Only in lockstep: z0, z1.'
    )
    const alone = kernel({
      latents: 2,
      actions: 2,
      location: (F, _past, [a, b]) => [a, F.neg(b)],
      scale: 0.1
    })
    expect(influence(orThrow(alone)).verdict).toBe('sufficient')
  })

  it('is named: an influence that the definition reads in vain', () => {
    const vain = kernel({
      latents: 2,
      actions: 1,
      location: (F, _past, [a]) => [F.sin(a), F.sub(a, a)],
      scale: 0.1
    })
    expect(influence(orThrow(vain)).parts[0]).toMatchObject({
      rank: 1,
      needed: 2,
      constant: ['z1'],
      lockstep: []
    })
  })
})

describe('time', () => {
  it('passes route (i) where actions change every influence by itself, whatever the noise', () => {
    for (const noise of [undefined, logistic]) {
      const steered = kernel({
        latents: 3,
        actions: 3,
        lags: 1,
        location: (F, z, a) =>
          z.map((x, i) =>
            F.add(
              F.sin(F.add(x, a[i])),
              F.mul(F.lit(0.5), F.cos(F.add(z[(i + 1) % 3], F.mul(F.lit(2), a[i]))))
            )
          ),
        scale: (F, _z, a) => a.map((x) => F.exp(F.mul(F.lit(0.1), x))),
        ...(noise === undefined ? {} : { noise })
      })
      const { verdict, parts } = influence(orThrow(steered))
      expect(verdict).toBe('sufficient')
      expect(parts[3]).toMatchObject({
        route: 'general',
        rank: 6,
        needed: 6,
        subject: { kind: 'time', lag: 1 }
      })
    }
  })

  it('by route (i) has rank 1 in a Markov chain without actions, which is enough for one edge', () => {
    const one = kernel({ latents: 2, lags: 1, location: (F, [x]) => [F.sin(x), F.zero], scale: 0.1 })
    expect(influence(orThrow(one)).parts[0]).toMatchObject({
      route: 'general',
      rank: 1,
      needed: 1,
      verdict: 'sufficient'
    })
    const skewed = kernel({
      latents: 2,
      lags: 1,
      location: (F, z) => z.map(F.sin),
      scale: 0.1,
      noise: logistic
    })
    expect(influence(orThrow(skewed)).parts[0]).toMatchObject({ rank: 1, needed: 2, verdict: 'not covered' })
    expect(influence(orThrow(skewed)).parts[0].explanation).toContain(
      'the noise of z0 (logistic) is not Gaussian'
    )
  })
})

describe('not covered', () => {
  it.each([laplace, uniform])('$name noise, whose log density does not bend', (noise) => {
    const rough = kernel({ latents: 1, actions: 1, location: (F, _past, [a]) => [F.sin(a)], scale: 1, noise })
    expect(influence(orThrow(rough)).verdict).toBe('not covered')
  })
})

describe('interventions', () => {
  const base = orThrow(
    kernel({
      latents: 4,
      lags: 1,
      location: (F, z) => z.map((x, i) => F.add(F.mul(F.lit(0.9), x), F.sin(z[(i + 1) % 4]))),
      scale: 0.2
    })
  )
  const targetSets = [[0, 1], [1, 2, 3], [3]]

  it.each(['perfect', 'imperfect'] as const)('%s ones suffice with one regime more than targets', (kind) => {
    const single = orThrow(intervene(base, singleNodeInterventions(4, { kind, random: generator(1) })))
    expect(
      influence(single)
        .parts.slice(0, 4)
        .map(({ rank, needed, route }) => `${rank}/${needed} ${route}`)
    ).toEqual(new Array(4).fill('1/1 differences'))
    const several = orThrow(
      intervene(base, multiNodeInterventions(targetSets, { kind, random: generator(2) }))
    )
    expect(
      influence(several)
        .parts.slice(0, 3)
        .map(({ rank, needed }) => [rank, needed])
    ).toEqual([
      [2, 2],
      [3, 3],
      [1, 1]
    ])
  })

  it('imperfect shifts in one regime cannot tell two targets apart', () => {
    const shift = {
      kind: 'imperfect',
      targets: [0, 1],
      regimes: [{ location: [1, -2], scale: [1, 1] }]
    } as const
    const { parts } = influence(orThrow(intervene(base, [shift])))
    expect(parts[0]).toMatchObject({ rank: 1, needed: 2, verdict: 'lacking', lockstep: ['z0', 'z1'] })
    const grouped = { ...shift, regimes: [...shift.regimes, { location: [1, 1], scale: [1, 1] }] }
    expect(influence(orThrow(intervene(base, [grouped]))).parts[0].rank).toBe(2)
    // The same two regimes, when it is not known that their targets are the same.
    const apart = orThrow(intervene(base, ungrouped([grouped])))
    expect(apart.actions).toBe(2)
    expect(
      influence(apart)
        .parts.slice(0, 2)
        .map(({ rank, needed }) => [rank, needed])
    ).toEqual([
      [1, 2],
      [1, 2]
    ])
  })
})

describe('scores', () => {
  it('agree with those of a Gaussian by hand', () => {
    const gaussian = orThrow(
      kernel({ latents: 1, actions: 1, lags: 1, location: (F, [z], [a]) => [F.mul(z, F.sin(a))], scale: 0.5 })
    )
    const [z, past, a] = [0.3, 1.2, 0.7]
    const condition = { past: [past], a: [a] }
    expect(scoreSlopesByPast(gaussian, [z], condition, 0)[0][0]).toBeCloseTo(Math.sin(a) / 0.25, 12)
    expect(scoreSlopesByAction(gaussian, [z], condition, 0, [0])[0]).toBeCloseTo(
      (past * Math.cos(a)) / 0.25,
      12
    )
    expect(scores(number, gaussian, [z], [past], [a])[0]).toBeCloseTo((past * Math.sin(a) - z) / 0.25, 12)
  })
})

describe('ranks', () => {
  it('are undecidable where singular values leave no gap', () => {
    const near = [
      [1, 1],
      [1, 1 + 1e-7],
      [1, 1 - 1e-7]
    ]
    expect(decideRank(near, 2)).toMatchObject({ rank: 1, decided: true })
    const graded = (exponent: number) =>
      Array.from({ length: 6 }, (_, r) =>
        Array.from({ length: 4 }, (_, c) => 1 + (r === c ? 10 ** (exponent - c / 2) : 0))
      )
    expect(decideRank(graded(-5), 4).decided).toBe(false)
    // Small, and far above the rounding of exact derivatives: nothing here is to be called 0.
    expect(decideRank(graded(-4), 4)).toMatchObject({ rank: 4, decided: true })
    expect(decideRank([[0, 0]], 2)).toMatchObject({ rank: 0, constant: [0, 1], decided: true })
  })

  it('depend on what is called indistinguishable', () => {
    const k = orThrow(problem('TimeNonDiag', { latents: 10 }))
    const [part] = orThrow(sufficientInfluence(k, { tolerance: 0.02 })).parts
    // Singular values of this problem fall evenly down to 3e−3, so no gap stands around 0.02.
    expect(part.verdict).toBe('undecidable')
    expect(part.rank).toBeLessThan(55)
    expect(part.explanation).toContain('of the tolerance 0.02, 1000 is asked for')
  })

  it('rest on singular values that are right', () => {
    const { values } = rightSvd({ data: Float64Array.of(3, 0, 0, 4, 0, 0), shape: [3, 2] })
    expect(values[0]).toBeCloseTo(4, 14)
    expect(values[1]).toBeCloseTo(3, 14)
    const hilbert = Float64Array.from({ length: 64 }, (_, at) => 1 / (1 + (at >> 3) + (at & 7)))
    const system = rightSvd({ data: hilbert, shape: [8, 8] })
    expect(system.values[0] / system.values[7]).toBeCloseTo(1.5257575538e10, -5)
  })

  it('say what is wrong', () => {
    const any = orThrow(problem('ActionDiag', { latents: 2 }))
    const text = (options: InfluenceOptions) => errorText(sufficientInfluence(any, options))
    expect(text({ points: 0 })).toContain('points is 0')
    expect(text({ tolerance: 0 })).toContain('tolerance is 0, expected a number between 0 and 1')
    expect(text({ tolerance: Number.NaN })).toContain('tolerance is NaN')
  })
})

import { causalGraph, kernel, number, sampleOnce } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  drawIntervention,
  type Intervention,
  intervene,
  multiNodeInterventions,
  predict,
  singleNodeInterventions
} from '../src/index.js'
import { errorText } from './error-text.js'

const base = orThrow(
  kernel({
    latents: 3,
    actions: 1,
    lags: 1,
    location: (F, z, [a]) => [F.add(z[0], a), F.sin(z[1]), z[2]],
    scale: 0.5
  })
)
const perfect: Intervention = {
  kind: 'perfect',
  targets: [0, 2],
  regimes: [
    { location: [7, -1], scale: [2, 3] },
    { location: [8, 8], scale: [1, 1] }
  ]
}
const imperfect: Intervention = { ...perfect, kind: 'imperfect', targets: [0, 1] }
const at = (interventions: Intervention[], ...a: number[]) => {
  const k = orThrow(intervene(base, interventions))
  return [k.location(number, [1, 2, 3], a), k.scale(number, [1, 2, 3], a)]
}

describe('intervene', () => {
  it('leaves the kernel alone at value 0', () => {
    expect(at([perfect, imperfect], 0.5, 0, 0)).toEqual([
      [1.5, Math.sin(2), 3],
      [0.5, 0.5, 0.5]
    ])
  })

  it('cuts perfect targets off, and changes imperfect ones, regime by regime', () => {
    expect(at([perfect], 0.5, 1)).toEqual([
      [7, Math.sin(2), -1],
      [2, 0.5, 3]
    ])
    expect(at([perfect], 0.5, 2)).toEqual([
      [8, Math.sin(2), 8],
      [1, 0.5, 1]
    ])
    expect(at([imperfect], 0.5, 1)).toEqual([
      [8.5, Math.sin(2) - 1, 3],
      [1, 1.5, 0.5]
    ])
    // The later one sees what the earlier one made.
    expect(at([perfect, imperfect], 0.5, 1, 2)).toEqual([
      [15, Math.sin(2) + 8, -1],
      [2, 0.5, 3]
    ])
  })

  it('makes each intervention a discrete action, a column of Ga with its targets', () => {
    const k = orThrow(intervene(base, [perfect, imperfect]))
    expect(causalGraph(k)).toEqual({
      latents: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1]
      ],
      actions: [
        [1, 1, 1],
        [0, 0, 1],
        [0, 1, 0]
      ]
    })
    expect(k.actionDomains.slice(1)).toEqual([
      { _tag: 'Choice', values: 3 },
      { _tag: 'Choice', values: 3 }
    ])
    expect(sampleOnce(k, [0, 0, 0], [0, 1, 0], generator(1)).every(Number.isFinite)).toBe(true)
  })

  it('identifies: single-node ones all latents, a multi-node one what its targets set apart', () => {
    const still = orThrow(kernel({ latents: 3, location: (F) => [F.zero, F.zero, F.zero], scale: 1 }))
    const options = { kind: 'perfect', random: generator(2) } as const
    expect(orThrow(predict(orThrow(intervene(still, singleNodeInterventions(3, options))))).kind).toBe(
      'complete'
    )
    expect(
      orThrow(predict(orThrow(intervene(still, multiNodeInterventions([[0, 1], [2]], options))))).blocks
    ).toEqual([[0, 1], [2]])
  })

  it('draws regimes, one more than targets', () => {
    const { regimes } = drawIntervention([1, 2], { kind: 'imperfect', random: generator(3) })
    expect(regimes.length).toBe(3)
    for (const { scale } of regimes) for (const s of scale) expect(s > 0.5 && s < 2).toBe(true)
    expect(
      singleNodeInterventions(2, { kind: 'perfect', regimes: 4, random: generator(3) })[1]
    ).toMatchObject({ targets: [1], regimes: { length: 4 } })
  })

  it('says what is wrong', () => {
    const text = (change: Partial<Intervention>) => errorText(intervene(base, [{ ...perfect, ...change }]))
    expect(text({ targets: [0, 3] })).toBe(
      'intervene, intervention 0: a target is 3, expected a latent, 0..2'
    )
    expect(text({ targets: [1, 1] })).toContain('each latent once')
    expect(text({ targets: [] })).toContain('number of targets is 0')
    expect(text({ regimes: [] })).toContain('number of regimes is 0')
    expect(text({ regimes: [{ location: [1], scale: [1, 1] }] })).toContain(
      'the length of the location of regime 0 is 1, expected 2'
    )
    expect(text({ regimes: [{ location: [1, 1], scale: [1, 0] }] })).toContain(
      'the scale of regime 0 is [1, 0], expected finite numbers above 0'
    )
    expect(text({ regimes: [{ location: [1, Number.NaN], scale: [1, 1] }] })).toContain(
      'the location of regime 0 is NaN at column 1 (counted from 0)'
    )
  })
})

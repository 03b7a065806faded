import { kernel, problem } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { hiddenInfluence } from '../src/index.js'

const published = (name: string, edgeProbability = 0.5) =>
  orThrow(problem(name, { latents: 10, edgeProbability }))

/** Means of two latents of one action on [−2, 2]. */
const pair = (gap: number, scale = 0.01) =>
  orThrow(
    kernel({
      latents: 2,
      actions: 1,
      location: (F, _, [a]) => [F.sin(a), F.add(F.mul(F.lit(2), F.sin(a)), F.mul(F.lit(gap), F.cos(a)))],
      scale,
      actionDomains: [{ _tag: 'Interval', low: -Math.PI, high: Math.PI }]
    })
  )

describe('influence that noise hides', () => {
  it('is the smallest variance of a combination of means, in units of noise', () => {
    // (−2, 1) / √5 of (sin, 2 sin + g cos) is g cos / √5, of variance g² / 10.
    for (const gap of [0.01, 0.05, 0.2]) {
      const [{ strengths, weakest, hidden }] = orThrow(hiddenInfluence(pair(gap)))
      expect(strengths[1] / (gap ** 2 / 10 / 1e-4)).toBeCloseTo(1, 0)
      expect(Math.abs(weakest[0] / weakest[1])).toBeCloseTo(2, 1)
      expect(hidden).toBe(gap < 0.0316 ? 1 : 0)
    }
  })

  it('grows with noise, and with how imprecise latents are known', () => {
    const strengthAt = (scale: number, imprecision: number): number =>
      orThrow(hiddenInfluence(pair(0.2, scale), { imprecision }))[0].strengths[1]
    expect(strengthAt(0.02, 0)).toBeCloseTo(strengthAt(0.01, 0) / 4, 6)
    expect(strengthAt(0.03, 0.04)).toBeCloseTo(strengthAt(0.05, 0), 6)
  })

  it('hides nothing of the published problems, and much of dense graphs', () => {
    for (const name of ['ActionDiag', 'ActionNonDiag', 'ActionBlockNonDiag']) {
      const influence = orThrow(hiddenInfluence(published(name), { imprecision: 0.02 }))
      expect(influence.every(({ hidden, explanation }) => hidden === 0 && explanation === '')).toBe(true)
    }
    const dense = orThrow(hiddenInfluence(published('ActionRandomGraph', 0.9), { imprecision: 0.02 }))
    expect(dense.reduce((sum, { hidden }) => sum + hidden, 0)).toBeGreaterThan(10)
    expect(dense[0].explanation).toMatch(/moves \d combinations of them by less than their noise: .*z\d/)
  })

  it('says so where there is no second direction at all', () => {
    const linear = orThrow(hiddenInfluence(published('ActionNonDiag (no sufficient variability)')))
    expect(linear.every(({ hidden }) => hidden === 1)).toBe(true)
  })

  it.each([
    [{ imprecision: -1 }, /imprecision.*0 or more/],
    [{ least: 0 }, /least.*above 0/]
  ])('%j is refused', (options, text) => {
    const answer = hiddenInfluence(pair(1), options)
    expect(answer._tag).toBe('Left')
    if (answer._tag === 'Left') expect(answer.left.message).toMatch(text)
  })
})

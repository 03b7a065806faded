import { entanglementByJacobian, type FoundWitness, type Prediction, predict } from '@mechid/causal-graph'
import { problemNames } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Analysis, analyse, catalogue, reasonText, type Verdict } from '../src/index.js'

/** Two places (flows are slow), within the box where a twist has one. */
const places = (d: number, { box = [] }: FoundWitness): number[][] =>
  [0.4, 0.65].map((x) => {
    const place = Array.from({ length: d }, (_, i) => x + 0.2 * i)
    for (const { latent, low, high } of box) place[latent] = low + (x + 0.05 * latent) * (high - low)
    return place
  })

let all: Analysis[] = []

beforeAll(() => {
  all = catalogue({ latents: 6, seed: 1 }).flatMap(({ entries }) => entries.map((entry) => analyse(entry, 1)))
}, 300_000)

const of = (title: string): Analysis => {
  const found = all.find(({ entry }) => entry.title === title)
  if (found === undefined) throw new Error(`no entry ${title}`)
  return found
}

describe('the catalogue', () => {
  it('holds every published problem, and many graphs besides', () => {
    for (const name of problemNames) expect(of(name).entry.kernel?.name).toBe(name)
    expect(all.length).toBeGreaterThanOrEqual(50)
    expect(new Set(all.map(({ entry }) => entry.id)).size).toBe(all.length)
  })

  it.each<[string, Prediction['kind'], Verdict]>([
    ['ActionDiag', 'complete', 'identified'],
    ['ActionNonDiag', 'complete', 'identified'],
    ['ActionNonDiag (no sufficient variability)', 'complete', 'open'],
    ['TimeNonDiag (k=2)', 'complete', 'identified'],
    ['ActionBlockDiag', 'partial', 'mixed'],
    ['TimeNonDiag', 'complete', 'identified'],
    ['TimeBlockDiag', 'partial', 'mixed'],
    ['One action on two latents', 'none', 'mixed'],
    ['Nested actions, two latents', 'partial', 'identified'],
    ['One action on everything', 'none', 'mixed'],
    ['Six latents by four actions', 'complete', 'identified'],
    ['Cyclic pairs, three latents', 'complete', 'identified'],
    ['Single-node perfect interventions', 'complete', 'identified'],
    ['Imperfect interventions in a chain', 'complete', 'identified'],
    ['Directed chain', 'complete', 'identified'],
    ['Bidirectional chain, two latents', 'none', 'mixed'],
    ['Bidirectional chain, three latents', 'partial', 'identified'],
    ['Directed ring, two latents', 'none', 'mixed'],
    ['Directed ring, three latents', 'complete', 'identified'],
    ['Bidirectional ring, three latents', 'none', 'mixed'],
    ['Bidirectional ring, four latents', 'complete', 'identified'],
    ['Star, outward', 'complete', 'identified'],
    ['All ones', 'none', 'mixed'],
    ['Gaussian random walk', 'complete', 'mixed'],
    ['Bidirectional chain, ends acted upon', 'complete', 'identified'],
    ['Steered chain', 'complete', 'identified']
  ])('knows the answer for %s', (title, kind, verdict) => {
    expect([of(title).prediction.kind, of(title).verdict]).toEqual([kind, verdict])
  })

  it('takes the general route where time and actions both vary at one point', () => {
    const routes = of('Steered chain').influence?.parts.map(({ route }) => route)
    expect(routes).toEqual(['derivatives', 'derivatives', 'derivatives', 'general'])
  })
})

describe('an analysis', () => {
  it('claims identification only where theory gives it', () => {
    for (const { entry, verdict, influence, prediction, witness, backed } of all) {
      if (verdict === 'promised') expect(prediction.kind, entry.title).toBe('complete')
      if (verdict !== 'identified') continue
      if (witness?._tag === 'Unknown') expect(backed?.prediction.kind, entry.title).toBe('complete')
      else expect(witness?._tag, entry.title).toBe('None')
      const byFactorization = witness?.explanation.includes('factorization alone') === true
      if (influence?.verdict === 'sufficient' && !byFactorization)
        expect(prediction.blocks.length, entry.title).toBe(prediction.pattern.length)
    }
  })

  it('has other models that mix latents, within the pattern where influence suffices', () => {
    const found = all.filter(({ witness }) => witness?._tag === 'Found')
    expect(found.length).toBeGreaterThan(5)
    for (const { entry, prediction, witness, influence } of found) {
      if (witness?._tag !== 'Found') continue
      const d = prediction.pattern.length
      const v = orThrow(entanglementByJacobian({ latents: d, apply: witness.apply }, places(d, witness)))
      const mixing = v.filter((row) => row.reduce((sum, x) => sum + x, 0) > 1)
      expect(mixing.length, entry.title).toBeGreaterThan(0)
      if (influence?.verdict === 'sufficient')
        expect(
          v.every((row, i) => row.every((x, j) => x <= prediction.pattern[i][j])),
          entry.title
        ).toBe(true)
    }
  })

  it('has the evidence that singles out each latent of which the graph tells', () => {
    const text = (title: string, latent: number): string => {
      const { entry, evidence, prediction } = of(title)
      return reasonText(entry.graph, evidence, prediction.reasons[latent])
    }
    expect(text('ActionNonDiag', 0)).toContain('No other latent has all of: action a0 and action a5.')
    expect(text('Bidirectional chain, three latents', 1)).toMatch(
      /all of: an edge from z0 and an edge from z2\.$/
    )
    for (const { evidence, prediction } of all)
      for (const { latent, identified } of prediction.reasons)
        expect(evidence[latent] !== undefined).toBe(identified)
  })

  it('has remedies that complete the graph', () => {
    for (const { entry, remedy } of all) {
      expect(E.isRight(remedy), entry.title).toBe(true)
      if (E.isRight(remedy)) expect(orThrow(predict(remedy.right.graph)).kind, entry.title).toBe('complete')
    }
  })
})

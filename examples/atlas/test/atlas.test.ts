import { entanglementByJacobian, type FoundWitness, type Prediction, predict } from '@mechid/causal-graph'
import { problemNames } from '@mechid/mechanisms'
import { renderDocument } from '@mechid/report'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Analysis, analyse, type Verdict } from '../src/analysis.js'
import { type AtlasPart, atlasDocument, overviewHead, overviewRow } from '../src/atlas.js'
import { catalogue } from '../src/catalogue.js'
import { conclusion, reasonText } from '../src/words.js'

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

/** Two places (flows are slow), within the box where a twist has one. */
const places = (d: number, { box = [] }: FoundWitness): number[][] =>
  [0.4, 0.65].map((x) => {
    const place = Array.from({ length: d }, (_, i) => x + 0.2 * i)
    for (const { latent, low, high } of box) place[latent] = low + (x + 0.05 * latent) * (high - low)
    return place
  })

let parts: AtlasPart[] = []
let all: Analysis[] = []
let html = ''

beforeAll(() => {
  parts = catalogue({ latents: 6, seed: 1 }).map((group) => ({
    group,
    analyses: group.entries.map((entry) => analyse(entry, 1))
  }))
  all = parts.flatMap(({ analyses }) => [...analyses])
  const rendered = renderDocument(atlasDocument(parts, 'made by a test'))
  html = E.isRight(rendered) ? rendered.right : ''
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
    const text = (title: string, latent: number): string =>
      reasonText(of(title), of(title).prediction.reasons[latent])
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

describe('the page', () => {
  it('has every entry, with an anchor, a link in the contents, a row in the table and its pictures', () => {
    for (const { entry, panels } of all) {
      expect(html.split(`<section id="${entry.id}">`), entry.title).toHaveLength(2)
      expect(html.split(`href="#${entry.id}"`).length, entry.title).toBe(3)
      expect(panels.length).toBeGreaterThanOrEqual(2)
      for (const { svg } of panels) expect(html).toContain(svg)
    }
  })

  it('says what was found: conclusion, reason for each latent, ranks, witness, remedy', () => {
    for (const analysis of all) {
      const { entry, prediction, influence, witness, remedy } = analysis
      const start = html.indexOf(`<section id="${entry.id}">`)
      const section = html.slice(start, html.indexOf('</section>', start))
      const texts = [
        entry.story,
        conclusion(analysis),
        ...prediction.reasons.map((reason) => reasonText(analysis, reason)),
        ...(witness === undefined ? [] : [witness.explanation]),
        ...(E.isRight(remedy) ? [remedy.right.explanation] : [])
      ]
      for (const text of texts) expect(section).toContain(escaped(text))
      for (const { rank, needed } of influence?.parts ?? [])
        expect(section).toContain(`<td class="number">${rank}</td><td class="number">${needed}</td>`)
    }
  })

  it('needs neither network nor script', () => {
    expect(html).not.toMatch(/<script|<link|<img|src=|href="(?!#)|@import|url\(/)
  })

  it('has a full overview', () => {
    for (const analysis of all) expect(overviewRow(analysis)).toHaveLength(overviewHead.length)
  })
})

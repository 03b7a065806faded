import { type Analysis, analyse, catalogue, conclusion, reasonText } from '@mechid/example-gallery'
import { renderDocument } from '@mechid/report'
import * as E from 'fp-ts/lib/Either.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AtlasPart, atlasDocument, overviewHead, overviewRow } from '../src/atlas.js'

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

let parts: AtlasPart[] = []
let all: Analysis[] = []
let html = ''

beforeAll(() => {
  // All entries are analysed by the gallery's own tests: here are kernels, and graphs alone.
  const groups = catalogue({ latents: 6, seed: 1 }).filter(({ id }) => id === 'actions' || id === 'both')
  parts = groups.map((group) => ({
    group,
    analyses: group.entries.map((entry) => analyse(entry, 1))
  }))
  all = parts.flatMap(({ analyses }) => [...analyses])
  const rendered = renderDocument(atlasDocument(parts, 'made by a test'))
  html = E.isRight(rendered) ? rendered.right : ''
}, 300_000)

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
      const { entry, prediction, evidence, influence, witness, remedy } = analysis
      const start = html.indexOf(`<section id="${entry.id}">`)
      const section = html.slice(start, html.indexOf('</section>', start))
      const texts = [
        entry.story,
        conclusion(analysis),
        ...prediction.reasons.map((reason) => reasonText(entry.graph, evidence, reason)),
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

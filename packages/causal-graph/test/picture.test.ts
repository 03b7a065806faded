import { generator } from '@mechid/random'
import { type CausalGraph, orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  graphPanels,
  graphPattern,
  graphSvg,
  namedGraph,
  type PictureOptions,
  predict,
  randomGraph
} from '../src/index.js'
import { errorText } from './error-text.js'
import { edgeCount, identity } from './tables.js'

const drawn = (graph: CausalGraph, options?: PictureOptions): string => orThrow(graphSvg(graph, options))
const panel = (graph: CausalGraph, name: string, options?: PictureOptions): string =>
  orThrow(graphPanels(graph, options)).find((one) => one.name === name)?.svg ?? ''

/** Opening and closing tags, in order, must nest. */
const wellFormed = (svg: string): boolean => {
  const open: string[] = []
  for (const [, closing, name, own] of svg.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (closing === '/') {
      if (open.pop() !== name) return false
    } else if (own !== '/') open.push(name)
  }
  return open.length === 0 && !/&(?!(amp|lt|gt|quot);)/.test(svg)
}

/** Shapes in the path of a class, one for each M. The first path is the matrix's, a further one the legend's. */
const shapes = (svg: string, kind: string): number => {
  const path = new RegExp(`<path class="${kind}" d="([^"]*)"`).exec(svg)
  return path === null ? 0 : path[1].split('M').length - 1
}

const random = (size: number): CausalGraph =>
  orThrow(randomGraph(generator(size), { size, actions: Math.ceil(size / 2), edgeProbability: 0.2 }))

describe('graphSvg', () => {
  it.each([1, 2, 5, 12, 30, 100])('is well-formed, with name and description, for %i latents', (size) => {
    const svg = drawn(random(size))
    expect(wellFormed(svg)).toBe(true)
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" .*role="img" aria-label="Causal graph of/
    )
    expect(svg).toContain(`<desc>${size} latent`)
    expect(svg).not.toMatch(/\sid=|url\(|href|NaN|Infinity|undefined/)
  })

  it('escapes labels and cuts long ones, whole in a tooltip', () => {
    const graph = { latents: [[1]] }
    const svg = drawn(graph, { labels: { latents: ['speed <"&> of the second ball'] } })
    expect(wellFormed(svg)).toBe(true)
    expect(svg).toContain(
      '<title>speed &lt;&quot;&amp;&gt; of the second ball</title>speed &lt;&quot;&amp;&gt; of t…'
    )
  })

  it('follows the theme', () => {
    const graph = random(3)
    expect(drawn(graph)).toContain('@media (prefers-color-scheme:dark)')
    expect(drawn(graph, { theme: 'dark' })).not.toContain('@media')
    expect(drawn(graph, { theme: 'dark' })).not.toBe(drawn(graph, { theme: 'light' }))
  })

  it('goes on to the next line at the maximum width', () => {
    const size = (svg: string): number[] =>
      (/width="(\d+)" height="(\d+)"/.exec(svg) ?? []).slice(1).map(Number)
    const graph = random(10)
    const [wide, low] = size(drawn(graph))
    const [narrow, high] = size(drawn(graph, { maximumWidth: 600 }))
    expect(narrow).toBeLessThanOrEqual(600)
    expect(wide).toBeGreaterThan(narrow)
    expect(high).toBeGreaterThan(low)
  })

  it('refuses an entanglement graph of another size', () => {
    expect(errorText(graphSvg(random(3), { entanglement: identity(2) }))).toBe(
      'graphSvg: the entanglement graph is 2 × 2, expected 3 × 3'
    )
    expect(E.isLeft(graphSvg(random(3), { maximumWidth: Number.NaN }))).toBe(true)
  })
})

describe('graphPanels', () => {
  it('draws every edge once', () => {
    const graph = random(12)
    expect(shapes(panel(graph, 'time'), 'edge')).toBe(edgeCount(graph.latents ?? []))
    expect(shapes(panel(graph, 'actions'), 'edge')).toBe(edgeCount(graph.actions ?? []))
    const arrows = panel(graph, 'graph').split('<path class="arrow"').length - 1
    expect(arrows).toBe(edgeCount(graph.latents ?? []) + edgeCount(graph.actions ?? []))
  })

  it('tells both ways from one way, in cells and around latents', () => {
    const graph = orThrow(namedGraph('TimeBlockNonDiag', 10))
    const entanglement = panel(graph, 'entanglement')
    const pairs = orThrow(predict(graph)).entangledWith.flatMap((others, i) => others.map((j) => [i, j]))
    const pattern = orThrow(predict(graph)).pattern
    const mutual = pairs.filter(([i, j]) => pattern[j][i] === 1).length
    expect(mutual).toBe(10)
    expect(shapes(entanglement, 'mutual')).toBe(mutual)
    expect(shapes(entanglement, 'one-way')).toBe(pairs.length - mutual)
    expect(shapes(entanglement, 'self')).toBe(10)
    const chain = orThrow(namedGraph('TimeBidirectionalChain', 5))
    expect(panel(chain, 'graph').match(/node now is-one-way/g)).toHaveLength(2)
  })

  it('draws a measured entanglement graph instead', () => {
    const svg = panel(random(4), 'entanglement', { entanglement: identity(4) })
    expect(svg).toContain('>Entanglement<')
    expect(shapes(svg, 'self')).toBe(4)
  })

  it('has matrices for every lag, nodes and arrows only where they fit', () => {
    const lagged = { latents: [[1, 0, 0, 1]].concat([[0, 1, 0, 0]]) }
    const names = (graph: CausalGraph, options?: PictureOptions): string[] =>
      orThrow(graphPanels(graph, options)).map(({ name }) => name)
    expect(names(lagged)).toEqual(['graph', 'time-1', 'time-2', 'entanglement'])
    expect(names(random(13))).toEqual(['time', 'actions', 'entanglement'])
    expect(names(random(13), { nodeLimit: 13 })[0]).toBe('graph')
    expect(panel(lagged, 'graph')).toContain('>z1 t−2<')
  })

  it('keeps labels apart and the picture within a screen, for 2 to 100 latents', () => {
    for (let size = 2; size <= 100; size += 7) {
      const svg = panel(random(size), 'time')
      const heights = [...svg.matchAll(/<text class="ink" x="[\d.]+" y="([\d.]+)" text-anchor="end"/g)].map(
        ([, y]) => Number(y)
      )
      expect(heights.length).toBeGreaterThanOrEqual(Math.min(size, 10))
      for (let i = 1; i < heights.length; i++) expect(heights[i] - heights[i - 1]).toBeGreaterThanOrEqual(11)
      expect(Number(/height="(\d+)"/.exec(svg)?.[1])).toBeLessThan(720)
    }
  })

  it('merges runs in large matrices', () => {
    const graph = orThrow(namedGraph('TimeAllOnes', 100))
    expect(shapes(panel(graph, 'time'), 'edge')).toBe(100)
    expect(edgeCount(orThrow(graphPattern(graph)))).toBe(10_000)
  })
})

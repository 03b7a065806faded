import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  eqCausalGraph,
  type GraphName,
  graphNames,
  namedGraph,
  type RandomGraphOptions,
  randomGraph
} from '../src/index.js'
import { errorText } from './error-text.js'
import { causesIn, edgeCount } from './tables.js'

describe('namedGraph', () => {
  it.each<[GraphName, number, 'latents' | 'actions', number[][]]>([
    [
      'ActionNonDiag',
      4,
      'actions',
      [
        [0, 3],
        [0, 1],
        [1, 2],
        [2, 3]
      ]
    ],
    ['ActionBlockDiag', 4, 'actions', [[0], [0], [1], [1]]],
    ['ActionBlockNonDiag', 10, 'actions', [[0], [0], [1], [1], [2], [2], [3], [3], [0, 4], [0, 4]]],
    ['TimeNonDiag', 3, 'latents', [[0], [0, 1], [0, 1, 2]]],
    [
      'TimeBlockNonDiag',
      10,
      'latents',
      [
        [0, 1, 8, 9],
        [0, 1, 8, 9],
        [2, 3],
        [2, 3],
        [4, 5],
        [4, 5],
        [6, 7],
        [6, 7],
        [0, 1, 4, 5, 8, 9],
        [0, 1, 4, 5, 8, 9]
      ]
    ],
    ['TimeDirectedChain', 3, 'latents', [[0], [0, 1], [1, 2]]],
    [
      'TimeBidirectionalChain',
      3,
      'latents',
      [
        [0, 1],
        [0, 1, 2],
        [1, 2]
      ]
    ],
    [
      'TimeDirectedRing',
      3,
      'latents',
      [
        [0, 2],
        [0, 1],
        [1, 2]
      ]
    ],
    [
      'TimeBidirectionalRing',
      4,
      'latents',
      [
        [0, 1, 3],
        [0, 1, 2],
        [1, 2, 3],
        [0, 2, 3]
      ]
    ]
  ])('%s at %i latents has the published edges', (name, d, part, supports) => {
    const m = orThrow(namedGraph(name, d))[part]
    expect(m === undefined ? [] : supports.map((_, i) => causesIn(m, i))).toEqual(supports)
  })

  it('has as many edges as the ranks of the published time problems at 10 latents need', () => {
    const edges = (name: GraphName) => {
      const { latents } = orThrow(namedGraph(name, 10))
      return latents === undefined ? 0 : edgeCount(latents)
    }
    expect(
      ['TimeDiag', 'TimeNonDiag', 'TimeBlockDiag', 'TimeBlockNonDiag'].map((n) => edges(n as GraphName))
    ).toEqual([10, 55, 20, 32])
  })

  it('refuses unknown names and sizes that a graph does not have', () => {
    expect(errorText(namedGraph('Star' as GraphName, 3))).toContain(
      'namedGraph: there is no "Star", expected one of ActionDiag'
    )
    expect(errorText(namedGraph('ActionBlockDiag', 3))).toBe(
      'namedGraph: the size of ActionBlockDiag is 3, expected an even number of latents'
    )
    expect(errorText(namedGraph('TimeBlockNonDiag', 4))).toContain('at least 6')
    for (const name of graphNames) expect(E.isLeft(namedGraph(name, 0))).toBe(true)
  })
})

describe('randomGraph', () => {
  const draw = (options: RandomGraphOptions, seed = 1) => orThrow(randomGraph(generator(seed), options))

  it('depends on the seed alone, and Gz not on whether Ga is drawn', () => {
    const options = { size: 8, actions: 4, edgeProbability: 0.4 }
    expect(eqCausalGraph.equals(draw(options), draw(options))).toBe(true)
    expect(eqCausalGraph.equals(draw(options), draw(options, 2))).toBe(false)
    expect(draw({ ...options, actions: 0 }).latents).toEqual(draw(options).latents)
  })

  it('draws edges with the given probability, self-loops aside', () => {
    const size = 200
    const { latents, actions } = draw({ size, actions: size, edgeProbability: 0.3 })
    if (latents === undefined || actions === undefined) throw new Error('both parts were asked for')
    for (let i = 0; i < size; i++) expect(latents[i][i] === 1).toBe(true)
    // Five standard deviations of a binomial of 40,000 draws are 0.0115.
    expect(Math.abs((edgeCount(latents) - size) / (size * (size - 1)) - 0.3)).toBeLessThan(0.0115)
    expect(Math.abs(edgeCount(actions) / size ** 2 - 0.3)).toBeLessThan(0.0115)
  })

  it('leaves out self-loops and parts on demand', () => {
    expect(draw({ size: 3, edgeProbability: 0, selfLoops: false }).latents?.flat()).not.toContain(1)
    expect(draw({ size: 3, time: false, actions: 2, edgeProbability: 1 }).latents).toBeUndefined()
  })

  it('limits the causes of a latent, self-loops kept', () => {
    const { latents, actions } = draw({ size: 20, actions: 20, edgeProbability: 0.9, maximumCauses: 3 })
    if (latents === undefined || actions === undefined) throw new Error('both parts were asked for')
    for (let i = 0; i < 20; i++) {
      expect(causesIn(latents, i).length).toBe(3)
      expect(causesIn(latents, i)).toContain(i)
      expect(causesIn(actions, i).length).toBe(3)
    }
  })

  it.each<[Partial<RandomGraphOptions>, string]>([
    [{ size: 0 }, 'size is 0'],
    [{ actions: 1.5 }, 'actions is 1.5'],
    [{ edgeProbability: Number.NaN }, 'edgeProbability is NaN'],
    [{ edgeProbability: 1.1 }, 'edgeProbability is 1.1'],
    [{ maximumCauses: 0 }, 'maximumCauses is 0'],
    [{ time: false }, 'time is false']
  ])('refuses %j', (wrong, part) => {
    expect(errorText(randomGraph(generator(1), { size: 3, edgeProbability: 0.5, ...wrong }))).toContain(part)
  })
})

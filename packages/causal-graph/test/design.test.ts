import { type CausalGraph, orThrow } from '@mechid/values'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { cyclicSubsets, leastDistinctVolume, leastVolume, mostSingletons } from '../src/design/antichain.js'
import { criterion, type DesignOptions, design, fewestActions, namedGraph } from '../src/index.js'
import { graphOf, naivePattern } from './arbitraries.js'
import { errorText } from './error-text.js'
import { sizeOf } from './tables.js'

const noEvidence = (d: number): CausalGraph => orThrow(namedGraph('ActionSingle', d))

interface Best {
  readonly actions: number
  readonly cost: number
}

/**
 * Fewest actions, then least cost, over all lists of target sets. An action tells i from j where it reaches i and spares j;
 * bit d · i + j of a mask stands for that.
 */
const bruteForce = (graph: CausalGraph, options: DesignOptions): Best | undefined => {
  const d = sizeOf(graph)
  const { maximumTargets = d, forbidden = [], costs = new Array<number>(d).fill(1) } = options
  const latents = Array.from({ length: d }, (_, i) => i)
  const { latents: gz, actions: ga } = graph
  const told = (targets: ReadonlyArray<number>): bigint =>
    targets.reduce(
      (mask, i) => latents.reduce((m, j) => (targets.includes(j) ? m : m | (1n << BigInt(d * i + j))), mask),
      0n
    )
  const open = naivePattern(gz, ga, d).reduce(
    (mask, row, i) => row.reduce((m, x, j) => (x === 1 && i !== j ? m | (1n << BigInt(d * i + j)) : m), mask),
    0n
  )
  const sets = Array.from({ length: 1 << d }, (_, mask) => latents.filter((i) => (mask >> i) & 1))
    .filter((t) => t.length > 0 && t.length <= maximumTargets && !t.some((i) => forbidden.includes(i)))
    .map((t) => ({ told: told(t) & open, cost: t.reduce((sum, i) => sum + costs[i], 0) }))
  let best = Infinity
  const extend = (from: number, left: number, rest: bigint, cost: number): void => {
    if (left === 0) {
      if (rest === 0n) best = Math.min(best, cost)
      return
    }
    for (let s = from; s + left <= sets.length; s++)
      if (cost + sets[s].cost < best) extend(s + 1, left - 1, rest & ~sets[s].told, cost + sets[s].cost)
  }
  for (let k = 0; k <= d; k++) {
    extend(0, k, open, 0)
    if (best < Infinity) return { actions: k, cost: best }
  }
  return undefined
}

const isSound = (graph: CausalGraph, options: DesignOptions): void => {
  const made = orThrow(design(graph, options))
  expect(orThrow(criterion(made.graph))).toBe(true)
  const {
    maximumTargets = sizeOf(graph),
    forbidden = [],
    costs = new Array<number>(sizeOf(graph)).fill(1)
  } = options
  for (const targets of made.actions) {
    expect(targets.length).toBeLessThanOrEqual(maximumTargets)
    expect(targets.filter((i) => forbidden.includes(i))).toEqual([])
  }
  expect(made.targets).toBe(made.actions.flat().length)
  expect(made.cost).toBeCloseTo(
    made.actions.flat().reduce((sum, i) => sum + costs[i], 0),
    9
  )
  expect(made.actions.length).toBe(made.lowerBounds.actions + made.gaps.actions)
  expect(made.optimal).toBe(made.gaps.actions === 0 && made.gaps.cost <= 1e-9)
}

/** Graphs of d latents with every option. */
const problems = (d: number) =>
  fc.record({
    graph: fc.oneof(graphOf(d), fc.constant(noEvidence(d))),
    maximumTargets: fc.integer({ min: 1, max: d }),
    costs: fc.oneof(
      fc.constant(new Array<number>(d).fill(1)),
      fc.array(fc.integer({ min: 0, max: 4 }), { minLength: d, maxLength: d })
    ),
    forbidden: fc.oneof(fc.constant([]), fc.uniqueArray(fc.nat(d - 1), { maxLength: 2 }))
  })

describe('design agrees with all small designs', () => {
  const check = (graph: CausalGraph, options: DesignOptions): void => {
    const best = bruteForce(graph, options)
    const made = design(graph, options)
    if (best === undefined) {
      expect(errorText(made)).toContain('impossible')
      return
    }
    const { actions, cost, optimal } = orThrow(made)
    expect({ actions: actions.length, cost, optimal }).toEqual({ ...best, optimal: true })
    isSound(graph, options)
  }

  it.each([1, 2, 3, 4, 5, 6])('with %i latents and every option', (d) => {
    fc.assert(
      fc.property(problems(d), ({ graph, ...options }) => check(graph, options)),
      { seed: 70 + d, numRuns: d < 6 ? 60 : 25 }
    )
  })

  it('without evidence, for each maximum of targets', () => {
    for (const d of [2, 3, 4, 5])
      for (let maximumTargets = 1; maximumTargets <= d; maximumTargets++)
        check(noEvidence(d), { maximumTargets })
    check(noEvidence(6), {})
  })

  it('and says which latent makes one impossible', () => {
    fc.assert(
      fc.property(graphOf(4), fc.nat(3), (graph, i) => {
        const made = design(graph, { forbidden: [i] })
        if (E.isLeft(made)) expect(made.left.message).toContain(`only an action on z${i} could tell`)
      }),
      { seed: 73, numRuns: 40 }
    )
  })
})

describe('design without other evidence', () => {
  it('meets Sperner’s bound up to 20 latents, with fewest targets', () => {
    for (let d = 2; d <= 20; d++) {
      const made = orThrow(design(noEvidence(d)))
      expect([d, made.actions.length]).toEqual([d, fewestActions(d)])
      expect([d, made.optimal]).toEqual([d, true])
      expect(orThrow(criterion(made.graph))).toBe(true)
    }
    expect([6, 10].map(fewestActions)).toEqual([4, 5])
    // One action alone on one latent, the six pairs of the four others on the rest: fewer than seven pairs.
    expect(orThrow(design(noEvidence(7))).targets).toBe(13)
  })

  it('needs as many single-target actions as latents', () => {
    expect(orThrow(design(noEvidence(9), { maximumTargets: 1 }))).toMatchObject({ optimal: true, cost: 9 })
  })

  it('is sound and states its gap for many latents', () => {
    const solved = [2, 3, 5, 10, 300].map((maximumTargets) => {
      isSound(noEvidence(200), { maximumTargets })
      const { actions, lowerBounds, gaps } = orThrow(design(noEvidence(200), { maximumTargets }))
      expect(gaps.actions).toBeLessThanOrEqual(1)
      return [actions.length, lowerBounds.actions]
    })
    expect(solved).toEqual([
      [200, 200],
      [134, 134],
      [80, 80],
      [41, 40],
      [10, 10]
    ])
  })

  it('leaves open what was neither met nor excluded', () => {
    const few = (maximumActions: number) =>
      errorText(design(noEvidence(200), { maximumTargets: 10, maximumActions }))
    expect(few(41)).toBe('no error')
    expect(few(40)).toContain('whether 40 actions suffice was not decided within 300,000 steps')
    expect(few(39)).toContain('impossible')
  })

  it('counts singletons and different sets right', () => {
    for (let k = 1; k <= 5; k++) {
      const sizes = Array.from({ length: 1 << k }, (_, mask) => mask.toString(2).replaceAll('0', '').length)
      sizes.sort((x, y) => x - y)
      for (let count = 0; count <= sizes.length; count++)
        expect(leastDistinctVolume(count, k)).toBe(sizes.slice(0, count).reduce((x, y) => x + y, 0))
      expect(leastDistinctVolume(sizes.length + 1, k)).toBeUndefined()
    }
    expect(
      [
        [5, 5, 1],
        [20, 14, 3],
        [20, 14, 2]
      ].map(([n, k, load]) => mostSingletons(n, k, load))
    ).toEqual([5, 2, 0])
    const shifts = cyclicSubsets(7, 3, 14)
    expect(new Set(shifts).size).toBe(shifts.length)
    for (let q = 0n; q < 7n; q++)
      expect(shifts.filter((mask) => ((mask >> q) & 1n) === 1n).length).toBe((3 * shifts.length) / 7)
  })

  it('has antichains of least volume', () => {
    expect(leastVolume(4, 4)).toMatchObject({ volume: 4 })
    expect(leastVolume(6, 4)).toMatchObject({ volume: 12 })
    expect(leastVolume(7, 4)).toBeUndefined()
  })
})

describe('design given a graph', () => {
  it('adds only what is missing', () => {
    const chain = orThrow(namedGraph('TimeBidirectionalChain', 6))
    expect(orThrow(design(chain))).toMatchObject({ actions: [[0, 5]], optimal: true })
    expect(orThrow(design(chain, { maximumTargets: 1 })).actions.length).toBe(2)
    const complete = orThrow(namedGraph('TimeNonDiag', 5))
    expect(orThrow(design(complete))).toMatchObject({ actions: [], method: 'none needed', optimal: true })
  })

  it('spares what is dear', () => {
    const pair = {
      actions: [
        [1, 0],
        [1, 0],
        [1, 0],
        [0, 1]
      ]
    }
    const made = orThrow(design(pair, { costs: [9, 1, 1, 1] }))
    expect([made.actions.length, made.cost]).toEqual([3, 11])
  })

  it('says what is impossible and why, and what is wrong', () => {
    expect(errorText(design(noEvidence(10), { maximumActions: 4 }))).toMatch(
      /impossible, since 4 actions are too few: 10 latents.*Sperner.*5 or more/
    )
    expect(errorText(design(noEvidence(6), { maximumActions: 4, maximumTargets: 2 }))).toMatch(/too few/)
    expect(errorText(design(noEvidence(3), { maximumTargets: 0 }))).toContain('maximumTargets is 0')
    expect(errorText(design(noEvidence(3), { forbidden: [3] }))).toContain('a forbidden target is 3')
    expect(errorText(design(noEvidence(3), { costs: [1] }))).toContain('number of costs is 1')
    expect(errorText(design(noEvidence(3), { costs: [1, -1, 1] }))).toContain('a cost is -1')
  })
})

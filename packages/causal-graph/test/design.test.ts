import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { leastVolume } from '../src/design/antichain.js'
import {
  addActions,
  type CausalGraph,
  criterion,
  type DesignOptions,
  design,
  fewestActions,
  graphFromRows,
  message,
  namedGraph,
  orThrow,
  tabulate
} from '../src/index.js'
import { graphOf } from './arbitraries.js'

const text = E.match(message, () => 'no error')
const noEvidence = (d: number): CausalGraph => orThrow(namedGraph('ActionSingle', d))

/** Fewest actions, then least cost, over all lists of target sets. */
const bruteForce = (graph: CausalGraph, options: DesignOptions): readonly [number, number] | undefined => {
  const d = graph.size
  const { maximumTargets = d, forbidden = [], costs = new Array<number>(d).fill(1) } = options
  const sets = Array.from({ length: 1 << d }, (_, mask) => mask).filter((mask) => {
    const targets = Array.from({ length: d }, (_, i) => i).filter((i) => (mask >> i) & 1)
    return mask > 0 && targets.length <= maximumTargets && !targets.some((i) => forbidden.includes(i))
  })
  const costOf = (mask: number): number => costs.reduce((sum, c, i) => sum + c * ((mask >> i) & 1), 0)
  let best = Infinity
  const extend = (chosen: number[], from: number, cost: number, left: number): void => {
    if (left === 0) {
      if (cost >= best) return
      const extra = tabulate(d, chosen.length, (i, q) => ((chosen[q] >> i) & 1) === 1)
      if (criterion(orThrow(addActions(graph, extra)))) best = cost
      return
    }
    for (let s = from; s < sets.length; s++)
      extend([...chosen, sets[s]], s + 1, cost + costOf(sets[s]), left - 1)
  }
  for (let k = 0; k <= 4; k++) {
    extend([], 0, 0, k)
    if (best < Infinity) return [k, best]
  }
  return undefined
}

const isSound = (graph: CausalGraph, options: DesignOptions): void => {
  const made = orThrow(design(graph, options))
  expect(criterion(made.graph)).toBe(true)
  const {
    maximumTargets = graph.size,
    forbidden = [],
    costs = new Array<number>(graph.size).fill(1)
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

describe('design agrees with all small designs', () => {
  const check = (graph: CausalGraph, options: DesignOptions): void => {
    const best = bruteForce(graph, options)
    const made = orThrow(design(graph, options))
    if (best !== undefined) expect([made.actions.length, made.cost, made.optimal]).toEqual([...best, true])
    isSound(graph, options)
  }

  it('up to 4 latents with every option', () => {
    const cases = fc.integer({ min: 1, max: 4 }).chain((d) =>
      fc.record({
        graph: graphOf(d),
        maximumTargets: fc.integer({ min: 1, max: d }),
        costs: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: d, maxLength: d })
      })
    )
    fc.assert(
      fc.property(cases, ({ graph, ...options }) => check(graph, options)),
      { seed: 71, numRuns: 120 }
    )
  })

  it('with 5 and 6 latents', () => {
    fc.assert(
      fc.property(fc.constantFrom(5, 6).chain(graphOf), (graph) => {
        const made = orThrow(design(graph))
        isSound(graph, {})
        if (made.actions.length <= 3) check(graph, {})
      }),
      { seed: 72, numRuns: 40 }
    )
    check(noEvidence(5), {})
  })

  it('and says which latent makes one impossible exactly where all fail', () => {
    fc.assert(
      fc.property(graphOf(4), fc.nat(3), (graph, i) => {
        const made = design(graph, { forbidden: [i] })
        expect(E.isRight(made)).toBe(bruteForce(graph, { forbidden: [i] }) !== undefined)
        if (E.isRight(made)) check(graph, { forbidden: [i] })
        else expect(message(made.left)).toContain(`only an action on z${i} could tell`)
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
      expect(criterion(made.graph)).toBe(true)
    }
    expect([6, 10].map(fewestActions)).toEqual([4, 5])
    // One action alone on one latent, the six pairs of the four others on the rest: fewer than seven pairs.
    expect(orThrow(design(noEvidence(7))).targets).toBe(13)
  })

  it('needs as many single-target actions as latents', () => {
    expect(orThrow(design(noEvidence(9), { maximumTargets: 1 }))).toMatchObject({ optimal: true, cost: 9 })
  })

  it('is sound and states its gap for many latents', () => {
    for (const maximumTargets of [2, 7, 300]) {
      const made = orThrow(design(noEvidence(200), { maximumTargets }))
      isSound(noEvidence(200), { maximumTargets })
      expect(made.gaps.actions).toBeLessThanOrEqual(maximumTargets === 300 ? 0 : made.lowerBounds.actions)
    }
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
    const pair = orThrow(
      graphFromRows({
        actions: [
          [1, 0],
          [1, 0],
          [1, 0],
          [0, 1]
        ]
      })
    )
    const made = orThrow(design(pair, { costs: [9, 1, 1, 1] }))
    expect([made.actions.length, made.cost]).toEqual([3, 11])
  })

  it('says what is impossible and why, and what is wrong', () => {
    expect(text(design(noEvidence(10), { maximumActions: 4 }))).toMatch(
      /impossible\. 4 actions are too few: 10 latents.*Sperner.*5 or more/
    )
    expect(text(design(noEvidence(6), { maximumActions: 4, maximumTargets: 2 }))).toMatch(/too few/)
    expect(text(design(noEvidence(3), { maximumTargets: 0 }))).toContain('maximumTargets is 0')
    expect(text(design(noEvidence(3), { forbidden: [3] }))).toContain('a forbidden target is 3')
    expect(text(design(noEvidence(3), { costs: [1] }))).toContain('number of costs is 1')
    expect(text(design(noEvidence(3), { costs: [1, -1, 1] }))).toContain('a cost is -1')
  })
})

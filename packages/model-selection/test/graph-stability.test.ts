import { generator } from '@mechid/random'
import { type CausalGraph, orThrow, type Samples } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { graphStability } from '../src/index.js'

const ROWS = 300
const z = new Float64Array(ROWS * 3)
generator(5).fillNormal(z)
const SCALES = [1, -2, 5]

/** The columns of z in another order, with other signs and scales. */
const relabelled = (order: readonly number[]): Samples => ({
  data: Float64Array.from({ length: ROWS * 3 }, (_, k) => SCALES[k % 3] * z[k - (k % 3) + order[k % 3]]),
  shape: [ROWS, 3]
})

/** The graph with its latents in another order: row i is what row order[i] was. */
const renumbered = ({ latents, actions }: CausalGraph, order: readonly number[]): CausalGraph => ({
  ...(latents === undefined ? {} : { latents: order.map((i) => order.map((j) => latents[i][j])) }),
  ...(actions === undefined ? {} : { actions: order.map((i) => actions[i]) })
})

const graph = {
  latents: [
    [1, 0, 0],
    [1, 1, 0],
    [0, 0, 1]
  ],
  actions: [
    [1, 0],
    [0, 1],
    [1, 1]
  ]
}

const model = (of: CausalGraph, order: readonly number[]) => ({
  latents: relabelled(order),
  graph: renumbered(of, order)
})

describe('graphStability', () => {
  it('finds every edge stable where models differ in the order of their latents alone', () => {
    const orders = [
      [0, 1, 2],
      [2, 0, 1],
      [1, 2, 0]
    ]
    const found = orThrow(graphStability(orders.map((order) => model(graph, order))))
    expect(found.shares).toEqual({ latents: graph.latents, actions: graph.actions })
    expect(found).toMatchObject({
      stable: 8,
      unstable: 0,
      assignments: [
        [0, 1, 2],
        [1, 2, 0],
        [2, 0, 1]
      ]
    })
  })

  it('answers the share of models that have an edge, in the numbering of the reference', () => {
    const other: CausalGraph = {
      ...graph,
      actions: [
        [1, 0],
        [1, 1],
        [1, 1]
      ]
    }
    const models = [model(graph, [0, 1, 2]), model(other, [1, 0, 2]), model(graph, [2, 1, 0])]
    const { shares, stable, unstable } = orThrow(graphStability(models))
    expect(shares.actions?.[1][0]).toBeCloseTo(1 / 3, 12)
    expect([stable, unstable]).toEqual([8, 1])
    const fromOther = orThrow(graphStability(models, 1))
    expect(fromOther.shares.actions?.[0][0]).toBeCloseTo(1 / 3, 12)
  })

  it('answers how far probabilities of edges are apart, and how alike latents are', () => {
    const sure = { latents: graph.latents, actions: graph.actions }
    const less = {
      ...sure,
      actions: [
        [0.75, 0],
        [0, 1],
        [1, 0.5]
      ]
    }
    const [order, other] = [
      [0, 1, 2],
      [1, 0, 2]
    ]
    const models = [
      { ...model(graph, order), probabilities: renumbered(sure, order) },
      { ...model(graph, other), probabilities: renumbered(less, other) }
    ]
    const { spread, perLatent } = orThrow(graphStability(models))
    expect(spread?.actions).toEqual([
      [0.25, 0],
      [0, 0],
      [0, 0.5]
    ])
    expect(spread?.latents?.flat().every((value) => value === 0)).toBe(true)
    for (const value of perLatent) expect(value).toBeCloseTo(1, 9)
    expect(orThrow(graphStability([models[0], model(graph, other)])).spread).toBeUndefined()
    expect(orThrow(graphStability([models[0]])).perLatent).toEqual([Number.NaN, Number.NaN, Number.NaN])
  })

  it('takes graphs without actions, or without past latents', () => {
    const { shares } = orThrow(
      graphStability([{ latents: relabelled([0, 1, 2]), graph: { actions: graph.actions } }])
    )
    expect(shares.latents).toBeUndefined()
  })

  it.each([
    ['no models', [], 'ShapeMismatch'],
    [
      'other graphs',
      [model(graph, [0, 1, 2]), model({ actions: graph.actions }, [0, 1, 2])],
      'ShapeMismatch'
    ],
    [
      'fewer latents',
      [
        { latents: relabelled([0, 1, 2]), graph },
        { latents: { data: z.subarray(0, ROWS * 2), shape: [ROWS, 2] as const }, graph }
      ],
      'ShapeMismatch'
    ]
  ])('refuses %s', (_, models, tag) => {
    expect(graphStability(models)).toMatchObject({ left: { _tag: tag } })
  })
})

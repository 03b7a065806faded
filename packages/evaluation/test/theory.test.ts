import { problem } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { edgeCount, forecast, hiddenActions, theory } from '../src/index.js'

const called = (name: string, latents: number) => orThrow(problem(name, { latents }))

describe('theory', () => {
  it.each([
    ['ActionDiag', 4, 'complete'],
    ['ActionBlockDiag', 4, 'partial'],
    ['ActionBlockDiag', 2, 'none'],
    ['TimeNonDiag', 4, 'complete'],
    ['TimeNonDiag (k=2)', 4, 'not sufficient'],
    ['ActionNonDiag (no sufficient variability)', 4, 'not sufficient']
  ])('of %s with %d latents promises: %s', (name, latents, promise) => {
    expect(orThrow(theory(called(name, latents))).promise).toBe(promise)
  })

  it('counts actions that follow from others', () => {
    const graph = {
      actions: [
        [1, 0],
        [0, 1]
      ]
    }
    const complement = { action: 1, of: [0], factors: [-1], constant: 1 }
    expect(theory(graph, { dependent: [complement] })).toMatchObject({ right: { promise: 'none' } })
    expect(theory(graph, { dependent: [{ ...complement, action: 2 }] })).toMatchObject({
      left: { _tag: 'InvalidOption', message: expect.stringMatching(/^theory: the true graph/) }
    })
    // Of a kernel, influence is that of the actions which vary: one action that moves all latents is not sufficient.
    const kernel = called('ActionDiag', 2)
    expect(theory(kernel)).toMatchObject({ right: { promise: 'complete', influence: 'sufficient' } })
    expect(orThrow(theory(kernel, { dependent: [complement] })).promise).not.toBe('complete')
  })

  it('of a graph supposes influence', () => {
    expect(
      theory({
        actions: [
          [1, 0],
          [0, 1]
        ]
      })
    ).toMatchObject({
      right: { promise: 'complete', influence: 'supposed' }
    })
    expect(
      theory({
        actions: [
          [1, 0],
          [2, 1]
        ]
      })
    ).toMatchObject({
      left: { _tag: 'NotBinary', message: expect.stringMatching(/^theory: the true graph/) }
    })
  })
})

describe('a forecast', () => {
  it('starts with the promise', () => {
    expect(forecast(called('ActionDiag', 3)).lines[0]).toBe(
      'Mechanism sparsity with 3 edges, and influence is sufficient: complete disentanglement.'
    )
    expect(forecast(called('ActionBlockDiag', 2)).lines[0]).toMatch(/leaves all latents mixed/)
    expect(forecast(called('ActionNonDiag (no sufficient variability)', 3)).lines[0]).toMatch(
      /^Influence is not sufficient/
    )
  })

  it('tells of actions whose influence noise hides', () => {
    const kernel = orThrow(problem('ActionRandomGraph', { latents: 10, edgeProbability: 0.9, seed: 101 }))
    const { hidden, lines } = forecast(kernel)
    expect(hidden).toEqual(hiddenActions(kernel))
    expect(hidden.reduce((sum, action) => sum + action.hidden, 0)).toBe(15)
    expect(lines).toEqual(expect.arrayContaining(hidden.map(({ explanation }) => explanation)))
  })
})

it('edges of both parts are counted', () => {
  expect(
    edgeCount({
      latents: [
        [1, 0],
        [1, 1]
      ],
      actions: [[1], [0]]
    })
  ).toEqual({ edges: 4, possible: 6 })
  expect(edgeCount({})).toEqual({ edges: 0, possible: 0 })
})

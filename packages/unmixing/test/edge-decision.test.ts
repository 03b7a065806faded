import { describe, expect, it } from 'vitest'
import { decideEdges, relativeWorth } from '../src/index.js'

describe('decideEdges', () => {
  it('lays the line into the widest gap, or at a number', () => {
    const worth = [
      [3, 0.01, 0.02],
      [1.5, 2, 0.004],
      [0.003, 0.02, 0.9]
    ]
    const { edges, clear } = decideEdges(worth)
    expect(clear).toBe(true)
    expect(edges).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [0, 0, 1]
    ])
    expect(
      decideEdges(worth, 3)
        .edges.flat()
        .filter((edge) => edge === 1)
    ).toHaveLength(3)
  })

  it('gives a latent without causes none, though distortion is worth something to it', () => {
    const worth = [
      [3, 0.02, 2.5],
      [0.02, 0.015, 0.018],
      [0.01, 2, 0.05]
    ]
    expect(decideEdges(worth).edges[1]).toEqual([0, 0, 0])
    expect(decideEdges(worth, 3).edges).toEqual([
      [1, 0, 1],
      [0, 0, 0],
      [0, 1, 0]
    ])
  })

  it('finds none where nothing is worth anything', () => {
    const { edges } = decideEdges([
      [0.001, -0.001],
      [0, 0.0005]
    ])
    expect(edges.flat()).toEqual([0, 0, 0, 0])
  })
})

describe('relativeWorth', () => {
  it('is 1 for the strongest cause of a latent, and less where that one is weak beside others', () => {
    expect(
      relativeWorth([
        [2, 1],
        [0.05, 0.1],
        [4, 0]
      ])
    ).toEqual([
      [1, 0.5],
      [0.25, 0.5],
      [1, 0]
    ])
  })
})

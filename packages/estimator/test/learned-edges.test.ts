/** Which gates count as edges, and what a model is worth on examples that it did not see. */
import { generator } from '@mechid/random'
import { type ExampleSource, orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  findEngine,
  heldOutObjective,
  initialParameters,
  learnedGraph,
  type Model,
  type ModelShape,
  preset,
  train,
  undecidedEdges
} from '../src/index.js'

const shape: ModelShape = { latents: 2, features: 3, actions: 2, temporal: false }

/** A model whose gates have these probabilities. */
const gated = (probabilities: readonly number[], edges?: number): Model => {
  const configuration = orThrow(preset('gated', shape, edges))
  const parameters = initialParameters(shape, configuration, generator(1))
  const logits = Float32Array.from(probabilities, (p) => Math.log(p / (1 - p)))
  return {
    shape,
    configuration,
    parameters: { ...parameters, 'gates/actions': { data: logits, shape: [2, 2] } }
  }
}

describe('learnedGraph', () => {
  it('counts open gates', () => {
    expect(learnedGraph(gated([0.9, 0.2, 0.51, 0.49])).actions).toEqual([
      [1, 0],
      [1, 0]
    ])
  })

  it('counts the most probable ones where a bound allows no more', () => {
    expect(learnedGraph(gated([0.52, 0.51, 0.54, 0.53], 2)).actions).toEqual([
      [0, 0],
      [1, 1]
    ])
    expect(learnedGraph(gated([0.52, 0.51, 0.54, 0.53], 0)).actions).toEqual([
      [0, 0],
      [0, 0]
    ])
    expect(learnedGraph(gated([0.99, 0.98, 0.01, 0.02], 2)).actions).toEqual([
      [1, 1],
      [0, 0]
    ])
  })
})

describe('undecidedEdges', () => {
  it('names gates that are neither open nor closed', () => {
    expect(undecidedEdges(gated([0.95, 0.88, 0.12, 0.05])).actions).toEqual([
      [0, 1],
      [1, 0]
    ])
  })
})

/** Rows whose two latents follow their actions, seen in three features; `shift` pairs rows with actions of others. */
const rows = (count: number, shift: number): ExampleSource => {
  const random = generator(2)
  const [x, a] = [new Float32Array(3 * count), new Float32Array(2 * count)]
  for (let i = 0; i < count; i++) {
    const [p, q] = [random.normal(), random.normal()]
    const [u, v] = [p + 0.1 * random.normal(), q + 0.1 * random.normal()]
    x.set(
      [u + v, u - v, 0.5 * u].map((value) => value / 1.4),
      3 * i
    )
    a.set([p, q], 2 * i)
  }
  return {
    examples: count,
    features: 3,
    actions: 2,
    temporal: false,
    order: (generated) => generated.permutation(count),
    gather: (indices, xOut, aOut) => {
      for (let i = 0; i < indices.length; i++) {
        const acting = (indices[i] + shift) % count
        xOut.set(x.subarray(3 * indices[i], 3 * indices[i] + 3), 3 * i)
        aOut.set(a.subarray(2 * acting, 2 * acting + 2), 2 * i)
      }
    }
  }
}

describe('heldOutObjective', () => {
  it('is lower with the right actions than with those of other rows, once they were learned', async () => {
    const engine = orThrow(await findEngine('auto')())
    const configuration = { ...orThrow(preset('gated', shape, 2)), steps: 300, batch: 128 }
    const { model } = await orThrow(train(rows(2000, 0), { latents: 2, configuration, engine }))
    const [right, wrong] = [0, 7].map((shift) => heldOutObjective(engine, model, rows(500, shift)))
    const [of, off] = [await orThrow(right), await orThrow(wrong)]
    expect(off.divergence - of.divergence).toBeGreaterThan(0.5)
    expect(off.reconstruction).toBeCloseTo(of.reconstruction, 6)
    expect(of.negativeElbo).toBeCloseTo(of.reconstruction + of.divergence, 4)
    expect(await orThrow(right)).toEqual(of)
  }, 60_000)

  it('needs examples', async () => {
    const engine = orThrow(await findEngine('auto')())
    const none = { ...rows(1, 0), examples: 0 }
    expect(await heldOutObjective(engine, gated([0.5, 0.5, 0.5, 0.5]), none)()).toMatchObject({
      left: { _tag: 'TooFewRows' }
    })
  })
})

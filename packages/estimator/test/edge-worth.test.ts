import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Configuration } from '../src/configuration/configuration.js'
import { findEngine, initialParameters, preset } from '../src/index.js'
import { type Transitions, transitionDivergence } from '../src/model/transition.js'
import { productsInTurn, stackProducts } from '../src/networks/products.js'
import { edgeValues, edgeWorth } from '../src/objective/internal/edge-worth.js'
import { sparsityTerm } from '../src/objective/sparsity-term.js'

const SHAPE = { latents: 3, features: 5, actions: 4, temporal: false }
const ROWS = 40

beforeAll(async () => {
  await findEngine('wasm')()
})

const configured = (
  change: Partial<Configuration>,
  products = stackProducts
): Configuration & Transitions => ({
  ...orThrow(preset('gated', SHAPE, 6)),
  ...change,
  products
})

const normal = (seed: number, rows: number, columns: number): tf.Tensor2D => {
  const data = new Float32Array(rows * columns)
  generator(seed).fillNormal(data)
  return tf.tensor2d(data, [rows, columns])
}

const setting = (configuration: Configuration) => {
  const parameters = Object.fromEntries(
    Object.entries(initialParameters(SHAPE, configuration, generator(1))).map(([name, { data, shape }]) => [
      name,
      // Series start at zero, where no edge is worth anything.
      name === 'transition/series'
        ? tf.randomNormal(shape as number[], 0, 0.3, 'float32', 6)
        : tf.tensor(data, shape as number[])
    ])
  )
  const posterior = { mean: normal(2, ROWS, 3), logVariance: normal(3, ROWS, 3) }
  const gates = tf.tensor2d([1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 1], [3, 4])
  return { parameters, posterior, gates, u: normal(4, ROWS, 4) }
}

describe.each(['optimal', 'constant', 'network'] as const)(
  'what an edge is worth, variance %s',
  (transitionVariance) => {
    const frequencies = [0.5, 1, 1.5]
    const sizes = [
      { width: 16, depth: 1 },
      { width: 16, depth: 2 },
      { width: 16, depth: 1, frequencies },
      ...(transitionVariance === 'network' ? [] : [{ width: 1, depth: 0, frequencies }])
    ]
    const ways = Object.entries({ stackProducts, productsInTurn })
    const cases = sizes.flatMap((size) => ways.map(([name, products]) => ({ size, name, products })))
    it.each(cases)('is the KL without it minus the KL with it, $size, $name', ({ size, products }) => {
      const configuration = configured({ transitionVariance, transition: size }, products)
      const { parameters, posterior, gates, u } = setting(configuration)
      const values = edgeValues(parameters, configuration, posterior, u, gates).arraySync()
      const start = gates.arraySync()
      const kl = (table: number[][]): number =>
        transitionDivergence(parameters, configuration, posterior, u, tf.tensor2d(table)).dataSync()[0] / ROWS
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 4; j++) {
          const flipped = start.map((row, p) => row.map((gate, q) => (p === i && q === j ? 1 - gate : gate)))
          const [open, shut] = start[i][j] === 1 ? [start, flipped] : [flipped, start]
          expect(values[i][j]).toBeCloseTo(kl(shut) - kl(open), 4)
        }
      }
    })
  }
)

/** Rows in which one of `columns` is 1, and some in which none is. */
const oneOfEach = (rows: number, columns: number): tf.Tensor2D =>
  tf.tensor2d(
    Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (__, l) => (row % (columns + 1) === l ? 1 : 0))
    )
  )

describe.each(['optimal', 'constant', 'network'] as const)(
  'exclusive actions, variance %s',
  (transitionVariance) => {
    it('are worth what they are worth alone, from one mask for all', () => {
      const configuration = configured({ transitionVariance, transition: { width: 16, depth: 1 } })
      const { parameters, posterior, gates } = setting(configuration)
      const onlyActions = oneOfEach(ROWS, 4)
      const each = edgeValues(parameters, configuration, posterior, onlyActions, gates).arraySync()
      const together = edgeValues(parameters, configuration, posterior, onlyActions, gates, 4).arraySync()
      expect(Math.max(...each.flat().map(Math.abs))).toBeGreaterThan(0.002)
      each.flat().forEach((value, at) => {
        expect(together.flat()[at]).toBeCloseTo(value, 5)
      })
      // Two inputs that act in every row, such as past latents, and two values of an action.
      const mixed = tf.concat([normal(4, ROWS, 2), oneOfEach(ROWS, 2)], 1) as tf.Tensor2D
      const alone = edgeValues(parameters, configuration, posterior, mixed, gates).arraySync().flat()
      const some = edgeValues(parameters, configuration, posterior, mixed, gates, 2).arraySync().flat()
      alone.forEach((value, at) => {
        expect(some[at]).toBeCloseTo(value, 5)
      })
    })
  }
)

it('weighs the entropy of a rare edge, and its price, by how often its action acts', () => {
  const configuration = configured({})
  const { parameters, posterior, gates } = setting(configuration)
  const u = oneOfEach(ROWS, 4)
  const logits = normal(5, 3, 4)
  const occurrences = { shares: Float32Array.from([0.2, 0.01, 1, 0.5]), exclusive: true }
  const worth = (x: tf.Tensor) =>
    edgeWorth(parameters, configuration, posterior, u, gates, x, tf.scalar(0.3), SHAPE.features, occurrences)
  const gradient = tf.grad(worth)(logits).dataSync()
  const values = edgeValues(parameters, configuration, posterior, u, gates, 4).dataSync()
  logits.dataSync().forEach((logit, at) => {
    const open = 1 / (1 + Math.exp(-logit))
    const pull = 0.3 * occurrences.shares[at % 4] * logit - values[at]
    expect(gradient[at]).toBeCloseTo((pull * open * (1 - open)) / SHAPE.features, 5)
  })
  const price = (shares?: typeof occurrences): number[] => {
    const cost = (x: tf.Tensor) =>
      sparsityTerm(
        { ...parameters, 'gates/actions': x },
        SHAPE,
        { ...configuration, sparsity: { _tag: 'Penalty', weight: 0.5, from: 0, to: 0 } },
        tf.scalar(0),
        { penalty: tf.scalar(0.5) },
        shares
      ).cost as tf.Scalar
    return Array.from(tf.grad(cost)(logits).dataSync())
  }
  const [rare, always] = [price(occurrences), price()]
  rare.forEach((value, at) => {
    expect(value).toBeCloseTo(always[at] * occurrences.shares[at % 4], 6)
  })
})

it('moves logits towards edges that help, and weighs in nothing else', () => {
  const configuration = configured({})
  const { parameters, posterior, gates, u } = setting(configuration)
  const logits = normal(5, 3, 4)
  const worth = (x: tf.Tensor) =>
    edgeWorth(parameters, configuration, posterior, u, gates, x, tf.scalar(0.3), SHAPE.features)
  expect(worth(logits).dataSync()[0]).toBe(0)
  const gradient = tf.grad(worth)(logits).dataSync()
  const values = edgeValues(parameters, configuration, posterior, u, gates).dataSync()
  logits.dataSync().forEach((logit, at) => {
    const open = 1 / (1 + Math.exp(-logit))
    expect(gradient[at]).toBeCloseTo(((0.3 * logit - values[at]) * open * (1 - open)) / SHAPE.features, 5)
  })
})

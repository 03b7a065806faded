/** Whole trainings of the estimator, 200 steps long, eager and compiled: every parameter agrees. */
import {
  type Configuration,
  findEngine,
  known,
  knownKernel,
  linearDynamics,
  type OptimizerChoice,
  ofClass,
  preset,
  train,
  trainKnownMechanism
} from '@mechid/estimator'
import { kernel, laplace, mechanism } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { type ExampleSource, orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { type Comparison, pairedEngine } from './engine-pair.js'

const STEPS = 200
const TOLERANCE = 1e-4
const ROWS = 256

/** Two latents that follow their actions, or themselves, seen through three features. */
const source = (temporal: boolean): ExampleSource => {
  const random = generator(3)
  const normals = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.normal())
  const [x, a] = [new Float32Array(ROWS * 6), normals(ROWS * 2)]
  for (let row = 0; row < ROWS; row++) {
    const first = temporal ? normals(2) : [Math.sin(a[2 * row]), Math.cos(a[2 * row + 1])]
    const frames = [
      first,
      [
        Math.cos(0.5) * first[0] - Math.sin(0.5) * first[1],
        Math.sin(0.5) * first[0] + Math.cos(0.5) * first[1]
      ]
    ]
    frames.forEach(([u, v], frame) => {
      x.set([u + 0.5 * v, v - 0.5 * u, Math.tanh(u + v)], 6 * row + 3 * frame)
    })
  }
  return {
    examples: ROWS,
    features: 3,
    actions: temporal ? 0 : 2,
    temporal,
    order: (r) => r.permutation(ROWS),
    gather: (indices, out, actions) =>
      indices.forEach((row, i) => {
        out.set(x.subarray(6 * row, 6 * row + 3), 3 * i)
        if (temporal) out.set(x.subarray(6 * row + 3, 6 * row + 6), 3 * (indices.length + i))
        else actions.set(a.subarray(2 * row, 2 * row + 2), 2 * i)
      })
  }
}

/** Soft gates: binary ones let two runs part as soon as one gate falls the other way. */
const small = (temporal: boolean, optimizer: OptimizerChoice): Configuration => ({
  ...orThrow(preset('published', { latents: 2, features: 3, actions: temporal ? 0 : 2, temporal }, 3)),
  encoder: { width: 16, depth: 2 },
  decoder: { width: 16, depth: 2 },
  transition: { width: 16, depth: 2 },
  initialDecoderVariance: 1,
  initialTransitionVariance: 1,
  optimizer,
  learningRate: 1e-3,
  batch: 64,
  steps: STEPS
})

const agreed = ({ compared, differing }: Comparison): void => {
  expect(differing).toEqual([])
  expect(compared.length).toBeGreaterThan(5)
}

const eager = await orThrow(findEngine('wasm'))

describe('a mechanism-sparsity training agrees on every parameter', () => {
  const optimizers: readonly OptimizerChoice[] = [
    { _tag: 'Adam' },
    { _tag: 'Sgd', momentum: 0.9 },
    { _tag: 'Muon', matrixRate: 1 }
  ]
  const cases = [false, true].flatMap((temporal) => optimizers.map((optimizer) => ({ temporal, optimizer })))

  it.each(cases)('temporal $temporal, $optimizer._tag', async ({ temporal, optimizer }) => {
    const { engine, comparison } = pairedEngine(eager, TOLERANCE)
    const configuration = small(temporal, optimizer)
    await orThrow(train(source(temporal), { latents: 2, configuration, engine }))
    agreed(comparison)
  })

  it.each(['Oracle', 'Dense', 'Penalty'] as const)('baseline %s', async (tag) => {
    const { engine, comparison } = pairedEngine(eager, TOLERANCE)
    const truth = {
      latents: [
        [1, 0],
        [0, 1]
      ],
      actions: [
        [1, 0],
        [0, 1]
      ]
    }
    const sparsity = {
      Oracle: { _tag: 'Oracle', graph: truth } as const,
      Dense: { _tag: 'Dense' } as const,
      Penalty: { _tag: 'Penalty', weight: 0.5, from: 0, to: 0.5 } as const
    }[tag]
    const configuration = { ...small(false, { _tag: 'Adam' }), sparsity }
    await orThrow(train(source(false), { latents: 2, configuration, engine }))
    agreed(comparison)
  })
})

describe('a training with a mechanism agrees on every parameter', () => {
  /** A user's own: every elementary function that a tensor has. */
  const custom = orThrow(
    mechanism({
      latents: 2,
      actions: 0,
      step: (F, [u, v]) => [
        F.add(u, F.mul(F.lit(0.3), F.sin(F.add(v, F.exp(F.neg(F.mul(u, u))))))),
        F.sub(v, F.mul(F.lit(0.2), F.tanh(F.div(u, F.sqrt(F.add(F.lit(1), F.abs(F.mul(v, F.cos(u)))))))))
      ]
    })
  )
  const stochastic = orThrow(
    kernel({
      latents: 2,
      actions: 0,
      lags: 1,
      location: (F, [u, v]) => [F.add(u, F.mul(F.lit(0.3), F.sin(v))), v],
      scale: 0.2,
      noise: laplace
    })
  )
  const dynamics = {
    custom: known(custom),
    'linear class': ofClass(linearDynamics(2)),
    'stochastic kernel': knownKernel(stochastic)
  }

  it.each(Object.entries(dynamics))('%s', async (_, each) => {
    const { engine, comparison } = pairedEngine(eager, TOLERANCE)
    const configuration = {
      encoder: { width: 16, depth: 1, activation: 'swish' as const },
      decoder: { width: 16, depth: 1, activation: 'swish' as const },
      batch: 64,
      learningRate: 1e-3,
      steps: STEPS
    }
    await orThrow(trainKnownMechanism({ data: source(true), dynamics: each, engine, seed: 1, configuration }))
    agreed(comparison)
  })
})

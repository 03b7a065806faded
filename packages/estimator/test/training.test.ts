import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from '@mechid/engine'
import { writeSafetensors } from '@mechid/files'
import { generator } from '@mechid/random'
import { type ExampleSource, orThrow } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Configuration,
  decodeRows,
  type EstimatorError,
  edgeProbabilities,
  encodeRows,
  findEngine,
  learnedGraph,
  loadModel,
  preset,
  type Sparsity,
  saveModel,
  type Trained,
  type TrainingOptions,
  train
} from '../src/index.js'

let engine: Engine
let folder: string
beforeAll(async () => {
  engine = await orThrow(findEngine('wasm'))
  folder = mkdtempSync(join(tmpdir(), 'estimator-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Two latents, each driven by its own action; three features that mix them. */
const examples = (count: number, temporal = false): ExampleSource => {
  const random = generator(11)
  const frames = temporal ? 2 : 1
  const x = new Float32Array(count * frames * 3)
  const a = new Float32Array(count * 2)
  for (let i = 0; i < count; i++) {
    const z = [0, 0]
    for (let j = 0; j < 2; j++) {
      a[2 * i + j] = 4 * random.uniform() - 2
      z[j] = Math.sin(1.5 * a[2 * i + j]) + 0.01 * random.normal()
    }
    for (let f = 0; f < frames; f++) {
      x.set([z[0] + z[1], z[0] - z[1], 0.5 * z[0]], (i * frames + f) * 3)
    }
  }
  return {
    examples: count,
    features: 3,
    actions: 2,
    temporal,
    gather: (indices, xOut, aOut) => {
      for (let r = 0; r < indices.length; r++) {
        const i = indices[r]
        for (let f = 0; f < frames; f++) {
          const from = (i * frames + f) * 3
          xOut.set(x.subarray(from, from + 3), (f * indices.length + r) * 3)
        }
        aOut.set(a.subarray(2 * i, 2 * i + 2), 2 * r)
      }
    },
    order: (stream) => stream.permutation(count)
  }
}

const small = (changes: Partial<Configuration> = {}): Configuration => {
  const shape = { latents: 2, features: 3, actions: 2, temporal: false }
  return {
    ...orThrow(preset('gated', shape, 2)),
    encoder: { width: 16, depth: 1 },
    decoder: { width: 16, depth: 1 },
    transition: { width: 16, depth: 1 },
    batch: 32,
    steps: 40,
    ...changes
  }
}

/** A multiplier that grows fast enough for a short run. */
const quickBound: Sparsity = {
  _tag: 'Constraint',
  edges: 2,
  from: 0.2,
  to: 0.6,
  dualRate: 0.1,
  restarts: true
}

type Request = TrainingOptions & { readonly data: ExampleSource }

const run = ({ data, ...options }: Request): TaskEither<EstimatorError, Trained> => train(data, options)

const options = (changes: Partial<Request> = {}): Request => ({
  data: examples(200),
  latents: 2,
  configuration: small(),
  engine,
  seed: 1,
  ...changes
})

describe('training', () => {
  it('lowers the loss and prunes down to the bound', async () => {
    const { history, model } = await orThrow(
      run(options({ configuration: small({ steps: 900, sparsity: quickBound }) }))
    )
    const mean = (from: number): number =>
      history.terms.loss.slice(from, from + 50).reduce((sum, x) => sum + x, 0) / 50
    expect(mean(850)).toBeLessThan(mean(0) - 0.5)
    expect(history.terms.edges[899]).toBeLessThan(2.3)
    const edges = learnedGraph(model).actions?.flat() ?? []
    expect(edges).toHaveLength(4)
    expect(
      edgeProbabilities(model)
        .actions?.flat()
        .every((p) => p > 0 && p < 1)
    ).toBe(true)
  }, 120_000)

  it('gives the same numbers for the same seed, and others for another', async () => {
    const [first, again, other] = await Promise.all([
      orThrow(run(options())),
      orThrow(run(options())),
      orThrow(run(options({ seed: 2 })))
    ])
    expect(again.history.terms.loss).toEqual(first.history.terms.loss)
    expect(again.model.parameters).toEqual(first.model.parameters)
    expect(other.history.terms.loss).not.toEqual(first.history.terms.loss)
  })

  it('resumes to the same numbers as an unbroken run', async () => {
    const whole = await orThrow(run(options()))
    const checkpoint = { directory: folder, every: 15 }
    const abort = new AbortController()
    const stopped = await orThrow(
      run(
        options({
          checkpoint,
          signal: abort.signal,
          onProgress: ({ step }) => {
            if (step === 23) abort.abort()
          }
        })
      )
    )
    expect(stopped.aborted).toBe(true)
    const resumed = await orThrow(run(options({ checkpoint, resume: true })))
    expect(resumed.resumedAt).toBe(23)
    expect(resumed.history.terms).toEqual(whole.history.terms)
    expect(resumed.model.parameters).toEqual(whole.model.parameters)
  })

  it.each([
    ['Muon', { optimizer: { _tag: 'Muon', matrixRate: 1 } }],
    [
      'SGD with momentum and clipping',
      { optimizer: { _tag: 'Sgd', momentum: 0.9 }, maxGradientNorm: 1, learningRate: 1e-3 }
    ],
    ['straight-through gates', { gates: 'straight-through' }],
    ['learned variances', { decoderVariance: 'learned', transitionVariance: 'network' }],
    ['a penalty', { sparsity: { _tag: 'Penalty', weight: 0.5, from: 0, to: 0.5 } }],
    ['a dense graph', { sparsity: { _tag: 'Dense' } }],
    ['deeper transitions', { transition: { width: 8, depth: 2 } }]
  ] as ReadonlyArray<[string, Partial<Configuration>]>)('learns with %s', async (_, changes) => {
    const { history } = await orThrow(run(options({ configuration: small({ steps: 300, ...changes }) })))
    expect(history.terms.loss[299]).toBeLessThan(history.terms.loss[0])
  })

  it('keeps the graph of an oracle', async () => {
    const graph = {
      actions: [
        [1, 0],
        [0, 1]
      ]
    }
    const configuration = small({ sparsity: { _tag: 'Oracle', graph } })
    const { model } = await orThrow(run(options({ configuration })))
    expect(learnedGraph(model)).toEqual(graph)
  })

  it('learns from pairs of frames', async () => {
    const configuration = small({ steps: 200 })
    const { model, history } = await orThrow(run(options({ data: examples(200, true), configuration })))
    expect(history.terms.loss[199]).toBeLessThan(history.terms.loss[0])
    expect(learnedGraph(model).latents).toHaveLength(2)
  })

  it('leaks no tensors', async () => {
    await orThrow(run(options()))
    const before = tf.memory().numTensors
    await orThrow(run(options({ configuration: small({ steps: 80 }) })))
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('a file that is no model', () => {
  const kind = 'mechid model'
  const shape = JSON.stringify({ features: 3, latents: 2, actions: 2, temporal: false })
  const configuration = JSON.stringify(small())
  const parts = 'encoder, decoder, transition, sparsity'
  it.each([
    [{}, 'its kind is missing, expected mechid model'],
    [{ kind }, 'its shape is missing, expected JSON with features, latents, actions, temporal'],
    [
      { kind, shape: '{"features"' },
      'its shape is {"features", expected JSON with features, latents, actions, temporal'
    ],
    [{ kind, shape: 'null' }, 'its shape is null, expected JSON with features, latents, actions, temporal'],
    [{ kind, shape }, `its configuration is missing, expected JSON with ${parts}`],
    [{ kind, shape, configuration: '{}' }, `its configuration is {}, expected JSON with ${parts}`],
    [
      { kind, shape, configuration },
      'its tensor gates/actions is missing, expected the parameters of a model'
    ]
  ])('is an error that says what is missing: %o', async (metadata, words) => {
    const path = join(folder, 'other.safetensors')
    const zero = { data: new Float32Array(1), shape: [1] }
    await orThrow(writeSafetensors(path, { 'encoder/w0': zero, 'decoder/w0': zero }, metadata))
    expect(await loadModel(path)()).toMatchObject({
      left: { _tag: 'FileUnusable', message: `${path}: ${words}` }
    })
  })
})

describe('a trained model', () => {
  it('comes back from its file and encodes the same, in any number of rows', async () => {
    const { model } = await orThrow(run(options()))
    const path = join(folder, 'model.safetensors')
    await orThrow(saveModel(path, model, { note: 'kept' }))
    const loaded = await orThrow(loadModel(path))
    expect(loaded.metadata.note).toBe('kept')
    const other = join(folder, 'other.safetensors')
    await orThrow(writeSafetensors(other, model.parameters))
    const x = { data: new Float32Array(1500 * 3), shape: [1500, 3] as const }
    generator(3).fillNormal(x.data)
    const z = await orThrow(encodeRows(engine, model, x))
    expect(z.shape).toEqual([1500, 2])
    expect((await orThrow(encodeRows(engine, loaded.model, x))).data).toEqual(z.data)
    const one = { data: x.data.slice(3 * 1200, 3 * 1201), shape: [1, 3] as const }
    const [single] = (await orThrow(encodeRows(engine, model, one))).data
    expect(single).toBeCloseTo(z.data[2 * 1200], 5)
    expect((await orThrow(decodeRows(engine, model, z))).shape).toEqual([1500, 3])
    expect(await encodeRows(engine, model, { data: new Float32Array(4), shape: [2, 2] })()).toMatchObject({
      left: { _tag: 'ShapeMismatch', where: 'encodeRows', expected: '[rows, 3]' }
    })
  })
})

describe('bad input', () => {
  it.each([
    ['more latents than features', { latents: 4 }, { _tag: 'InvalidOption', what: 'latents' }],
    ['fewer rows than a batch', { data: examples(20) }, { _tag: 'TooFewRows', actual: 20, needed: 32 }],
    [
      'a learning rate of 0',
      { configuration: small({ learningRate: 0 }) },
      { _tag: 'InvalidOption', what: 'learningRate' }
    ],
    [
      'an oracle graph of another size',
      { configuration: small({ sparsity: { _tag: 'Oracle', graph: { actions: [[1, 0]] } } }) },
      { _tag: 'ShapeMismatch' }
    ]
  ])('refuses %s', async (_, changes, error) => {
    const result = await run({ ...options(), ...changes })()
    expect(result).toMatchObject({ _tag: 'Left', left: error })
    if (result._tag === 'Left') expect(result.left.message.length).toBeGreaterThan(20)
  })

  it('stops when a term stops being a number, and says which, when, and what is kept', async () => {
    const configuration = small({ learningRate: 1e30, optimizer: { _tag: 'Sgd', momentum: 0 } })
    const directory = mkdtempSync(join(folder, 'diverged-'))
    const result = await run(options({ configuration, checkpoint: { directory, every: 1 } }))()
    expect(result).toMatchObject({
      left: { _tag: 'Diverged', where: 'train', kept: true, lastGoodStep: 1, step: 2 }
    })
    if (result._tag !== 'Left' || result.left._tag !== 'Diverged') return
    const { term, terms, parameters, message } = result.left
    expect(term).not.toBe('loss')
    expect(terms).toContain('loss')
    expect(parameters).toEqual(expect.arrayContaining(['encoder', 'decoder']))
    expect(message).toMatch(/^train: \w+ is \S+ at step 2 .* the state of step 1 is kept; a lower/)
    const unsaved = await run(options({ configuration }))()
    expect(unsaved).toMatchObject({
      left: { kept: false, message: expect.stringMatching(/; no state was saved;/) }
    })
  })

  it('names the part of the objective that broke, not the sum', async () => {
    const x: ExampleSource = {
      ...examples(64),
      gather: (indices, to, a) => {
        a.fill(0)
        to.fill(1e30)
        to[indices[0] % to.length] = Number.POSITIVE_INFINITY
      }
    }
    const seen = await run(options({ data: x }))()
    expect(seen).toMatchObject({ left: { _tag: 'Diverged', step: 1 } })
    if (seen._tag === 'Left' && seen.left._tag === 'Diverged')
      expect(['reconstruction', 'divergence', 'squaredError']).toContain(seen.left.term)
  })

  it('will not resume from the checkpoint of another training', async () => {
    const directory = mkdtempSync(join(folder, 'other-'))
    const checkpoint = { directory, every: 20 }
    await orThrow(run(options({ checkpoint })))
    const seed = await run(options({ checkpoint, resume: true, seed: 5 }))()
    expect(seed).toMatchObject({
      left: { _tag: 'CheckpointMismatch', what: 'seed', actual: '1', expected: '5' }
    })
    if (seed._tag === 'Left') expect(seed.left.message).toMatch(/: its seed is 1, expected 5; keep/)
    const data = await run(options({ checkpoint, resume: true, data: examples(300) }))()
    expect(data).toMatchObject({ left: { _tag: 'CheckpointMismatch', what: 'data' } })
    const changed = small({ batch: 33, encoder: { width: 5, depth: 1 } })
    expect(await run(options({ checkpoint, resume: true, configuration: changed }))()).toMatchObject({
      left: {
        _tag: 'CheckpointMismatch',
        what: 'configuration',
        actual: 'encoder.width 16, batch 32',
        expected: 'encoder.width 5, batch 33'
      }
    })
    const path = join(directory, 'checkpoint.safetensors')
    writeFileSync(path, readFileSync(path).subarray(0, 500))
    const cut = await run(options({ checkpoint, resume: true }))()
    expect(cut).toMatchObject({ left: { _tag: 'FileUnusable', path } })
    // The file's own error, which names the file.
    if (cut._tag === 'Left') expect(cut.left.message.split(path)).toHaveLength(2)
  })

  it('knows its presets', () => {
    const shape = { latents: 2, features: 3, actions: 2, temporal: false }
    expect(preset('quick', shape, 2)).toMatchObject({ left: { _tag: 'UnknownName', name: 'quick' } })
    expect(preset('gated', shape, 5)).toMatchObject({ left: { _tag: 'InvalidOption', what: 'edges' } })
  })
})

describe('without a configuration', () => {
  it('takes the fast recipe for the data’s shape, and checks latents and edges first', async () => {
    const seen: string[] = []
    const abort = new AbortController()
    const started = await orThrow(
      train(examples(1024), {
        latents: 2,
        edges: 2,
        signal: abort.signal,
        onProgress: ({ stage }) => {
          seen.push(stage ?? 'none')
          abort.abort()
        }
      })
    )
    expect(seen).toEqual(['dense'])
    expect(started.aborted).toBe(true)
    expect(started.engine.name.length).toBeGreaterThan(0)
  })

  it.each([
    ['no latents', { latents: 0 }, 'latents'],
    ['more latents than features', { latents: 500, edges: 4 }, 'latents'],
    ['more edges than there can be', { latents: 2, edges: 99 }, 'edges'],
    ['half a step', { latents: 2, steps: 0.5 }, 'steps'],
    ['edges beside a configuration', { latents: 2, edges: 2, configuration: small() }, 'edges']
  ])('refuses %s', async (_, request, what) => {
    const answer = await train(examples(1024), request)()
    expect(answer).toMatchObject({ _tag: 'Left', left: { _tag: 'InvalidOption', what } })
  })
})

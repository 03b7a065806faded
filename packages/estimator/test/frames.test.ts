/** Sparsity VAEs of frames: sizes of any kind, Jacobians, stages, export and files, on engines that compute here. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from '@mechid/engine'
import { generator } from '@mechid/random'
import { type ExampleSource, orThrow, type Samples } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { linearizedDecoder } from '../src/encoding/internal/decoder-jacobian.js'
import {
  type Configuration,
  checkConfiguration,
  decodeRows,
  encodePrecisely,
  encodeRows,
  encoderFunction,
  type FrameSize,
  findEngine,
  foldMap,
  frameNetworks,
  initialCarry,
  initialParameters,
  isStaged,
  learnedGraph,
  loadModel,
  type Model,
  noiseFloor,
  posteriorCovariances,
  posteriorRows,
  preset,
  presetNames,
  saveModel,
  train,
  trainingStep,
  withFrames,
  withSteps
} from '../src/index.js'
import { feedSource } from '../src/training/internal/feeds.js'

const folder = mkdtempSync(join(tmpdir(), 'frames-'))
afterAll(() => rmSync(folder, { recursive: true }))

const LATENTS = 2
const ACTIONS = 2

const shapeOf = ({ height, width, channels }: FrameSize, temporal = false) => ({
  latents: LATENTS,
  features: height * width * channels,
  actions: ACTIONS,
  temporal
})

const small = (size: FrameSize, temporal = false): Configuration => ({
  ...withFrames(orThrow(preset('gated', shapeOf(size, temporal), 2)), frameNetworks(size)),
  encoder: { width: 16, depth: 1 },
  decoder: { width: 16, depth: 1 },
  transition: { width: 16, depth: 1 },
  batch: 16
})

const modelOf = (size: FrameSize, seed = 1): Model => {
  const configuration = small(size)
  const shape = shapeOf(size)
  return { shape, configuration, parameters: initialParameters(shape, configuration, generator(seed)) }
}

const normals = (rows: number, columns: number, seed = 2): Samples<Float32Array> => {
  const data = new Float32Array(rows * columns)
  generator(seed).fillNormal(data)
  return { data, shape: [rows, columns] }
}

/** A wide spot whose place follows the actions, each coordinate its own. */
const spots = ({ height, width, channels }: FrameSize, rows: number): ExampleSource & { x: Samples } => {
  const features = height * width * channels
  const actions = normals(rows, ACTIONS, 5)
  const data = new Float32Array(rows * features)
  const noise = normals(rows, features, 6)
  for (let r = 0; r < rows; r++) {
    const [row, column] = [0, 1].map((axis) => {
      const side = axis === 0 ? height : width
      return side / 2 + 0.2 * side * Math.sin(actions.data[2 * r + axis])
    })
    for (let p = 0; p < features; p++) {
      const pixel = Math.floor(p / channels)
      const [i, j] = [Math.floor(pixel / width), pixel % width]
      const away = ((i - row) / (0.3 * height)) ** 2 + ((j - column) / (0.3 * width)) ** 2
      data[r * features + p] = 3 * Math.exp(-away) - 1 + 0.05 * noise.data[r * features + p]
    }
  }
  const copied = (
    from: ArrayLike<number>,
    row: number,
    count: number,
    to: Float32Array,
    at: number
  ): void => {
    for (let k = 0; k < count; k++) to[at * count + k] = from[row * count + k]
  }
  return {
    x: { data, shape: [rows, features] },
    examples: rows,
    features,
    actions: ACTIONS,
    temporal: false,
    order: (random) => random.permutation(rows),
    gather: (indices, x, a) =>
      indices.forEach((row, i) => {
        copied(data, row, features, x, i)
        copied(actions.data, row, ACTIONS, a, i)
      })
  }
}

/** The frames of `spots` as pairs: a spot, and where the next action puts it. */
const pairs = (size: FrameSize, rows: number): ExampleSource => {
  const { x, gather, ...rest } = spots(size, rows)
  return {
    ...rest,
    examples: rows - 1,
    temporal: true,
    order: (random) => random.permutation(rows - 1),
    gather: (indices, out, a) => {
      const half = indices.length * rest.features
      void gather(indices, out.subarray(0, half), new Float32Array(a.length))
      void gather(
        indices.map((index) => index + 1),
        out.subarray(half),
        a
      )
    }
  }
}

const SIZES: readonly FrameSize[] = [
  { height: 28, width: 28, channels: 1 },
  { height: 30, width: 40, channels: 3 },
  { height: 9, width: 14, channels: 2 },
  { height: 64, width: 64, channels: 3 },
  { height: 84, width: 84, channels: 1 },
  { height: 5, width: 3, channels: 1 }
]

let engine: Engine
beforeAll(async () => {
  engine = await orThrow(findEngine('wasm'))
})

describe('networks for frames', () => {
  it('bring the shorter side near to four pixels', () => {
    const layers = SIZES.map((size) => frameNetworks(size).filters)
    expect(layers).toEqual([[8, 16, 32], [8, 16, 32], [8], [8, 16, 32, 64], [8, 16, 32, 64], [8]])
  })

  it.each(SIZES)('encode and decode $height × $width × $channels', async (size) => {
    const model = modelOf(size)
    const { features } = model.shape
    expect(checkConfiguration(model.shape, model.configuration)._tag).toBe('Right')
    const x = normals(3, features)
    const z = orThrow(await encodeRows(engine, model, x)())
    const back = orThrow(await decodeRows(engine, model, z)())
    expect(z.shape).toEqual([3, LATENTS])
    expect(back.shape).toEqual([3, features])
    expect(back.data.every(Number.isFinite)).toBe(true)
    // Every pixel is seen, those at the rim, too: another last pixel gives another code.
    const other = { ...x, data: x.data.slice() }
    for (const at of [0, features - 1]) other.data[at] += 3
    const moved = orThrow(await encodeRows(engine, model, other)())
    expect(Math.abs(moved.data[0] - z.data[0])).toBeGreaterThan(1e-5)
    expect(moved.data[LATENTS]).toBeCloseTo(z.data[LATENTS], 5)
  })

  it('are refused by name where they do not suit', () => {
    const size = { height: 8, width: 8, channels: 1 }
    const { shape, configuration } = modelOf(size)
    const refusal = (frames: Partial<NonNullable<Configuration['frames']>>, features = shape.features) => {
      const wrong = { ...configuration, frames: { ...frameNetworks(size), ...frames } }
      const checked = checkConfiguration({ ...shape, features }, wrong)
      return checked._tag === 'Left' ? checked.left.message : 'none'
    }
    expect(refusal({})).toBe('none')
    expect(refusal({ filters: [4, 4, 4, 4] })).toMatch(/frames.filters is 4 layers.*halves 8 × 8/)
    expect(refusal({ filters: [] })).toMatch(/frames.filters is 0 layers/)
    expect(refusal({ filters: [Number.NaN] })).toMatch(/positive integers/)
    expect(refusal({ channels: 3 })).toMatch(/frames is 1 × 8 × 8 × 3, expected 64 features/)
  })
})

describe('decoders of frames', () => {
  it.each([
    { height: 9, width: 14, channels: 2 },
    { height: 8, width: 8, channels: 1 }
  ])('have the Jacobian that differences show: $height × $width', async (size) => {
    const model = modelOf(size)
    const { features } = model.shape
    const { at, dispose } = orThrow(await linearizedDecoder(engine, model))
    const z = normals(4, LATENTS, 3)
    const here = await at(z.data)
    dispose()
    const plain = orThrow(await decodeRows(engine, model, z)())
    here.value.forEach((value, k) => {
      expect(Math.abs(value - plain.data[k])).toBeLessThan(1e-5)
    })
    const step = 1e-2
    for (let i = 0; i < LATENTS; i++) {
      const [ahead, behind] = await Promise.all(
        [step, -step].map(async (by) => {
          const data = z.data.map((value, k) => (k % LATENTS === i ? value + by : value))
          return orThrow(await decodeRows(engine, model, { data, shape: z.shape })())
        })
      )
      let [miss, sum] = [0, 0]
      for (let r = 0; r < 4; r++) {
        for (let f = 0; f < features; f++) {
          const slope = (ahead.data[r * features + f] - behind.data[r * features + f]) / (2 * step)
          miss += (slope - here.jacobian[(r * LATENTS + i) * features + f]) ** 2
          sum += slope ** 2
        }
      }
      // A network of straight pieces: a few units bend within a step.
      expect(miss).toBeLessThan(0.01 * sum)
      expect(sum).toBeGreaterThan(0)
    }
  })

  it('make encodings precise, and say what noise leaves open', async () => {
    const size = { height: 9, width: 14, channels: 2 }
    const model = modelOf(size)
    const z = normals(40, LATENTS, 4)
    const clean = orThrow(await decodeRows(engine, model, z)())
    const noise = normals(40, model.shape.features, 7)
    const x = { ...clean, data: Float32Array.from(clean.data, (value, k) => value + 1e-3 * noise.data[k]) }
    const distance = async (codes: Samples): Promise<number> => {
      const back = orThrow(await decodeRows(engine, model, codes)())
      return Array.from(back.data).reduce((sum, value, k) => sum + (value - x.data[k]) ** 2, 0)
    }
    const own = await distance(orThrow(await encodeRows(engine, model, x)()))
    const precise = orThrow(await encodePrecisely(engine, model, x)())
    expect(await distance(precise)).toBeLessThan(0.5 * own)
    const floor = orThrow(await noiseFloor(engine, model, x, z)())
    expect(floor.noise).toBeGreaterThan(0.9e-3)
    expect(floor.noise).toBeLessThan(1.1e-3)
    expect(orThrow(await posteriorCovariances(engine, model, x, z)()).covariances).toHaveLength(40 * 4)
  })

  it('are folded without a jump', async () => {
    const model = modelOf({ height: 9, width: 14, channels: 2 })
    const x = normals(20, model.shape.features)
    const map = { matrix: [2, 0.5, -1, 1.5], centre: [0.3, -0.4] }
    const depth = model.configuration.encoder.depth
    const folded = { ...model, parameters: orThrow(foldMap(model.parameters, depth, map, [0.1, 0.2])) }
    const [h, s] = await Promise.all(
      [model, folded].map(async (one) => orThrow(await encodeRows(engine, one, x)()))
    )
    const [d, e] = await Promise.all([
      orThrow(decodeRows(engine, model, h)),
      orThrow(decodeRows(engine, folded, s))
    ])
    expect(Math.abs(s.data[0] - h.data[0])).toBeGreaterThan(1e-3)
    e.data.forEach((value, k) => {
      expect(Math.abs(value - d.data[k])).toBeLessThan(1e-4)
    })
  })
})

describe('rows that are read', () => {
  it('are encoded as those in memory, and a failure is told', async () => {
    const model = modelOf({ height: 8, width: 8, channels: 1 })
    const { features } = model.shape
    const x = normals(1500, features)
    const read = async (start: number, count: number, out: Float32Array): Promise<void> => {
      out.set(x.data.subarray(start * features, (start + count) * features))
    }
    const [held, stored] = [
      orThrow(await encodeRows(engine, model, x)()),
      orThrow(await encodeRows(engine, model, { shape: x.shape, read })())
    ]
    expect(stored.data).toEqual(held.data)
    const gone = async (): Promise<void> => {
      throw new Error('it has been closed')
    }
    const failed = await encodeRows(engine, model, { shape: x.shape, read: gone })()
    expect(failed._tag === 'Left' && failed.left._tag).toBe('DataUnavailable')
    const wide = await encodeRows(engine, model, { shape: [3, 65], read })()
    expect(wide._tag === 'Left' && wide.left._tag).toBe('ShapeMismatch')
  })
})

describe('models of frames', () => {
  const size = { height: 9, width: 14, channels: 2 }

  it('are functions of recorded frames', async () => {
    const model = modelOf({ height: 9, width: 14, channels: 1 })
    const { features } = model.shape
    const x = normals(3, features)
    const expected = orThrow(await encodeRows(engine, model, x)())
    // The second of two recorded channels is the one that the encoder sees.
    const recorded = new Float32Array(2 * x.data.length)
    x.data.forEach((value, k) => {
      recorded[2 * k] = 9
      recorded[2 * k + 1] = 40 + 20 * value
    })
    const channels = [
      { mean: 0, scale: 1, used: false },
      { mean: 40, scale: 20, used: true }
    ]
    const f = encoderFunction(model, { height: 9, width: 14, channels })
    const z = await f({ x: tf.tensor4d(recorded, [3, 9, 14, 2]) }).z.data()
    z.forEach((value, k) => {
      expect(value).toBeCloseTo(expected.data[k], 4)
    })
  })

  it('are kept in files', async () => {
    const model = modelOf(size)
    const path = join(folder, 'model.safetensors')
    orThrow(await saveModel(path, model)())
    const loaded = orThrow(await loadModel(path)()).model
    const x = normals(5, model.shape.features)
    const [one, other] = await Promise.all(
      [model, loaded].map(async (each) => orThrow(await posteriorRows(engine, each, x)()))
    )
    expect(other.data).toEqual(one.data)
  })

  it('take the same steps on cpu and wasm', async () => {
    const data = spots(size, 64)
    const configuration = { ...small(size), batch: 8, steps: 3 }
    const parametersAfter = async (on: Engine) => {
      const shape = shapeOf(size)
      const first = initialCarry(initialParameters(shape, configuration, generator(3)), configuration)
      const { feeds, fill } = feedSource(data, shape, configuration, generator(4))
      const session = orThrow(await on.open(trainingStep(shape, configuration), first, feeds)())
      for (let step = 0; step < 3; step++) {
        await fill(step)
        await session.run(feeds)
      }
      const carry = await session.carry()
      session.dispose()
      return carry
    }
    const [one, other] = [
      await parametersAfter(engine),
      await parametersAfter(await orThrow(findEngine('cpu')))
    ]
    for (const [name, { data: numbers }] of Object.entries(one)) {
      const scale = Math.max(1e-6, ...Array.from(other[name].data, Math.abs))
      numbers.forEach((value, k) => {
        expect(Math.abs(value - other[name].data[k]), name).toBeLessThan(2e-3 * scale)
      })
    }
  }, 60_000)

  it.each(presetNames)(
    'come out of every preset: %s',
    async (name) => {
      const rows = 600
      const data = spots(size, rows)
      const made = withFrames(orThrow(preset(name, shapeOf(size), 2)), frameNetworks(size))
      const tiny = { width: 16, depth: 1 }
      const changes = { encoder: tiny, decoder: tiny, transition: tiny, batch: 16 }
      const recipe = isStaged(made)
        ? { ...made, dense: { ...made.dense, ...changes }, refinement: { ...made.refinement, batch: 16 } }
        : { ...made, ...changes, learningRate: 5e-3 }
      const losses: number[] = []
      const { model, stages = [] } = orThrow(
        await train(data, {
          latents: LATENTS,
          configuration: withSteps(recipe, 120),
          engine,
          seed: 1,
          checkpoint: { directory: join(folder, name), every: 50 },
          onProgress: ({ loss, what }) => {
            if (what === undefined) losses.push(loss)
          }
        })()
      )
      const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
      expect(mean(losses.slice(-20))).toBeLessThan(mean(losses.slice(0, 20)))
      expect(learnedGraph(model).actions).toHaveLength(LATENTS)
      expect(stages.length > 0).toBe(name === 'fast')
      const z = orThrow(await encodeRows(engine, model, data.x)())
      expect(z.data.every(Number.isFinite)).toBe(true)
    },
    120_000
  )

  it('are straightened where they move', async () => {
    const data = pairs(size, 700)
    const shape = shapeOf(size, true)
    const made = withFrames(orThrow(preset('fast', shape, 4)), frameNetworks(size))
    const tiny = { width: 16, depth: 1 }
    const { straightening } = made
    if (straightening === undefined) throw new Error('no straightening')
    const recipe = {
      ...made,
      dense: { ...made.dense, encoder: tiny, decoder: tiny, transition: tiny, batch: 16 },
      codes: 600,
      refinement: { ...made.refinement, batch: 16 },
      straightening: { ...straightening, rounds: 1, examples: 600, width: 16 }
    }
    const configuration = withSteps(recipe, 150)
    const { model } = orThrow(await train(data, { latents: LATENTS, configuration, engine, seed: 1 })())
    expect(model.configuration.frames).toEqual(frameNetworks(size))
    expect(learnedGraph(model).latents).toHaveLength(LATENTS)
  }, 240_000)
})

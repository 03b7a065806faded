import { join } from 'node:path'
import { linearR, mcc } from '@mechid/metrics'
import { generator } from '@mechid/random'
import { exampleSource } from '@mechid/simulators'
import { type ExampleSource, orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  checkTraining,
  decodeRows,
  encodePrecisely,
  encodeRows,
  foldMap,
  learnedGraph,
  type Model,
  noiseFloor,
  withSteps
} from '../src/index.js'
import { initialParameters } from '../src/model/parameters.js'
import { expectSameNumbers, FEATURES, LATENTS, type Request, run, smallStages } from './small-stages.js'

const {
  engine,
  folder,
  data,
  shape,
  recipe,
  options: given,
  x,
  z
} = await smallStages('ActionNonDiag', 6, 6000)
const options = (changes: Partial<Request> = {}): Request => given(recipe, 240, changes)

it('folds a map of the latents into encoder and decoder without a jump', async () => {
  const configuration = recipe.dense
  const parameters = initialParameters(shape, configuration, generator(3))
  const before: Model = { shape, configuration, parameters }
  const map = { matrix: [2, 0.5, -1, 0, 1.5, 0.3, 1, -0.2, 0.7], centre: [0.3, -0.4, 0.1] }
  const after: Model = { ...before, parameters: orThrow(foldMap(parameters, 2, map, [0.1, 0.2, 0.3])) }
  const [h, s] = [await orThrow(encodeRows(engine, before, x)), await orThrow(encodeRows(engine, after, x))]
  const [d, e] = [await orThrow(decodeRows(engine, before, h)), await orThrow(decodeRows(engine, after, s))]
  for (let r = 0; r < 500; r++) {
    for (let i = 0; i < LATENTS; i++) {
      let sum = 0
      for (let j = 0; j < LATENTS; j++) sum += map.matrix[3 * i + j] * (h.data[3 * r + j] - map.centre[j])
      expect(s.data[3 * r + i]).toBeCloseTo(sum, 4)
    }
  }
  d.data.forEach((one, at) => {
    if (Math.abs(one - e.data[at]) > 1e-4) expect(e.data[at]).toBeCloseTo(one, 4)
  })
})

it('folds no map that loses a latent, nor one of another size', () => {
  const parameters = initialParameters(shape, recipe.dense, generator(3))
  const folded = (matrix: number[], centre: number[]) => foldMap(parameters, 2, { matrix, centre }, [1, 1, 1])
  const centre = [0, 0, 0]
  expect(folded([1, 2, 3, 2, 4, 6, 0, 0, 1], centre)).toMatchObject({ left: { _tag: 'NotInvertible' } })
  // Singular up to rounding: the second row is the first one times 3.
  expect(folded([0.1, 0.2, 0.7, 0.3, 0.6, 2.1, 0, 0, 1], centre)).toMatchObject({
    left: { _tag: 'NotInvertible' }
  })
  expect(folded([1, 0, 0, 0, 1e-20, 0, 0, 0, 1], centre)._tag).toBe('Right')
  expect(folded([1, 0, 0, 1], centre)).toMatchObject({ left: { _tag: 'ShapeMismatch', expected: '9' } })
  expect(foldMap(parameters, 7, { matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1], centre }, [1, 1, 1])).toMatchObject({
    left: { _tag: 'ShapeMismatch', what: 'encoder/w7', actual: 'missing' }
  })
})

it.each([0, 3, 9])('answers an error where its data fail after %i batches', async (batches) => {
  const source = exampleSource(data)
  let left = batches
  const failing: ExampleSource = {
    ...source,
    gather: async (indices, toX, toA) => {
      if (--left < 0) throw new Error('it has been closed')
      source.gather(indices, toX, toA)
    }
  }
  // The first batch is for the fingerprint, the last one for the codes.
  const configuration = { ...recipe, dense: { ...recipe.dense, steps: 8 } }
  const expected = { _tag: 'DataUnavailable', message: expect.stringContaining('it has been closed') }
  expect(await run(options({ configuration, data: failing }))()).toMatchObject({ left: expected })
})

describe('a training in stages', async () => {
  const whole = await orThrow(run(options({ configuration: withSteps(recipe, 3200) })))
  const short = await orThrow(run(options()))

  it('finds latents and graph', async () => {
    expect(whole.stages!.map(({ name }) => name)).toEqual([
      'dense',
      'sharpen',
      'unmix',
      'refine',
      'unmix again'
    ])
    const zHat = await orThrow(encodeRows(engine, whole.model, x))
    const { value: score, assignment } = orThrow(mcc(z, zHat))
    expect(score).toBeGreaterThan(0.95)
    const graph = learnedGraph(whole.model).actions!
    expect(assignment.map((i) => graph[i])).toEqual([
      [1, 0, 1],
      [1, 1, 0],
      [0, 1, 1]
    ])
  })

  it('does not change what the network computes where it unmixes', async () => {
    const [sharp, unmixed] = whole.stages!.slice(1)
    const decoded = async (model: Model) => {
      const codes = await orThrow(encodeRows(engine, model, x))
      return await orThrow(decodeRows(engine, model, codes))
    }
    const [before, after] = [await decoded(sharp.model), await decoded(unmixed.model)]
    const worst = Float64Array.from(before.data).reduce(
      (most, one, at) => Math.max(most, Math.abs(one - after.data[at])),
      0
    )
    expect(worst).toBeLessThan(1e-3)
  })

  it.each(['dense', 'sharpen', 'unmix', 'refine'] as const)(
    'stopped in stage %s, it resumes to the same numbers',
    async (stage) => {
      const checkpoint = { directory: join(folder, stage), every: 20 }
      const abort = new AbortController()
      const stopped = await run(
        options({
          checkpoint,
          signal: abort.signal,
          onProgress: (progress) => {
            if (progress.stage === stage && (stage !== 'refine' || progress.step === 50)) abort.abort()
          }
        })
      )()
      // Static codes are unmixed at one go, so nothing is told there to stop at.
      if (stage !== 'unmix') expect(orThrow(stopped).aborted).toBe(true)
      expectSameNumbers(short, await orThrow(run(options({ checkpoint, resume: true }))))
    }
  )

  it('is encoded more precisely by the decoder itself, up to a floor', async () => {
    const few = { data: x.data.slice(0, 1000 * FEATURES), shape: [1000, FEATURES] as const }
    const truth = { data: z.data.slice(0, 1000 * LATENTS), shape: [1000, LATENTS] as const }
    const [fast, precise] = [
      await orThrow(encodeRows(engine, whole.model, few)),
      await orThrow(encodePrecisely(engine, whole.model, few))
    ]
    const misses = async (codes: typeof fast): Promise<number> => {
      const decoded = await orThrow(decodeRows(engine, whole.model, codes))
      return Float64Array.from(decoded.data).reduce((sum, one, at) => sum + (one - few.data[at]) ** 2, 0)
    }
    expect(await misses(precise)).toBeLessThan(await misses(fast))
    const floor = await orThrow(noiseFloor(engine, whole.model, few, precise))
    expect(floor.noise).toBeGreaterThan(0.005)
    expect(floor.r).toBeLessThanOrEqual(1)
    expect(floor.r).toBeGreaterThan(orThrow(linearR(truth, precise)).value - 0.01)
  })
})

describe('what is wrong is said before anything runs', () => {
  it('too few examples, and impossible settings of either stage', () => {
    const source = exampleSource(data)
    expect(checkTraining(source, LATENTS, recipe)).toMatchObject({ _tag: 'Right' })
    const large = { ...recipe, refinement: { ...recipe.refinement, batch: 7000 } }
    expect(checkTraining(source, LATENTS, large)).toMatchObject({
      left: { _tag: 'TooFewRows', needed: 7000 }
    })
    const none = { ...recipe, dense: { ...recipe.dense, steps: 0 } }
    expect(checkTraining(source, LATENTS, none)).toMatchObject({
      left: { _tag: 'InvalidOption', what: 'steps' }
    })
    expect(checkTraining(source, 7, recipe)).toMatchObject({
      left: { _tag: 'InvalidOption', what: 'latents' }
    })
  })

  it('parameters to start from that do not fit', async () => {
    const configuration = { ...recipe.dense, steps: 1 }
    const { trainOnce } = await import('../src/training/single-training.js')
    const initial = initialParameters({ ...shape, latents: 2 }, configuration, generator(1))
    const answer = await trainOnce({ ...options(), engine, seed: 1, configuration, initial })()
    expect(answer).toMatchObject({ left: { _tag: 'ShapeMismatch', where: 'initial' } })
    const odd = { ...initialParameters(shape, configuration, generator(1)), odd: initial['decoder/b0'] }
    const stranger = await trainOnce({ ...options(), engine, seed: 1, configuration, initial: odd })()
    expect(stranger).toMatchObject({ left: { _tag: 'UnknownName', where: 'initial', name: 'odd' } })
  })
})

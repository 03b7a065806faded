import { join } from 'node:path'
import { linearR } from '@mechid/metrics'
import { generator } from '@mechid/random'
import { exampleSource } from '@mechid/simulators'
import { orThrow, type Samples } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  distil,
  encodePrecisely,
  encodeRows,
  type Model,
  posteriorCovariances,
  type StagedConfiguration,
  withSteps
} from '../src/index.js'
import { initialParameters } from '../src/model/parameters.js'
import { straightenInRounds } from '../src/stages/internal/straightening.js'
import { expectSameNumbers, LATENTS, type Request, run, smallStages } from './small-stages.js'

const small = await smallStages('TimeDiag', 3, 3000)
const { engine, folder, data, shape, x, z } = small
const { sharpening, ...amortized } = small.recipe
const distillation = { ...sharpening!, warmup: 50, decayFrom: 0, steps: 600, batch: 128 }
const recipe: StagedConfiguration = {
  ...amortized,
  dense: { ...amortized.dense, steps: 6000 },
  refinement: { ...amortized.refinement, steps: 4000 },
  straightening: {
    rounds: 2,
    examples: 3000,
    width: 32,
    steps: 300,
    distillation
  }
}

const r = (codes: Samples): number => orThrow(linearR(z, codes)).value

const options = (changes: Partial<Request> = {}): Request => small.options(recipe, 500, changes)

describe('straightening', async () => {
  const whole = await orThrow(run(options({ configuration: withSteps(recipe, 5000) })))
  const short = await orThrow(run(options()))

  it('is a stage between refinement and the last unmixing, and brings codes nearer to the truth', async () => {
    const stages = whole.stages!
    expect(stages.map(({ name }) => name)).toEqual(['dense', 'unmix', 'refine', 'straighten', 'unmix again'])
    const [refined, straight] = [stages[2], stages[3]]
    expect(straight.straightened!.length).toBeGreaterThan(0)
    for (const { before, after } of straight.straightened!) expect(after).toBeGreaterThan(before)
    const score = async (model: Model): Promise<number> => r(await orThrow(encodePrecisely(engine, model, x)))
    expect(await score(straight.model)).toBeGreaterThan(await score(refined.model))
  })

  it('has fewer steps where the whole training has', () => {
    const { straightening } = withSteps(recipe, 1000)
    expect(straightening!.steps).toBe(30)
    expect(straightening!.distillation.steps).toBe(60)
    expect(withSteps(recipe, 100_000).straightening).toEqual(recipe.straightening)
  })

  it('stopped while encoder and decoder learn, it resumes to the same numbers', async () => {
    const checkpoint = { directory: join(folder, 'stopped'), every: 10 }
    const abort = new AbortController()
    const stopped = await run(
      options({
        checkpoint,
        signal: abort.signal,
        onProgress: ({ stage, what, step }) => {
          if (stage === 'straighten' && what === undefined && step === 15) abort.abort()
        }
      })
    )()
    expect(orThrow(stopped).aborted).toBe(true)
    expectSameNumbers(short, await orThrow(run(options({ checkpoint, resume: true }))))
  })

  it('stopped amid unmixing, it says so', async () => {
    const abort = new AbortController()
    const configuration = withSteps(recipe, 20)
    const onProgress: Request['onProgress'] = ({ stage }) => {
      if (stage === 'unmix') abort.abort()
    }
    const stopped = await run(options({ configuration, signal: abort.signal, onProgress }))()
    expect(stopped).toMatchObject({ left: { _tag: 'Aborted' } })
  })

  it('leaves the model as it was where mechanisms do not look additive', async () => {
    const { model } = whole.stages![2]
    const left = await straightenInRounds(
      {
        data: exampleSource(data),
        engine,
        seed: 1,
        straightening: recipe.straightening!,
        unmixing: recipe.unmixing,
        edges: ({ graph }) => graph,
        mostInteraction: -1,
        folder: () => ({}),
        onProgress: () => undefined
      },
      model
    )
    expect(orThrow(left).rounds).toEqual([])
    expect(orThrow(left).model).toBe(model)
  })

  it('tells what it counts', async () => {
    const counted = new Set<string>()
    await run(
      options({
        onProgress: ({ stage, what, step, steps }) => {
          expect(step).toBeLessThanOrEqual(steps)
          if (stage === 'straighten') counted.add(what ?? 'training')
        }
      })
    )()
    for (const what of ['codes sharpened', 'latents found', 'steps of a chart', 'training']) {
      expect(counted).toContain(what)
    }
  })
})

/** A random model, and what it is after so many steps on the true latents. */
const distilled = async (steps: number): Promise<{ readonly model: Model; readonly learned: Model }> => {
  const configuration = recipe.dense
  const model: Model = {
    shape,
    configuration,
    parameters: initialParameters(shape, configuration, generator(3))
  }
  const schedule = { ...recipe.straightening!.distillation, steps }
  const { model: learned } = await orThrow(distil({ engine, model, x, z, schedule, seed: 1 }))
  return { model, learned }
}

it('distils given latents into encoder and decoder', { timeout: 120_000 }, async () => {
  const { learned, model } = await distilled(1500)
  expect(r(await orThrow(encodeRows(engine, learned, x)))).toBeGreaterThan(0.97)
  const precise = await orThrow(encodePrecisely(engine, learned, x))
  expect(r(precise)).toBeGreaterThan(0.99)
  expect(learned.parameters['gates/latents']).toEqual(model.parameters['gates/latents'])
})

it('says how uncertain codes are: as far as they are off the truth', { timeout: 120_000 }, async () => {
  const { learned } = await distilled(3000)
  const precise = await orThrow(encodePrecisely(engine, learned, x))
  const { covariances, variance } = await orThrow(posteriorCovariances(engine, learned, x, precise))
  expect(variance).toBeGreaterThan(5e-5)
  const fewer = { data: precise.data.subarray(LATENTS), shape: [x.shape[0] - 1, LATENTS] as const }
  expect(await posteriorCovariances(engine, learned, x, fewer)()).toMatchObject({
    left: { _tag: 'ShapeMismatch', where: 'posteriorCovariances', what: 'the number of rows of x' }
  })
  const rows = x.shape[0]
  let [said, missed] = [0, 0]
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < LATENTS; j++) {
      said += covariances[row * 9 + j * 4]
      missed += (precise.data[row * LATENTS + j] - z.data[row * LATENTS + j]) ** 2
    }
  }
  expect(missed / said).toBeGreaterThan(0.3)
  expect(missed / said).toBeLessThan(3)
})

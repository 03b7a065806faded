import { join } from 'node:path'
import { type Kernel, kernel } from '@mechid/mechanisms'
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
  type Settling,
  type StagedConfiguration,
  type StageName,
  type Trained,
  withSteps
} from '../src/index.js'
import { initialParameters } from '../src/model/parameters.js'
import { LEAST_GAIN, settleInRounds } from '../src/stages/internal/settling.js'
import { LATENTS, type Request, run, smallStages } from './small-stages.js'

/** Two latents move by themselves, and their product moves the third. */
const product = (weight: number, scale: number): Kernel =>
  orThrow(
    kernel({
      latents: LATENTS,
      lags: 1,
      location: (F, [a, b, c]) => [
        F.add(F.mul(F.lit(0.5), a), F.mul(F.lit(weight), F.mul(b, c))),
        F.sin(F.mul(F.lit(2), b)),
        F.sin(F.mul(F.lit(2), F.add(c, F.lit(0.3))))
      ],
      scale
    })
  )
const small = await smallStages(product(1, 0.1), 5, 3000)
const { engine, folder, data, shape, x, z } = small
const settling: Settling = {
  ...small.recipe.settling!,
  rounds: 1,
  examples: 3000,
  width: 32,
  distillation: { ...small.recipe.settling!.distillation, steps: 600, batch: 128 },
  dense: { ...small.recipe.settling!.dense, steps: 300, batch: 128 }
}
const recipe: StagedConfiguration = { ...small.recipe, settling }
const r = (codes: Samples): number => orThrow(linearR(z, codes)).value
const scoreOf = async (model: Model): Promise<number> => r(await orThrow(encodePrecisely(engine, model, x)))

/** Latents with heavier tails: s + bend s |s|, the gradient of a potential. */
const bent = (bend: number): Samples => ({
  data: z.data.map((value) => value + bend * value * Math.abs(value)),
  shape: z.shape
})

/** A model that has learned these latents. */
const taught = async (latents: Samples): Promise<Model> => {
  const configuration = recipe.dense
  const parameters = initialParameters(shape, configuration, generator(3))
  const schedule = { ...settling.distillation, steps: 1500 }
  const { model } = await orThrow(
    distil({ engine, model: { shape, configuration, parameters }, x, z: latents, schedule, seed: 1 })
  )
  return model
}

const settled = (model: Model, rounds: number) =>
  settleInRounds(
    {
      data: exampleSource(data),
      engine,
      seed: 1,
      settling: { ...settling, rounds },
      folder: () => ({}),
      onProgress: () => undefined
    },
    model
  )

describe('settling', async () => {
  it('takes off bends that the density of first frames shows', { timeout: 120_000 }, async () => {
    const model = await taught(bent(0.5))
    const before = await scoreOf(model)
    const { model: after, rounds } = orThrow(await settled(model, 0))
    expect(rounds).toHaveLength(1)
    expect(rounds[0].after - rounds[0].before).toBeGreaterThan(LEAST_GAIN * LATENTS)
    const score = await scoreOf(after)
    expect(before).toBeLessThan(0.98)
    expect(1 - score).toBeLessThan(0.4 * (1 - before))
    expect(after.configuration).toEqual(model.configuration)
  })

  it('leaves a model as it is whose first frames are Gaussian', { timeout: 120_000 }, async () => {
    const model = await taught(z)
    const { model: after, rounds } = orThrow(await settled(model, 1))
    expect(rounds).toEqual([])
    expect(after.parameters).toBe(model.parameters)
  })
})

describe('a training of mechanisms that interact', async () => {
  const options = (changes: Partial<Request> = {}): Request => small.options(recipe, 1000, changes)
  const progress = new Set<string>()
  const whole = await orThrow(
    run(
      options({
        onProgress: ({ stage, what, step, steps }) => {
          expect(step).toBeLessThanOrEqual(steps)
          progress.add(`${stage}: ${what ?? 'training'}`)
        }
      })
    )
  )
  const stages = whole.stages!

  it('settles codes, fits transitions on them, and leaves them alone', () => {
    expect(stages.map(({ name }) => name)).toEqual(['dense', 'settle', 'unmix', 'refine'])
    const [, settle, unmix, refine] = stages
    expect(settle.settled!.length).toBeGreaterThan(0)
    for (const { before, after } of settle.settled!) expect(after).toBeGreaterThan(before)
    for (const [name, { data: numbers }] of Object.entries(refine.model.parameters)) {
      const same = numbers.every((value, at) => value === unmix.model.parameters[name].data[at])
      expect([name, same]).toEqual([name, /^(encoder|decoder|gates)\/|\/(unit|centre)$/.test(name)])
    }
    expect(refine.graph).toEqual(unmix.graph)
    expect(whole.model).toBe(refine.model)
  })

  it('tells what it counts', () => {
    for (const what of ['codes sharpened', 'steps of a chart', 'training']) {
      expect(progress).toContain(`settle: ${what}`)
    }
  })

  it.each([
    ['a chart is taught', 1],
    ['the dense training goes on', 2]
  ])('stopped while %s, it resumes to the same numbers', { timeout: 120_000 }, async (_, nth) => {
    const checkpoint = { directory: join(folder, `stopped ${nth}`), every: 10 }
    const abort = new AbortController()
    let trainings = 0
    const stopped = await run(
      options({
        checkpoint,
        signal: abort.signal,
        onProgress: ({ stage, what, step }) => {
          if (stage !== 'settle' || what !== undefined) return
          if (step === 1) trainings++
          if (trainings === nth && step === 15) abort.abort()
        }
      })
    )()
    expect(orThrow(stopped).aborted).toBe(true)
    const resumed: Trained = await orThrow(run(options({ checkpoint, resume: true })))
    for (const [name, { data: numbers }] of Object.entries(whole.model.parameters)) {
      expect(resumed.model.parameters[name].data, name).toEqual(numbers)
    }
  })
})

describe('a training whose interactions are small', async () => {
  const weak = await smallStages(product(0.35, 0.3), 5, 3000)
  const { stages } = await orThrow(run(weak.options({ ...weak.recipe, settling }, 4000)))
  const named = (wanted: StageName) => stages!.find(({ name }) => name === wanted)!

  it('supposes additive mechanisms first, and goes back to settled codes where data deny that', async () => {
    expect(stages!.map(({ name, unmixed }) => `${name}: ${unmixed?.hypothesis}`)).toMatchObject(
      expect.arrayContaining(['unmix: additive', 'unmix again: sparse', 'refine again: undefined'])
    )
    const encoded = async (model: Model): Promise<Samples> =>
      orThrow(await encodeRows(engine, model, weak.x)())
    const [settledCodes, last] = await Promise.all(
      [named('settle'), named('refine again')].map(({ model }) => encoded(model))
    )
    expect(orThrow(linearR(settledCodes, last)).value).toBeGreaterThan(0.99999)
  })
})

it('has fewer steps where the whole training has', () => {
  const { settling: fewer } = withSteps(recipe, 1000)
  expect([fewer!.steps, fewer!.distillation.steps, fewer!.dense.steps]).toEqual([80, 60, 30])
  expect(withSteps(recipe, 100_000).settling).toEqual(settling)
})

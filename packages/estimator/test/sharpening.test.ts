import { join } from 'node:path'
import { linearR } from '@mechid/metrics'
import { orThrow, type Samples } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  checkTraining,
  encodePrecisely,
  encodeRows,
  heldOutObjective,
  latentRows,
  type Model,
  preset,
  type RowReader,
  withSteps
} from '../src/index.js'
import { expectSameNumbers, type Request, run, smallStages } from './small-stages.js'

const small = await smallStages('TimeDiag', 3, 3000)
const { engine, folder, recipe, shape, x, z } = small
const options = (changes: Partial<Request> = {}): Request => small.options(recipe, 600, changes)

const r = (codes: Samples): number => orThrow(linearR(z, codes)).value
const precisely = async (model: Model): Promise<number> => r(await orThrow(encodePrecisely(engine, model, x)))

describe('sharpening', async () => {
  const whole = await orThrow(run(options({ configuration: withSteps(recipe, 4000) })))
  const stages = whole.stages!
  const [dense, sharp] = stages

  it('is a stage between the dense training and unmixing', () => {
    const names = stages.map(({ name }) => name)
    expect(names.slice(0, 4)).toEqual(['dense', 'sharpen', 'unmix', 'refine'])
  })

  it.each([
    ['sequences', shape, 2],
    ['rows', { ...shape, temporal: false, actions: 3 }, 0]
  ])(
    'has longer stages in its place where latents explain all there is, so that no noise can be seen: %s',
    (_, of, rounds) => {
      const usual = orThrow(preset('fast', of))
      expect(usual.sharpening?.steps).toBe(2500)
      const square = orThrow(preset('fast', { ...of, features: of.latents }))
      expect(square.sharpening).toBeUndefined()
      expect(square.dense.steps).toBeGreaterThan(usual.dense.steps)
      expect(square.refinement.steps).toBeGreaterThan(usual.refinement.steps)
      expect(square.straightening?.rounds ?? 0).toBe(rounds)
    }
  )

  it('makes codes straighter, of the encoder and of the decoder', async () => {
    const [before, after] = [await precisely(dense.model), await precisely(sharp.model)]
    expect(1 - after).toBeLessThan(0.6 * (1 - before))
    const [encoded, better] = [dense, sharp].map(({ model }) => encodeRows(engine, model, x))
    expect(r(await orThrow(better))).toBeGreaterThan(r(await orThrow(encoded)))
  })

  it('keeps posteriors precise in all later stages, and ends near the truth', async () => {
    for (const { model } of stages.slice(1)) expect(model.configuration.posterior).toBe('precise')
    expect(dense.model.configuration.posterior).toBeUndefined()
    expect(await precisely(whole.model)).toBeGreaterThan(0.98)
  })

  it('names its latents: those that the decoder leads to, from rows in memory as from a reader', async () => {
    const { model } = sharp
    const names = await orThrow(latentRows(engine, model, x))
    expect(names).toEqual(await orThrow(encodePrecisely(engine, model, x)))
    const reader: RowReader = {
      shape: x.shape,
      read: (start, count, out) =>
        out.set(x.data.subarray(start * x.shape[1], (start + count) * x.shape[1]) as Float32Array)
    }
    expect(await orThrow(latentRows(engine, model, reader))).toEqual(names)
    expect(await orThrow(latentRows(engine, dense.model, x))).toEqual(
      await orThrow(encodeRows(engine, dense.model, x))
    )
    let reads = 0
    const failing: RowReader = {
      ...reader,
      read: (...of) => {
        // The encoder has read all blocks by then.
        if (++reads > Math.ceil(x.shape[0] / 1024)) throw new Error('it has been closed')
        return reader.read(...of)
      }
    }
    expect(await latentRows(engine, model, failing)()).toMatchObject({ left: { _tag: 'DataUnavailable' } })
  })

  it('explains held-out observations better by precise posteriors than by the encoder’s', async () => {
    const source = options().data
    const { model } = sharp
    const { posterior: _, ...amortized } = model.configuration
    const worth = async (configuration: Model['configuration']): Promise<number> => {
      const seed = { posteriorSeed: 1 }
      return (await orThrow(heldOutObjective(engine, { ...model, configuration }, source, seed))).negativeElbo
    }
    expect(await worth(model.configuration)).toBeLessThan(await worth(amortized))
  })

  it('holds latents while networks learn once more in the last basis', async () => {
    const unmixing = { ...recipe.unmixing, hypothesis: 'sparse' } as const
    const trained = await orThrow(run(options({ configuration: withSteps({ ...recipe, unmixing }, 600) })))
    const [before, after] = trained.stages!.slice(-2)
    expect([before.name, after.name]).toEqual(['unmix again', 'refine again'])
    const changed = Object.keys(after.model.parameters).filter((name) => {
      const [was, is] = [before, after].map(({ model }) => model.parameters[name].data)
      return was.some((value, k) => value !== is[k])
    })
    expect(changed.some((name) => name.startsWith('transition/'))).toBe(true)
    expect(changed.filter((name) => /^(encoder|decoder)/.test(name))).toEqual([])
  })

  it('stopped in its midst, it resumes to the same numbers', async () => {
    const short = await orThrow(run(options()))
    const checkpoint = { directory: join(folder, 'stopped'), every: 10 }
    const abort = new AbortController()
    const stopped = await run(
      options({
        checkpoint,
        signal: abort.signal,
        onProgress: ({ stage, step }) => {
          if (stage === 'sharpen' && step === 15) abort.abort()
        }
      })
    )()
    expect(orThrow(stopped).aborted).toBe(true)
    expectSameNumbers(short, await orThrow(run(options({ checkpoint, resume: true }))))
  })

  it('starts from codes that are precise enough: more latents take a longer dense stage', () => {
    const steps = (latents: number): number =>
      orThrow(preset('fast', { ...shape, latents, features: 2 * latents })).dense.steps
    expect([steps(3), steps(10), steps(20)]).toEqual([1500, 1500, 3000])
  })

  it('has its share of the steps', () => {
    const { dense: first, sharpening, refinement } = withSteps(orThrow(preset('fast', shape)), 600)
    expect([first.steps, sharpening!.steps, refinement.steps]).toEqual([150, 250, 200])
  })

  it('is checked before anything is trained', () => {
    const check = (changes: object) =>
      checkTraining(options().data, shape.latents, {
        ...recipe,
        sharpening: { ...recipe.sharpening!, ...changes }
      })
    expect(check({})._tag).toBe('Right')
    expect(check({ batch: 1e6 })).toMatchObject({ left: { _tag: 'TooFewRows' } })
    expect(check({ learningRate: Number.NaN })).toMatchObject({ left: { _tag: 'InvalidOption' } })
  })

  it.each([
    ['amortized or precise', { posterior: 'exact' as 'precise' }],
    ['everything or transitions', { trains: 'nothing' as 'transitions' }]
  ])('posteriors and what is trained are of one of two kinds: %s', (kinds, changes) => {
    const dense = { ...recipe.dense, ...changes }
    expect(checkTraining(options().data, shape.latents, { ...recipe, dense })).toMatchObject({
      left: { _tag: 'InvalidOption', message: expect.stringContaining(kinds) }
    })
  })
})

/** Trainings that go on longer than their checkpoints were meant to. */
import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { exampleSource } from '@mechid/simulators'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { type Configuration, encodeRows, preset, type Trained } from '../src/index.js'
import { FEATURES, LATENTS, run, smallStages } from './small-stages.js'

const { engine, folder, data, shape, recipe, options, x } = await smallStages('ActionDiag', 3, 1000)

const single = (steps: number, changes: Partial<Configuration> = {}): Configuration => ({
  ...orThrow(preset('gated', shape, 3)),
  encoder: { width: 16, depth: 1 },
  decoder: { width: 16, depth: 1 },
  transition: { width: 16, depth: 1 },
  batch: 32,
  steps,
  ...changes
})

const request = (configuration: Configuration, directory?: string, resume = false) => ({
  data: exampleSource(data),
  latents: LATENTS,
  configuration,
  engine,
  seed: 1,
  resume,
  ...(directory === undefined ? {} : { checkpoint: { directory: join(folder, directory), every: 15 } })
})

/** Stops the training as soon as `done` says so. */
const stoppedWhen = (done: (step: number, stage: string | undefined) => boolean) => {
  const abort = new AbortController()
  return {
    signal: abort.signal,
    onProgress: ({ step, stage }: { readonly step: number; readonly stage?: string }) => {
      if (done(step, stage)) abort.abort()
    }
  }
}

const parametersOf = ({ model }: Trained) => model.parameters

describe('a training of one stage', () => {
  it('goes on from its end with the schedules of the longer one, and says so', async () => {
    const short = await orThrow(run(request(single(40), 'end')))
    const told: number[] = []
    const onLengthened = (before: number): void => void told.push(before)
    const longer = await orThrow(run({ ...request(single(80), 'end', true), onLengthened }))
    expect(told).toEqual([40])
    expect(longer.resumedAt).toBe(40)
    expect(longer.history.steps).toBe(80)
    expect(longer.history.terms.loss.slice(0, 40)).toEqual(short.history.terms.loss)
    const unbroken = await orThrow(run(request(single(80))))
    expect(longer.history.terms.loss).not.toEqual(unbroken.history.terms.loss)
    const again = await orThrow(run({ ...request(single(80), 'end', true), onLengthened }))
    expect(told).toEqual([40])
    expect(parametersOf(again)).toEqual(parametersOf(longer))
  })

  it('stopped on the way, it ends in the same numbers', async () => {
    const [whole, parts] = ['whole', 'parts']
    await orThrow(run({ ...request(single(40), whole), ...stoppedWhen((step) => step === 23) }))
    cpSync(join(folder, whole), join(folder, parts), { recursive: true })
    const once = await orThrow(run(request(single(80), whole, true)))
    expect(once.resumedAt).toBe(23)
    const stopped = await orThrow(
      run({ ...request(single(80), parts, true), ...stoppedWhen((step) => step === 52) })
    )
    expect(stopped.aborted).toBe(true)
    const resumed = await orThrow(run(request(single(80), parts, true)))
    expect(resumed.resumedAt).toBe(52)
    expect(parametersOf(resumed)).toEqual(parametersOf(once))
  })

  it.each([
    ['fewer steps', single(20), 'steps 40', 'steps 20'],
    [
      'more steps, and another rate',
      single(80, { learningRate: 1e-3 }),
      'learningRate 0.005',
      'learningRate 0.001'
    ]
  ])('is refused with %s', async (_, configuration, actual, expected) => {
    await orThrow(run(request(single(40), 'refused')))
    expect(await run(request(configuration, 'refused', true))()).toMatchObject({
      left: {
        _tag: 'CheckpointMismatch',
        what: 'configuration',
        actual: expect.stringContaining(actual),
        expected: expect.stringContaining(expected)
      }
    })
  })
})

describe('a training in stages', () => {
  const staged = (steps: number, directory: string, resume: boolean) => ({
    ...options(recipe, steps),
    resume,
    checkpoint: { directory: join(folder, directory), every: 20 }
  })

  it('goes on in the first stage, and starts those after it anew', async () => {
    await orThrow(run(staged(160, 'stages', false)))
    cpSync(join(folder, 'stages'), join(folder, 'stopped'), { recursive: true })
    const told: number[] = []
    const onLengthened = (before: number): void => void told.push(before)
    const longer = await orThrow(run({ ...staged(320, 'stages', true), onLengthened }))
    expect(told).toEqual([40])
    expect(longer.stages?.map(({ name }) => name).slice(0, 3)).toEqual(['dense', 'sharpen', 'unmix'])
    expect(longer.resumedAt).toBe(0)

    const early = stoppedWhen((step, stage) => stage === 'dense' && step === 60)
    expect(orThrow(await run({ ...staged(320, 'stopped', true), ...early })()).aborted).toBe(true)
    expect(existsSync(join(folder, 'stopped/sharpen/checkpoint.safetensors'))).toBe(false)
    const resumed = await orThrow(run(staged(320, 'stopped', true)))
    expect(parametersOf(resumed)).toEqual(parametersOf(longer))
  }, 120_000)
})

it('rows that are not finite are refused with their place', async () => {
  const { model } = await orThrow(run(request(single(5))))
  const rows = x.data.slice(0, 10 * FEATURES)
  rows[7 * FEATURES + 2] = Number.NaN
  expect(await encodeRows(engine, model, { data: rows, shape: [10, FEATURES] })()).toMatchObject({
    left: { _tag: 'NotFinite', where: 'encodeRows', row: 7, column: 2 }
  })
})

/** A small problem to train in stages, for tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Kernel, type ProblemName, problem } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { exampleSource, linesOf, nnMixing, simulate } from '@mechid/simulators'
import { type ExampleSource, orThrow } from '@mechid/values'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { afterAll, expect } from 'vitest'
import {
  type EstimatorError,
  findEngine,
  preset,
  type StagedConfiguration,
  type Trained,
  type TrainingOptions,
  train,
  withSteps
} from '../src/index.js'

/** The engine of the tests of stages and straightening: wasm, unless `MECHID_TEST_ENGINE` names another. */
export const stagesEngine = process.env.MECHID_TEST_ENGINE ?? 'wasm'

export const LATENTS = 3
export const FEATURES = 6

/** Data, a recipe of small networks, and a folder that goes with the test. */
export const smallStages = async (of: ProblemName | Kernel, edges: number, codes: number) => {
  const engine = await orThrow(findEngine(stagesEngine))
  const folder = mkdtempSync(join(tmpdir(), 'stages-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const kernel = typeof of === 'string' ? orThrow(problem(of, { latents: LATENTS })) : of
  const mixing = orThrow(nnMixing({ latents: LATENTS, features: FEATURES, random: generator(1) }))
  const { data } = orThrow(simulate({ kernel, mixing, rows: 6000, seed: 1 }))
  const shape = {
    latents: LATENTS,
    features: FEATURES,
    actions: kernel.actions,
    temporal: kernel.lags > 0
  }
  const made = orThrow(preset('fast', shape, edges))
  const recipe: StagedConfiguration = {
    ...made,
    dense: {
      ...made.dense,
      encoder: { width: 32, depth: 2 },
      decoder: { width: 32, depth: 2 },
      transition: { width: 32, depth: 1 },
      batch: 128
    },
    codes,
    ...(made.sharpening === undefined ? {} : { sharpening: { ...made.sharpening, batch: 128 } }),
    refinement: { ...made.refinement, batch: 128 }
  }
  const options = (
    configuration: StagedConfiguration,
    steps: number,
    changes: Partial<Request> = {}
  ): Request => ({
    data: exampleSource(data),
    latents: LATENTS,
    configuration: withSteps(configuration, steps),
    engine,
    seed: 1,
    ...changes
  })
  return { engine, folder, data, shape, recipe, options, x: linesOf(data.x), z: linesOf(data.z!) }
}

/** A training with its data. */
export type Request = TrainingOptions & { readonly data: ExampleSource }

export const run = ({ data, ...options }: Request): TaskEither<EstimatorError, Trained> =>
  train(data, options)

/** Two trainings came to the same parameters, number by number. */
export const expectSameNumbers = (a: Trained, b: Trained): void => {
  expect(Object.keys(b.model.parameters)).toEqual(Object.keys(a.model.parameters))
  for (const [name, { data }] of Object.entries(a.model.parameters)) {
    expect(b.model.parameters[name].data, name).toEqual(data)
  }
}

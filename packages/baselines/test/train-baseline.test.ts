import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compiled } from '@mechid/compiler'
import type { Engine } from '@mechid/engine'
import { findEngine } from '@mechid/estimator'
import { linearR, mcc } from '@mechid/metrics'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type BaselineMethod,
  type BaselineOptions,
  betaVae,
  checkMethod,
  encodeBaseline,
  iVae,
  labelledRows,
  pcl,
  randomEncoder,
  slowVae,
  supervised,
  tcVae,
  trainBaseline
} from '../src/index.js'
import { drawn, small } from './examples.js'

let engine: Engine
let folder: string
beforeAll(async () => {
  engine = await orThrow(findEngine('wasm'))
  folder = mkdtempSync(join(tmpdir(), 'baselines-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const rows = drawn(300)
const pairs = drawn(300, true)
const sourceFor = ({ needs }: BaselineMethod) =>
  needs === 'frames' ? pairs.source : needs === 'labels' ? orThrow(labelledRows(rows.x, rows.z)) : rows.source

const methods = [betaVae(), tcVae(), iVae(), slowVae(), pcl(), supervised()]
const named = methods.map((method) => [method.name, method] as const)

const run = (method: BaselineMethod, changes: Partial<BaselineOptions> = {}) =>
  trainBaseline(sourceFor(method), { method, latents: 2, configuration: small, engine, ...changes })

describe('every method', () => {
  it.each(named)('lowers its loss, and gives equal numbers for equal seeds: %s', async (_, method) => {
    const longer = { ...small, steps: 60 }
    const [one, again, other] = await Promise.all([
      orThrow(run(method, { configuration: longer })),
      orThrow(run(method, { configuration: longer })),
      orThrow(run(method, { seed: 2 }))
    ])
    const { loss } = one.history.terms
    const mean = (part: Float32Array): number => part.reduce((sum, value) => sum + value / part.length, 0)
    expect(mean(loss.subarray(50))).toBeLessThan(mean(loss.subarray(0, 10)))
    expect(again.model.parameters).toEqual(one.model.parameters)
    expect(other.model.parameters['encoder/w0'].data).not.toEqual(one.model.parameters['encoder/w0'].data)
    for (const term of method.terms) expect(one.history.terms[term]).toHaveLength(60)
  })

  it.each(named)('goes on from its checkpoint as if it had never stopped: %s', async (name, method) => {
    const checkpoint = { directory: join(folder, name), every: 8 }
    const abort = new AbortController()
    const stopped = await orThrow(
      run(method, {
        checkpoint,
        signal: abort.signal,
        onProgress: ({ step }) => step === 13 && abort.abort()
      })
    )
    expect([stopped.aborted, stopped.history.steps]).toEqual([true, 13])
    const resumed = await orThrow(run(method, { checkpoint, resume: true }))
    const unbroken = await orThrow(run(method))
    expect(resumed.resumedAt).toBe(13)
    expect(resumed.model.parameters).toEqual(unbroken.model.parameters)
    expect(resumed.history.terms).toEqual(unbroken.history.terms)
  })

  it.each(named)('takes the same steps compiled: %s', async (_, method) => {
    const compiledEngine = await orThrow(findEngine('compiled', [compiled({ threads: 1 })]))
    const [eager, fast] = [await orThrow(run(method)), await orThrow(run(method, { engine: compiledEngine }))]
    for (let step = 0; step < 5; step++) {
      const [a, b] = [eager, fast].map(({ history }) => history.terms.loss[step])
      expect(Math.abs(a - b)).toBeLessThan(1e-3 * (1 + Math.abs(a)))
    }
  })
})

describe('what methods learn', () => {
  it('labels: a supervised encoder finds each latent', async () => {
    const trained = await orThrow(run(supervised(), { configuration: { ...small, steps: 250 } }))
    const zHat = await orThrow(encodeBaseline(trained, rows.x))
    expect(orThrow(mcc(rows.z, zHat)).value).toBeGreaterThan(0.98)
  })

  it('pairs: PCL tells real ones from permuted ones', async () => {
    const { history } = await orThrow(run(pcl(), { configuration: { ...small, steps: 200 } }))
    expect(history.terms.accuracy.slice(-50).reduce((sum, share) => sum + share / 50, 0)).toBeGreaterThan(0.8)
  })

  it('actions: iVAE keeps what they move, and needs them to encode', async () => {
    const trained = await orThrow(run(iVae(), { configuration: { ...small, steps: 250 } }))
    const zHat = await orThrow(encodeBaseline(trained, rows.x, rows.a))
    expect(orThrow(linearR(rows.z, zHat)).value).toBeGreaterThan(0.95)
    const without = await encodeBaseline(trained, rows.x)()
    expect(E.isLeft(without) && without.left.message).toBe('encodeBaseline: a is missing, expected [300, 2]')
  })

  it('nothing: a random encoder is its first weights', async () => {
    const trained = await orThrow(run(randomEncoder()))
    const other = await orThrow(run(randomEncoder()))
    expect(trained.history.steps).toBe(0)
    expect(trained.model.parameters).toEqual(other.model.parameters)
    expect((await orThrow(encodeBaseline(trained, rows.x))).shape).toEqual([300, 2])
  })
})

describe('bad input', () => {
  const message = async (method: BaselineMethod, changes: Partial<BaselineOptions> = {}): Promise<string> => {
    const answer = await run(method, changes)()
    return E.isLeft(answer) ? `${answer.left._tag}: ${answer.left.message}` : 'none'
  }

  it('a method that needs other data says which', () => {
    const said = (method: BaselineMethod, temporal: boolean, actions: number): string => {
      const answer = checkMethod(method, { temporal, actions })
      return E.isLeft(answer) ? answer.left.message : 'none'
    }
    expect(said(slowVae(), false, 2)).toBe(
      'SlowVAE: the data are static, with actions, expected temporal, pairs of frames'
    )
    expect(said(iVae(), false, 0)).toMatch(
      /iVAE: the data are static, without actions, expected static, with actions/
    )
    expect(said(iVae(), true, 2)).toMatch(/expected static/)
    expect([said(betaVae(), true, 0), said(betaVae(), false, 0), said(pcl(), true, 0)]).toEqual(
      Array(3).fill('none')
    )
  })

  it('names options that make no sense', async () => {
    expect(await message(betaVae(), { latents: 4 })).toMatch(
      /^InvalidOption: .*at most the number of features, 3/
    )
    expect(await message(supervised(), { latents: 1 })).toMatch(/^InvalidOption: .*expected 2/)
    expect(await message(betaVae(), { configuration: { ...small, steps: 0 } })).toMatch(/steps is 0/)
    expect(await message(betaVae(), { configuration: { ...small, batch: 301 } })).toMatch(/^TooFewRows/)
    expect(await message(betaVae({ beta: -1 }))).toBe(
      'InvalidOption: beta-VAE: beta is -1, expected a number, 0 or more'
    )
    expect(await message(pcl({ noiseRatio: 0 }))).toBe(
      'InvalidOption: PCL: noiseRatio is 0, expected a number above 0'
    )
    expect(await message(slowVae({ rate: 0 }))).toMatch(/rate is 0, expected a number above 0/)
    expect(await message(pcl({ permutations: 32 }))).toMatch(/^InvalidOption: PCL: batch is 32, expected 33/)
    const short = labelledRows(rows.x, { data: new Float32Array(2), shape: [1, 2] })
    expect(E.isLeft(short) && short.left.message).toBe('labelledRows: z is 1 rows, expected 300, as x has')
  })

  it('refuses the checkpoint of another method', async () => {
    const checkpoint = { directory: join(folder, 'other'), every: 20 }
    await orThrow(run(betaVae({ beta: 1 }), { checkpoint }))
    expect(await message(betaVae({ beta: 2 }), { checkpoint, resume: true })).toMatch(
      /^CheckpointMismatch: .*its model is .*"beta":1.*expected .*"beta":2/
    )
  })
})

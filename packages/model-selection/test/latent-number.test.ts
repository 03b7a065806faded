import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findEngine, preset } from '@mechid/estimator'
import { problem } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { exampleSource, linearMixing, simulate, splitRows } from '@mechid/simulators'
import { type ExampleSource, orThrow } from '@mechid/values'
import { beforeAll, describe, expect, it } from 'vitest'
import { chooseLatents, type LatentNumberOptions, type LatentNumberProgress } from '../src/index.js'

const FEATURES = 7
/** So many that held-out rows fill several blocks. */
const ROWS = 9000

/** Three latents, each with an action of its own, seen through seven sensors. */
const sources = (seed: number): { readonly training: ExampleSource; readonly heldOut: ExampleSource } => {
  const kernel = orThrow(problem('ActionDiag', { latents: 3 }))
  const mixing = orThrow(linearMixing({ latents: 3, features: FEATURES, random: generator(seed) }))
  const { data } = orThrow(simulate({ kernel, mixing, rows: ROWS, seed }))
  const { train, test } = splitRows(ROWS, { validation: 0, test: 5 / 9 }, generator(seed))
  return { training: exampleSource(data, train), heldOut: exampleSource(data, test) }
}

/** Networks that are large enough for a linear mixing. */
const recipe = (latents: number) => {
  const shape = { latents, features: FEATURES, actions: 3, temporal: false }
  const { dense } = orThrow(preset('fast', shape))
  const small = { width: 24, depth: 1 }
  return { ...dense, encoder: small, decoder: small, transition: small, batch: 128, steps: 600 }
}

let options: LatentNumberOptions
beforeAll(async () => {
  options = { most: 5, recipe, engine: await orThrow(findEngine('auto')), seed: 1 }
})

describe('chooseLatents', () => {
  it('finds the number of latents, and tells it from fewer and from more', async () => {
    const { training, heldOut } = sources(1)
    const seen: [number, number][] = []
    const onProgress = ({ latents, start, step }: LatentNumberProgress): void => {
      if (step === 1) seen.push([latents, start])
    }
    const found = await orThrow(chooseLatents(training, heldOut, { ...options, onProgress }))
    expect(found.latents).toBe(3)
    // In so short a training latents that are too many may still hold something; then it stays open.
    const more = found.tried.filter(({ latents }) => latents > 3)
    expect(found.decided).toBe(more.every(({ used }) => used === 3))
    const [fewer] = found.tried
    expect(fewer).toMatchObject({ latents: 2, used: 2 })
    expect(fewer.behind.nats).toBeGreaterThan(0.5 + 5 * fewer.behind.standardError)
    // The most first, from two starts; one fewer than the answer last.
    expect(seen.slice(0, 2)).toEqual([
      [5, 1],
      [5, 2]
    ])
    expect(seen[seen.length - 1]).toEqual([2, 1])
  }, 240_000)

  it('is undecided where no smaller or larger number was allowed', async () => {
    const { training, heldOut } = sources(2)
    const few = await orThrow(chooseLatents(training, heldOut, { ...options, least: 2, most: 2 }))
    expect(few).toMatchObject({ latents: 2, decided: false, tried: [{ latents: 2 }] })
  }, 120_000)

  it('that is aborted goes on where it stopped, and comes to the same choice', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'latent-number-'))
    const { training, heldOut } = sources(3)
    const short = { ...options, least: 2, most: 3, recipe: (d: number) => ({ ...recipe(d), steps: 12 }) }
    const unbroken = await orThrow(chooseLatents(training, heldOut, short))
    const checkpoint = { directory, every: 5 }
    const abort = new AbortController()
    const stop = ({ step }: { readonly step: number }): void => {
      if (step === 8) abort.abort()
    }
    const broken = { ...short, checkpoint, signal: abort.signal, onProgress: stop }
    expect(await chooseLatents(training, heldOut, broken)()).toMatchObject({ left: { _tag: 'Aborted' } })
    const seen: [number, number][] = []
    const onProgress = ({ latents, step }: { readonly latents: number; readonly step: number }): void => {
      seen.push([latents, step])
    }
    const again = { ...short, checkpoint, resume: true, onProgress }
    expect(await orThrow(chooseLatents(training, heldOut, again))).toEqual(unbroken)
    expect(seen[0]).toEqual([3, 9])
    // A choice that was made is taken up without a step.
    seen.length = 0
    expect(await orThrow(chooseLatents(training, heldOut, again))).toEqual(unbroken)
    expect(seen).toEqual([])
    rmSync(directory, { recursive: true })
  }, 120_000)

  it.each([
    [{ least: 0 }, 'InvalidOption'],
    [{ least: 4, most: 3 }, 'InvalidOption'],
    [{ most: 2.5 }, 'InvalidOption'],
    [{ most: FEATURES + 1 }, 'InvalidOption'],
    [{ margin: -1 }, 'InvalidOption'],
    [{ signal: AbortSignal.abort() }, 'Aborted']
  ])(
    'refuses %j',
    async (wrong, tag) => {
      const { training, heldOut } = sources(1)
      expect(await chooseLatents(training, heldOut, { ...options, ...wrong })()).toMatchObject({
        left: { _tag: tag }
      })
    },
    60_000
  )
})

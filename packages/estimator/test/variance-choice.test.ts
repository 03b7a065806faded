/** Whether variances depend on causes, said by examples that short trainings did not see. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generator } from '@mechid/random'
import { type ExampleSource, orThrow } from '@mechid/values'
import { beforeAll, describe, expect, it } from 'vitest'
import { chooseVariance, findEngine, preset, varianceOf, withVariance } from '../src/index.js'

const shape = { latents: 2, features: 4, actions: 3, temporal: false }

/** Two latents in four features. The three values of an action change their variances, or, if `moved`, their means. */
const segments = (count: number, moved: boolean): ExampleSource => {
  const random = generator(3)
  const [x, a] = [new Float32Array(4 * count), new Float32Array(3 * count)]
  const scales = [
    [0.2, 3],
    [3, 0.2],
    [1, 1]
  ]
  for (let i = 0; i < count; i++) {
    a[3 * i + (i % 3)] = 1
    const [p, q] = scales[i % 3].map((size) =>
      moved ? 2 * Math.log(size) + random.normal() : size * random.normal()
    )
    const seen = [p + 0.5 * q, p - q, q + 0.3 * p, p + q]
    x.set(
      seen.map((value) => Math.tanh(value / 3) + 0.02 * random.normal()),
      4 * i
    )
  }
  return {
    examples: count,
    features: 4,
    actions: 3,
    temporal: false,
    order: (generated) => generated.permutation(count),
    gather: (indices, xOut, aOut) => {
      indices.forEach((row, i) => {
        xOut.set(x.subarray(4 * row, 4 * row + 4), 4 * i)
        aOut.set(a.subarray(3 * row, 3 * row + 3), 3 * i)
      })
    }
  }
}

describe('withVariance', () => {
  it('changes recipes of both kinds, and back', () => {
    const gated = orThrow(preset('gated', shape))
    const staged = orThrow(preset('fast', shape))
    expect([varianceOf(gated), varianceOf(staged)]).toEqual(['constant', 'constant'])
    const depends = withVariance(gated, 'depends')
    expect(depends.transitionVariance).toBe('network')
    expect(varianceOf(withVariance(staged, 'depends'))).toBe('depends')
    expect(withVariance(depends, 'constant')).toEqual(gated)
    const published = orThrow(preset('published', shape))
    expect(withVariance(published, 'constant')).toBe(published)
  })
})

describe('chooseVariance', () => {
  let engine: Parameters<typeof chooseVariance>[1]['engine']
  beforeAll(async () => {
    engine = orThrow(await findEngine('auto')())
  })

  const recipe = {
    ...orThrow(preset('gated', shape)),
    encoder: { width: 24, depth: 2 },
    decoder: { width: 24, depth: 2 },
    transition: { width: 16, depth: 1 },
    batch: 64,
    warmup: 10
  }

  it.each([
    ['variances', false, 'depends'],
    ['means', true, 'constant']
  ] as const)(
    'tells actions that change %s',
    async (_, moved, variance) => {
      const steps: number[] = []
      const options = { latents: 2, configuration: recipe, engine, seed: 1, steps: 300 }
      const choice = orThrow(
        await chooseVariance(segments(3000, moved), {
          ...options,
          onProgress: ({ step }) => steps.push(step)
        })()
      )
      expect(choice.variance).toBe(variance)
      expect(choice.gain > choice.needed).toBe(variance === 'depends')
      expect([steps[0], steps.at(-1)]).toEqual([1, 600])
    },
    120_000
  )

  it('that is aborted goes on where it stopped, and comes to the same choice', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'variance-choice-'))
    const data = segments(1000, false)
    const options = { latents: 2, configuration: recipe, engine, seed: 1, steps: 20 }
    const checkpoint = { directory, every: 7 }
    const unbroken = orThrow(await chooseVariance(data, options)())
    // Aborted in the first training, then in the second.
    const begins: number[] = []
    for (const last of [5, 31]) {
      const abort = new AbortController()
      let first: number | undefined
      const onProgress = ({ step }: { readonly step: number }): void => {
        first ??= step
        if (step === last) abort.abort()
      }
      const run = { ...options, checkpoint, resume: true, signal: abort.signal, onProgress }
      expect(await chooseVariance(data, run)()).toMatchObject({ left: { _tag: 'Aborted' } })
      begins.push(first ?? 0)
    }
    const steps: number[] = []
    const onProgress = ({ step }: { readonly step: number }): number => steps.push(step)
    const resumed = orThrow(
      await chooseVariance(data, { ...options, checkpoint, resume: true, onProgress })()
    )
    expect([...begins, steps[0]]).toEqual([1, 6, 32])
    expect(resumed).toEqual(unbroken)
    rmSync(directory, { recursive: true })
  }, 60_000)

  it('needs examples to hold out', async () => {
    const few = await chooseVariance(segments(90, false), {
      latents: 2,
      configuration: recipe,
      engine,
      seed: 1
    })()
    expect(few).toMatchObject({ left: { _tag: 'TooFewRows', needed: 160 } })
  })
})

import { frameNetworks, preset, withFrames } from '@mechid/estimator'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { trialRecipe } from '../src/trial-recipe.js'

const shape = { latents: 3, features: 6, actions: 3, temporal: true }

describe('a trial', () => {
  const fast = orThrow(preset('fast', shape))

  it('of a recipe in stages is its dense stage, smaller, and as long as its codes are learned, at most', () => {
    const { batch, steps, encoder, decoder, transition, sparsity } = trialRecipe(fast)
    expect(sparsity).toEqual({ _tag: 'Dense' })
    expect({ batch, steps, encoder, decoder, transition }).toEqual({
      batch: 256,
      steps: 3000,
      encoder: { width: 64, depth: 3 },
      decoder: { width: 64, depth: 3 },
      transition: { width: 64, depth: 1 }
    })
    const short = {
      ...fast,
      dense: { ...fast.dense, batch: 32, steps: 60, encoder: { width: 8, depth: 1 } },
      sharpening: { ...fast.sharpening!, steps: 40 }
    }
    expect(trialRecipe(short)).toMatchObject({ batch: 32, steps: 100, encoder: { width: 8, depth: 1 } })
  })

  it('of frames is the dense stage as it is, and of any other recipe that itself', () => {
    const frames = withFrames(fast, frameNetworks({ height: 16, width: 16, channels: 1 }))
    expect(trialRecipe(frames)).toBe(frames.dense)
    const gated = orThrow(preset('gated', shape))
    expect(trialRecipe(gated)).toBe(gated)
  })
})

import { describe, expect, it } from 'vitest'
import { explanationOf } from '../src/explanation.js'
import type { Choice } from '../src/unmixed.js'

const sentences = (choice: Partial<Choice>): string[] =>
  explanationOf(
    { found: [true, true], hypothesis: 'sparse' },
    { past: [new Float64Array(2)] },
    {
      graph: {
        latents: [
          [1, 0],
          [1, 1]
        ]
      },
      decision: { clear: true, gap: 5, threshold: 0.1 }
    },
    { share: 0.05, nats: 0.2, perLatent: Float64Array.of(0.05, 0.05), standardError: 0.01, rejected: true },
    { logLikelihood: 1, ahead: 0.42, unit: 'causes', searches: 4, ...choice }
  )

describe('how sure the basis is, in words', () => {
  it('how far it is ahead, and how much more clearly its causes stand out where that decided', () => {
    const [, , , plain] = sentences({})
    expect(plain).toBe('The basis is 0.420 causes ahead of the next different one that 4 searches found.')
    const [, , , clearer] = sentences({ ahead: -0.2, clearer: 6.31 })
    expect(clearer).toBe(
      'The basis is 0.200 causes behind the next different one that 4 searches found; its causes stand out 6.3 times as clearly.'
    )
  })

  it('nothing to compare with', () => {
    expect(sentences({ searches: 1, ahead: undefined })[3]).toMatch(/^One search was made/)
    expect(sentences({ ahead: undefined })[3]).toBe('All 4 searches came to the same basis.')
  })
})

it('edges are counted', () => {
  expect(sentences({})[1]).toMatch(/^3 edges: /)
})

import { type Elementary, kernel } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { unmix } from '../src/index.js'
import { bentCodes, type RotatedCodes, rotatedCodes, scored } from './rotated-codes.js'

const LATENTS = 6

/** Latent i is moved by actions i and i + 1, each times a weight. */
const ring = (
  seed: number,
  together: <A>(F: Elementary<A>, x: A, y: A, latent: number) => A
): RotatedCodes => {
  const random = generator(seed)
  const weights = Array.from({ length: LATENTS }, () => [1 + random.uniform(), 1 + random.uniform()])
  const codes = kernel({
    latents: LATENTS,
    actions: LATENTS,
    location: (F, _past, actions) =>
      weights.map(([v, w], i) =>
        together(F, F.mul(F.lit(v), actions[i]), F.mul(F.lit(w), actions[(i + 1) % LATENTS]), i)
      ),
    scale: 0.01
  })
  return rotatedCodes(orThrow(codes), { rows: 12_000, noise: 0.01, seed })
}

const norms = (seed: number): RotatedCodes => ring(seed, (F, x, y) => F.sqrt(F.add(F.mul(x, x), F.mul(y, y))))

const sums = (seed: number): RotatedCodes =>
  ring(seed, (F, x, y, i) => F.add(i % 2 === 0 ? F.sin(x) : F.mul(x, x), i % 3 === 0 ? F.sin(y) : F.cos(y)))

/**
 * The functions that a norm has of one action alone are nearly the same for all latents that this action moves, so a difference of two of them may have as few
 * causes as latents have.
 */
describe('actions that act together', () => {
  it.each([1, 2, 3])('norms, seed %i: latents and graph, in plain codes and in bent ones', async (seed) => {
    for (const codes of [norms(seed), bentCodes(norms(seed), 0.05)]) {
      const found = await orThrow(unmix(codes, { seed }))
      const { mcc, shd } = scored(codes, found)
      expect(mcc).toBeGreaterThan(0.99)
      expect(shd).toBe(0)
      expect(found.hypothesis).toBe('sparse')
    }
  })

  it.each([1, 2, 3])('sums in bent codes, seed %i: bends are not taken for interactions', async (seed) => {
    const codes = bentCodes(sums(seed), 0.05)
    const found = await orThrow(unmix(codes, { seed }))
    expect(found.additivity.nats).toBeGreaterThan(0.02)
    expect(found.hypothesis).toBe('additive')
    const { mcc, shd } = scored(codes, found)
    expect(mcc).toBeGreaterThan(0.99)
    expect(shd).toBe(0)
  })

  it('where a smaller share is asked to reject additivity, the answer does not rest on it', async () => {
    const codes = bentCodes(sums(1), 0.05)
    const found = await orThrow(unmix(codes, { seed: 1, mostInteraction: 1e-4 }))
    expect(found.additivity.rejected).toBe(true)
    expect(found.hypothesis).toBe('sparse')
    expect(found.rejected).toBe(false)
    expect(scored(codes, found).mcc).toBeGreaterThan(0.99)
  })
})

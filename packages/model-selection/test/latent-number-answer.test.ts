import { describe, expect, it } from 'vitest'
import { latentNumber, nextNumber, type Trial } from '../src/latent-number-answer.js'

const BLOCKS = 6
/** A training that is so many nats behind, give or take .1 a block. */
const trial = (latents: number, used: number, heldOut: number): Trial => ({
  latents,
  used,
  heldOut,
  blocks: Float64Array.from({ length: BLOCKS }, (_, b) => heldOut + (b % 2 === 0 ? 0.1 : -0.1) * latents)
})

const answerTo = (trials: readonly Trial[], least = 1) => latentNumber(trials, least, 0.5)

describe('the number of latents that trainings speak for', () => {
  it('is the fewest that ties with the likeliest', () => {
    const trials = [trial(12, 10, 5.7), trial(10, 10, 5), trial(9, 9, 7.9)]
    expect(answerTo(trials)).toMatchObject({ latents: 10, decided: true })
    expect(answerTo(trials).tried.map(({ latents }) => latents)).toEqual([9, 10, 12])
  })

  it('is what the likeliest uses, though trainings with so many have had less luck', () => {
    // TimeBlockDiag and TimeDiag, seed 1, trainings of 1,000 steps.
    expect(answerTo([trial(12, 10, 7.1), trial(10, 10, 9), trial(9, 9, 11)])).toMatchObject({
      latents: 10,
      decided: true
    })
    expect(answerTo([trial(12, 10, 2.8), trial(10, 9, 6.5), trial(9, 9, 6)])).toMatchObject({
      latents: 10,
      decided: true
    })
  })

  it('is open where a training with more uses others, or none with one fewer was worse', () => {
    expect(answerTo([trial(12, 11, 5.7), trial(10, 10, 5), trial(9, 9, 7.9)]).decided).toBe(false)
    expect(answerTo([trial(12, 10, 5.2), trial(10, 10, 5)])).toMatchObject({ latents: 10, decided: false })
  })

  it('is none below those that are considered', () => {
    expect(answerTo([trial(12, 7, 5), trial(8, 7, 5.1)], 8)).toMatchObject({ latents: 8, decided: false })
  })

  it('is what the likelier of two starts uses, and open where the other one uses others', () => {
    // ActionBlockDiag, seed 2: one start misses a latent.
    const trials = [trial(12, 9, 11), trial(12, 10, 9), trial(9, 9, 11)]
    expect(answerTo(trials)).toMatchObject({ latents: 10, decided: false })
    const agreed = [trial(12, 10, 9.4), trial(12, 10, 9), trial(9, 9, 11)]
    expect(answerTo(agreed)).toMatchObject({ latents: 10, decided: true })
    expect(answerTo(agreed).tried.map(({ latents }) => latents)).toEqual([9, 12, 12])
  })

  it('is open where a training that uses so many folds a latent, which may stand for two', () => {
    const folds = (given: Trial, straightness: number): Trial => ({ ...given, straightness })
    // ActionBlockDiag, seed 101: neither start finds the tenth latent.
    const [likelier, other] = [trial(12, 9, 9), trial(12, 9, 9.8)]
    const fewer = folds(trial(8, 8, 14), 0.5)
    const missed = answerTo([folds(likelier, 0.61), folds(other, 0.6), fewer])
    expect(missed).toMatchObject({ latents: 9, decided: false, folded: true })
    expect(missed.tried.map(({ straightness }) => straightness)).toEqual([0.5, 0.61, 0.6])
    // ActionBlockNonDiag, seed 101: it shows in the less likely start alone.
    const once = answerTo([folds(likelier, 0.79), folds(other, 0.6), fewer])
    expect(once).toMatchObject({ latents: 9, decided: false, folded: true })
    // A training with fewer folds of necessity.
    const found = answerTo([folds(likelier, 0.86), folds(other, 0.8), fewer])
    expect(found).toMatchObject({ latents: 9, decided: true, folded: false })
    expect(answerTo([likelier, other, fewer])).toMatchObject({ decided: true, folded: false })
  })

  it('tries one fewer than the answer until that is too few', () => {
    const tried = [trial(12, 10, 7.1), trial(12, 10, 7.2)]
    expect(nextNumber(tried, answerTo(tried).latents, 8)).toBe(9)
    expect(nextNumber(tried, answerTo(tried).latents, 10)).toBeUndefined()
    tried.push(trial(9, 9, 7.3))
    expect(nextNumber(tried, answerTo(tried).latents, 8)).toBe(8)
    tried.push(trial(8, 8, 11))
    expect(nextNumber(tried, answerTo(tried).latents, 8)).toBeUndefined()
  })
})

/** Why a test that found no harm does not yet show that there is none. */
import type { PromiseTest } from './promise-test.js'

/** `1.23 %`. */
export const percent = (share: number): string => `${(100 * share).toFixed(2)} %`

/** How many pairs a sentence names. */
const NAMED = 5

const listed = (pairs: ReadonlyArray<{ readonly latent: number; readonly other: number }>): string => {
  const names = pairs.slice(0, NAMED).map(({ latent, other }) => `z${latent} and z${other}`)
  return pairs.length > NAMED ? `${names.join(', ')} and ${pairs.length - NAMED} more` : names.join(', ')
}

type Doubted = readonly [doubt: 'too few rows' | 'latents alike' | 'latents unexplained', sentence: string]

/** The first reason to doubt; undefined where all effects are surely below the margin and all latents surely found. */
export const testDoubt = ({ rows, blocks, pairs }: PromiseTest): Doubted | undefined => {
  const still = blocks.find(({ varies }) => !varies)
  if (still !== undefined) {
    return ['latents alike', `z${still.latent} does not vary on these rows, so nothing can be said of it.`]
  }
  const unclear = pairs.filter(({ outcome }) => outcome === 'unclear')
  const alike = unclear.filter(({ interval, margin }) => interval[1] < margin)
  if (alike.length > 0) {
    return [
      'latents alike',
      `Latents are nearly copies of each other, so no score would show a mixture of them: ${listed(alike)}.`
    ]
  }
  if (unclear.length > 0) {
    const [{ interval, margin }] = unclear
    const range = `${percent(interval[0])} to ${percent(interval[1])}, margin ${percent(margin)}`
    return [
      'too few rows',
      `${rows} rows do not decide whether forbidden latents are needed (${range} and the like): ${listed(unclear)}.`
    ]
  }
  const open = blocks.filter(({ outcome }) => outcome !== 'below')
  return open.length === 0
    ? undefined
    : [
        'latents unexplained',
        `No forbidden latent is needed, but ${open.map(({ latent, share }) => `${percent(share)} of z${latent}`).join(', ')} stay open given what each may depend on: information is lost, or blocks are bent.`
      ]
}

/** Codes as a fit takes them: checked, whitened, as many rows as are asked for, a third of them held out. */
import { type Generator, generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import type { Sizes } from './basis.js'
import { type Codes, type PreparedCodes, prepareCodes } from './codes.js'
import type { UnmixingError } from './errors.js'
import { checkOptions, DEFAULT_ROWS, LEAST_ROWS, ROWS_PER_LATENT, type UnmixOptions } from './options.js'

export interface SizedCodes {
  readonly prepared: PreparedCodes
  readonly sizes: Sizes
  /** The stream that the rows were drawn from. */
  readonly random: Generator
}

/** Errors of `where`: those of options and of `prepareCodes`. */
export const sizedCodes = (
  where: string,
  input: Codes,
  options: UnmixOptions
): E.Either<UnmixingError, SizedCodes> => {
  const wrong = checkOptions(where, options)
  if (wrong !== undefined) return E.left(wrong)
  const { seed = 0, lags = 1 } = options
  const latents = input.codes.shape[input.codes.shape.length - 1] ?? 0
  const asked = options.rows ?? Math.max(DEFAULT_ROWS, ROWS_PER_LATENT * latents)
  const random = generator(seed).split('unmixing')
  const bounds = { lags, most: Math.round(1.5 * asked), least: LEAST_ROWS }
  return E.map((prepared: PreparedCodes): SizedCodes => {
    const { rows: all } = prepared.whitened
    const rows = Math.min(asked, Math.floor((all * 2) / 3))
    return { prepared, sizes: { rows, heldOut: all - rows }, random }
  })(prepareCodes(where, input, bounds, random.split('rows')))
}

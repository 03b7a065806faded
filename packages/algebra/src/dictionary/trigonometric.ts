/** Trigonometric fields of given periods: where nonlinear ambiguities of translations live. */
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type Result, sizeMismatch } from '../errors.js'
import { type Dictionary, everyCoordinate, type ScalarFunctions } from './dictionary.js'

/** A wave: frequency in radians a unit, along one latent. */
interface Wave {
  readonly variable: number
  readonly frequency: number
}

const rounded = (x: number): string => String(Number(x.toPrecision(6)))

const named = ({ variable, frequency }: Wave): string[] => {
  const argument = frequency === 1 ? `z_${variable}` : `${rounded(frequency)} z_${variable}`
  return [`sin(${argument})`, `cos(${argument})`]
}

/** sin and cos of each wave, in turns. */
const sinesAndCosines = (latents: number, waves: ReadonlyArray<Wave>): ScalarFunctions => {
  const n = 2 * waves.length
  return {
    count: n,
    values: (points, rows) => {
      const out = new Float64Array(rows * n)
      for (let s = 0; s < rows; s++)
        for (const [w, { variable, frequency }] of waves.entries()) {
          const x = frequency * points[s * latents + variable]
          out[s * n + 2 * w] = Math.sin(x)
          out[s * n + 2 * w + 1] = Math.cos(x)
        }
      return out
    },
    gradients: (points, rows) => {
      const out = new Float64Array(rows * n * latents)
      for (let s = 0; s < rows; s++)
        for (const [w, { variable, frequency }] of waves.entries()) {
          const x = frequency * points[s * latents + variable]
          const at = (s * n + 2 * w) * latents + variable
          out[at] = frequency * Math.cos(x)
          out[at + latents] = -frequency * Math.sin(x)
        }
      return out
    },
    names: waves.flatMap(named),
    named: (coefficients) => coefficients
  }
}

/**
 * Fields made of sin(2πk z_j / T) and cos(2πk z_j / T) for k = 1 … harmonics. `periods`: T for all latents,
 * or one T a latent. Without constants: unite with `constants` for those.
 *
 * Errors: `InvalidOption`, and on use `ShapeMismatch` where there is not one period a latent.
 *
 * @example
 * trigonometric(2, { harmonics: 3 }) // fields of period 2 in each latent
 */
export const trigonometric = (
  periods: number | ReadonlyArray<number>,
  { harmonics = 1 }: { readonly harmonics?: number } = {}
): Result<Dictionary> => {
  const where = 'trigonometric'
  const listed = typeof periods === 'number' ? [periods] : periods
  const odd = listed.find((t) => !(t > 0 && Number.isFinite(t)))
  if (odd !== undefined) return E.left(invalidOption(where, 'a period', odd, 'a finite number above 0'))
  if (!Number.isInteger(harmonics) || harmonics < 1)
    return E.left(invalidOption(where, 'harmonics', harmonics, 'an integer, 1 or more'))
  const description = `trigonometric fields of period ${listed.map(rounded).join(', ')}, ${harmonics} harmonic${harmonics === 1 ? '' : 's'}`
  return E.right({
    description,
    on: ({ latents }) => {
      if (typeof periods !== 'number' && periods.length !== latents)
        return E.left(sizeMismatch(where, 'the number of periods', latents, periods.length))
      const waves = Array.from({ length: latents }, (_, variable) =>
        Array.from({ length: harmonics }, (_, k) => ({
          variable,
          frequency: (2 * Math.PI * (k + 1)) / listed[typeof periods === 'number' ? 0 : variable]
        }))
      ).flat()
      return E.right(everyCoordinate(description, latents, sinesAndCosines(latents, waves)))
    }
  })
}

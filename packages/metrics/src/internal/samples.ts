/** The checks of samples that every score starts with. */
import { checkFinite, checkShape, type Samples, shapeMismatch, showShape, tooFewRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from '../errors.js'

/** Rows of which a correlation or a variance can be taken. */
const LEAST_ROWS = 2

const enoughRows = (where: string, samples: Samples): E.Either<MetricError, Samples> =>
  samples.shape[0] < LEAST_ROWS ? E.left(tooFewRows(where, samples.shape[0], LEAST_ROWS)) : E.right(samples)

/** The samples themselves if shape and data agree, every value is finite and there are two rows or more. */
export const checkSamples = (
  where: string,
  what: string,
  samples: Samples
): E.Either<MetricError, Samples> => {
  const sound = checkShape(where, what, samples, [2])
  if (E.isLeft(sound)) return sound
  const enough = enoughRows(where, samples)
  return E.isLeft(enough) ? enough : checkFinite(where, what, samples)
}

/** Each array is sound, and all have the rows of the first. Names are those of `where`'s arguments. */
const checkTogether = (
  where: string,
  named: ReadonlyArray<readonly [name: string, samples: Samples]>
): E.Either<MetricError, void> => {
  const [[firstName, first]] = named
  for (const [name, samples] of named) {
    const sound = checkShape(where, name, samples, [2])
    if (E.isLeft(sound)) return sound
    if (samples.shape[0] !== first.shape[0]) {
      const expected = `${first.shape[0]} rows, as ${firstName} has`
      return E.left(shapeMismatch(where, name, showShape(samples.shape), expected))
    }
  }
  // Said only now, when it holds of all of them.
  const enough = enoughRows(where, first)
  if (E.isLeft(enough)) return enough
  for (const [name, samples] of named) {
    const finite = checkFinite(where, name, samples)
    if (E.isLeft(finite)) return finite
  }
  return E.right(undefined)
}

/** Both arrays are sound and have the same rows. */
export const checkPair = (where: string, z: Samples, zHat: Samples): E.Either<MetricError, void> =>
  checkTogether(where, [
    ['z', z],
    ['zHat', zHat]
  ])

/** As `checkPair`, with as many learned latents as true ones. */
export const checkSameWidth = (where: string, z: Samples, zHat: Samples): E.Either<MetricError, void> => {
  const sound = checkPair(where, z, zHat)
  if (E.isLeft(sound) || zHat.shape[1] === z.shape[1]) return sound
  const expected = `${z.shape[1]} columns, as z has`
  return E.left(shapeMismatch(where, 'zHat', showShape(zHat.shape), expected))
}

/** Two models or more, each sound, all with the same rows. */
export const checkModels = (where: string, models: ReadonlyArray<Samples>): E.Either<MetricError, void> =>
  models.length < 2
    ? E.left(shapeMismatch(where, 'the number of models', models.length, 'two or more'))
    : checkTogether(
        where,
        models.map((model, m) => [`models[${m}]`, model] as const)
      )

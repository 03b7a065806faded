/** What is done to features or channels: standardized, or left out where they do not vary. */
import { type Degenerate, degenerate, type Standardization } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Coding } from './coding.js'
import { listed } from './errors.js'

/** Moments of features or channels over the lines of the training. */
export interface FeatureMoments extends Standardization {
  readonly varies: readonly boolean[]
}

export interface CodedFeatures {
  readonly coding: Pick<Coding, 'recorded' | 'features'>
  readonly notes: readonly string[]
}

/**
 * Codes those of `names` that vary; `unit`: what one of them is called. Errors: `Degenerate` where none varies, with `strict`
 * where one does not, and where double precision does not hold a variance.
 */
export const featureCoding = (
  where: string,
  names: readonly string[],
  { mean, scale, varies }: FeatureMoments,
  strict: boolean,
  unit = 'feature'
): E.Either<Degenerate, CodedFeatures> => {
  const constant = names.filter((_, j) => !varies[j])
  if (constant.length === names.length || (strict && constant.length > 0)) {
    const what = constant.length === 1 ? `a ${unit}` : `${constant.length} ${unit}s`
    const actual = `the same in every row of the training (${listed(constant)})`
    return E.left(degenerate(where, what, actual, `${unit}s that vary`))
  }
  const features = names.flatMap((name, j) => (varies[j] ? [{ name, mean: mean[j], scale: scale[j] }] : []))
  const out = features.find((feature) => !(Number.isFinite(feature.scale) && feature.scale > 0))
  if (out !== undefined) {
    const expected = 'a number that double precision holds'
    return E.left(degenerate(where, `the variance of ${out.name}`, out.scale, expected))
  }
  return E.right({
    coding: { recorded: names, features },
    notes:
      constant.length === 0
        ? []
        : [`Left out, since the same in every row of the training: ${listed(constant)}.`]
  })
}

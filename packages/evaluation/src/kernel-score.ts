/** R_con by kernel regression. It is slow, so its interval and chance level are computed on request alone. */
import {
  type Assignment,
  bootstrap,
  heldOutRows,
  type Interval,
  kernelRCon,
  type MetricError
} from '@mechid/metrics'
import type { EdgeTable, Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Settings } from './options.js'
import { chanceOf, firstRows, scoreValue } from './score.js'

export interface KernelRCon {
  readonly value: number
  /** √R² of each true latent. */
  readonly perLatent: readonly number[]
  /** The 95% interval over bootstrap resamples of the rows scored on. */
  readonly interval?: Interval
  readonly chance?: number
}

const intervalOf = (
  z: Samples,
  zHat: Samples,
  pattern: EdgeTable,
  assignment: Assignment,
  { kernel: { resamples }, seed }: Settings
): E.Either<MetricError, { readonly interval?: Interval }> =>
  resamples === 0
    ? E.right({})
    : pipe(
        heldOutRows(z.shape[0], { seed }),
        E.flatMap(({ fit, score }) =>
          // Rows fitted on stay: if they were drawn anew, a row could be fitted and scored on.
          bootstrap(
            score.length,
            (drawn) => {
              const evaluation = { fit, score: Int32Array.from(drawn, (row) => score[row]) }
              return E.map(scoreValue)(kernelRCon(z, zHat, pattern, assignment, { evaluation, seed }))
            },
            { resamples, seed }
          )
        ),
        E.map((interval) => ({ interval }))
      )

export const kernelScored = (
  z: Samples,
  zHat: Samples,
  pattern: EdgeTable,
  assignment: Assignment,
  settings: Settings
): E.Either<MetricError, KernelRCon> => {
  const { kernel, seed } = settings
  const [few, fewHat] = [firstRows(z, kernel.rows), firstRows(zHat, kernel.rows)]
  const score = (a: Samples, b: Samples) => kernelRCon(a, b, pattern, assignment, { seed })
  const chance = chanceOf((a, b) => E.map(scoreValue)(score(a, b)), kernel.permutations, seed)
  return pipe(
    E.Do,
    E.bind('scores', () => score(few, fewHat)),
    E.bind('sure', () => intervalOf(few, fewHat, pattern, assignment, settings)),
    E.bind('level', () => (kernel.permutations === 0 ? E.right(undefined) : chance(few, fewHat))),
    E.map(({ scores: { value, perLatent }, sure, level }) => ({
      value,
      perLatent,
      ...sure,
      ...(level === undefined ? {} : { chance: level })
    }))
  )
}

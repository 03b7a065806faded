/** Measured entanglement beside the pattern that theory predicts. */
import { type Assignment, type MetricError, measuredEntanglement } from '@mechid/metrics'
import type { EdgeTable, Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Settings } from './options.js'
import { firstRows, permuted } from './score.js'

/** An entry that is measured above chance where the pattern has 0. */
export interface EntanglementViolation {
  readonly latent: number
  /** The true latent whose learned counterpart it depends on. */
  readonly other: number
  readonly measured: number
  readonly chance: number
}

/** Both are told in `Comparison`. */
interface Entanglement {
  readonly measured: ReadonlyArray<ReadonlyArray<number>>
  readonly chance: readonly number[]
}

export const entanglementOf = (
  z: Samples,
  zHat: Samples,
  assignment: Assignment,
  { rows, permutations, seed }: Settings
): E.Either<MetricError, Entanglement> => {
  const measure = (a: Samples, b: Samples) => measuredEntanglement(a, b, assignment)
  return pipe(
    E.Do,
    E.bind('measured', () => measure(z, zHat)),
    E.bind('unrelated', () =>
      permuted(
        firstRows(z, rows),
        firstRows(zHat, rows),
        { permutations, seed, label: 'entanglement' },
        measure
      )
    ),
    E.map(({ measured, unrelated }) => ({
      measured,
      chance: assignment.map((_, j) => Math.max(...unrelated.flatMap((table) => table.map((row) => row[j]))))
    }))
  )
}

/** Where the pattern has 0 and yet more is measured than unrelated latents reach. */
export const violationsOf = (
  { measured, chance }: Entanglement,
  pattern: EdgeTable
): EntanglementViolation[] =>
  measured.flatMap((row, latent) =>
    row.flatMap((value, other) =>
      pattern[latent][other] === 0 && value > chance[other]
        ? [{ latent, other, measured: value, chance: chance[other] }]
        : []
    )
  )

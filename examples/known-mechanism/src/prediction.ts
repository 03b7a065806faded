/** Predicts what known mechanisms leave ambiguous. */
import { type Ambiguity as Answer, ambiguityOf, fitGroup } from '@mechid/algebra'
import { orFail } from '@mechid/example-terminal'
import { type Mechanism, number } from '@mechid/mechanisms'
import { type AmbiguityGroup, exact, scalars } from '@mechid/metrics'

/** One common factor of all latents, or no map at all. */
export type SmallerGroup = 'one factor' | 'nothing'

export interface Prediction {
  readonly answer: Answer
  /** Signed permutations that commute with the mechanisms, the identity among them. */
  readonly order: number
  /** The predicted group, in the form that a fit needs. */
  readonly ambiguity: AmbiguityGroup
  /** Strictly smaller groups, for comparison. */
  readonly smaller: ReadonlyArray<{ readonly name: SmallerGroup; readonly ambiguity: AmbiguityGroup }>
}

/** Whether m(2z) = 2m(z), so that one common factor commutes with m. */
const isHomogeneous = ({ latents, step }: Mechanism): boolean => {
  const z = Array.from({ length: latents }, (_, i) => 1 + 0.3 * i)
  const doubled = z.map((value) => 2 * value)
  const moved = step(number, z, [])
  return step(number, doubled, []).every((value, i) => Math.abs(value - 2 * moved[i]) < 1e-9)
}

/** What commutes with all of the mechanisms ([PfM] section 3): the answer, and groups to fit. */
export const predictAmbiguity = (mechanisms: ReadonlyArray<Mechanism>): Prediction => {
  const answer = orFail(ambiguityOf(mechanisms))
  const { basis, origin, finite } = orFail(fitGroup(answer))
  const open = answer.dimension > 0 || finite.length > 1
  const aboveScalars = answer.dimension > 1 && mechanisms.every(isHomogeneous)
  return {
    answer,
    order: finite.length,
    ambiguity: { basis, origin, finite },
    smaller: [
      ...(aboveScalars ? [{ name: 'one factor' as const, ambiguity: scalars(answer.latents) }] : []),
      ...(open ? [{ name: 'nothing' as const, ambiguity: exact() }] : [])
    ]
  }
}

/** What is found when infinitesimal ambiguities are looked for, with the evidence for it. */
import type { RankDecision } from '@mechid/numerics'
import type { Region } from '../dictionary/dictionary.js'
import type { VectorFields } from '../dictionary/vector-fields.js'

/**
 * The Lie algebra of ambiguities within a dictionary. A lower bound: a larger dictionary may hold more.
 */
export interface Fields {
  /** A basis. */
  readonly fields: VectorFields
  /** Where it was looked: around points and images. Its half widths are what latents are measured in. */
  readonly region: Region
  readonly dimension: number
  /** The ladder of singular values, where it is cut, and how wide the gap is. Values lie in [0, √(terms)]. */
  readonly decision: RankDecision
  /** Fields that the condition does not even touch: X(m(z)) = 0 = Dm(z) X(z). They belong to the answer. */
  readonly untouched: number
  /** How far the condition fails on fresh points, relative to its terms. */
  readonly residual: number
  /** How far a finite flow exp(tX) fails to be an ambiguity, relative to what it moves; 0 without fields. */
  readonly flowResidual: number
  /** Among what fields was looked. */
  readonly dictionary: string
  /** How many fields the dictionary has. */
  readonly columns: number
  /** At how many points. */
  readonly samples: number
}

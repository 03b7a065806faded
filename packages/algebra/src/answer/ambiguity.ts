/** The answer to "what remains ambiguous?", as a value with its evidence. */

import type { ActionDomain } from '@mechid/mechanisms'
import type { RankDecision } from '@mechid/numerics'
import type { EdgeTable } from '@mechid/values'
import type { Dictionary } from '../dictionary/dictionary.js'
import type { VectorFields } from '../dictionary/vector-fields.js'
import type { Result } from '../errors.js'
import type { FieldOptions } from '../fields/options.js'
import type { SignedSymmetries } from '../finite/signed-symmetries.js'
import type { HypothesisClass } from '../imitators/hypothesis-class.js'
import type { AffineField } from '../linear/affine-commutant.js'
import type { AlgebraStructure } from '../linear/structure.js'
import type { Known } from './known.js'
import type { LatentStatus } from './status.js'

/**
 * How the connected part was found: `linear` and `affine`: commutants of matrices, exact; `linear-Gaussian`: closed
 * form; `fields`: infinitesimal equivariances within a dictionary, a lower bound; `density`: the same in distribution;
 * `imitators`: within a hypothesis class, to first order.
 */
export type Route = 'linear' | 'affine' | 'linear-Gaussian' | 'fields' | 'density' | 'imitators'

export interface AmbiguityOptions extends Omit<FieldOptions, 'dictionary'> {
  /** Among linear maps or affine ones (the default), where the mechanisms are linear or affine. */
  readonly among?: 'linear' | 'affine'
  /** Among these fields, whatever the mechanisms are; by default polynomials where they are not affine. */
  readonly dictionary?: Dictionary
  /** Degrees of polynomial dictionaries for which the dimension is told besides. */
  readonly degrees?: ReadonlyArray<number>
  /** Only the class is known, not which member each mechanism is. */
  readonly hypothesis?: HypothesisClass
  /** Besides, v_i may depend on ẑ_j only where entry (i, j) is 1; `graph`: where the kernels' own sparsity lets it. */
  readonly within?: EdgeTable | 'graph'
  /** What the actions of each mechanism range over (default: as its definition says). */
  readonly actionDomains?: ReadonlyArray<ReadonlyArray<ActionDomain>>
  /** ‖ΔM_k‖₂ of each matrix that is an estimate. */
  readonly errors?: ReadonlyArray<number>
}

/** The dimension within polynomials up to a degree, or why it is not known. */
export interface DegreeDimension {
  readonly degree: number
  readonly dimension: Result<number>
}

/** Why one may believe the answer. */
export interface Evidence {
  /** The ladder of singular values, its cut, and how sure that is. */
  readonly decision: RankDecision
  /** The same for what a graph, or the restriction to linear maps, has ruled out besides. */
  readonly restriction?: RankDecision
  /** The same for what latents depend on: the sizes of entries of the fields, relative to the largest. */
  readonly dependence?: RankDecision
  /** How far the condition on the fields fails, relative to its terms: on fresh points, or under fresh actions. */
  readonly residual: number
  /** How far finite flows fail to be ambiguities, relative to what they move; undefined where none was tried. */
  readonly flowResidual?: number
  /**
   * Mechanisms that are built as flows are taken as exact ones: how far their steps of integration are from these, in
   * units of the region. Undefined without flows.
   */
  readonly integrationError?: number
}

/** A mechanism m that commutes with all mechanisms that are known: so do m ∘ m, m⁻¹, … */
export interface CommutingIterates {
  /** Its index in what is known. */
  readonly index: number
  readonly name?: string
  /** The least n up to 24 with mⁿ = id; undefined where there is none, and iterates do not end. */
  readonly order?: number
  /** Entry (i, j): m_i reads z_j, or i = j. */
  readonly mixes: EdgeTable
}

export interface Ambiguity {
  readonly latents: number
  readonly route: Route
  /** Why this route, in words. */
  readonly reason: string
  /** Among what maps was looked. */
  readonly among: string
  /** Of the connected part. */
  readonly dimension: number
  /** A basis of the connected part: each flow exp(tX) is an ambiguity. */
  readonly fields: VectorFields
  /** The same as matrices and shifts; undefined where some field is not affine. */
  readonly affine?: ReadonlyArray<AffineField>
  /** What z_0 … z_{d−1} were measured in for every decision, then what 1 was: shifts are entries beside it. */
  readonly units: Float64Array
  /** Whether products of the (affine) fields are fields again: the ambiguity is then all invertible id + X. */
  readonly closed: boolean
  /** Of the algebra of linear ambiguities, on the route `linear` without a graph; undefined elsewhere. */
  readonly structure?: Result<AlgebraStructure>
  /**
   * Signed permutations that are ambiguities, the connected part's own among them; or why they are not known. On the
   * route `imitators`, those that leave the mechanisms as they are: others may turn them into members of the class. A
   * pattern does not restrict them: which learned latent is which, both theories leave open.
   */
  readonly finite: Result<SignedSymmetries>
  /** One for each latent. */
  readonly statuses: ReadonlyArray<LatentStatus>
  /**
   * Maps of the ambiguity that no dictionary shows: mechanisms that commute with all that is known, and their iterates. A
   * mechanism commutes with itself, so one that is known alone is always among them, unless it has no inverse. Empty for
   * exact routes, whose maps contain them, and for kernels.
   */
  readonly iterates: ReadonlyArray<CommutingIterates>
  /** Entry (i, j): z_i may depend on ẑ_j, by the connected part. */
  readonly entanglement: EdgeTable
  /** Whether a generic ambiguity has every entry of `entanglement`, or it is but a bound from above. */
  readonly bound: 'attained' | 'upper bound'
  readonly evidence: Evidence
  readonly byDegree: ReadonlyArray<DegreeDimension>
  /** The pattern that the fields were held to. */
  readonly within?: EdgeTable
  /** What was asked, so that it can be asked again with more. */
  readonly known: Known
  readonly options: AmbiguityOptions
}

/** What each route hands on: the connected part of the ambiguity, with its evidence. */
import type { Region } from '../dictionary/dictionary.js'
import type { VectorFields } from '../dictionary/vector-fields.js'
import type { Result } from '../errors.js'
import type { SignedSymmetries } from '../finite/signed-symmetries.js'
import type { AffineField } from '../linear/affine-commutant.js'
import type { Units } from '../linear/balancing.js'
import type { MatrixAlgebra } from '../linear/commutant.js'
import type { Evidence, Route } from './ambiguity.js'

export interface ConnectedPart {
  readonly route: Route
  readonly reason: string
  readonly among: string
  readonly fields: VectorFields
  readonly affine?: ReadonlyArray<AffineField>
  readonly closed: boolean
  /** Where fields were looked for; its half widths are what latents are measured in. Undefined for exact routes. */
  readonly region?: Region
  /** What entries of affine fields are measured in: A_ij u_j / u_i of d latents, and c_i u_d / u_i of shifts. */
  readonly units: Units
  readonly algebra?: MatrixAlgebra
  readonly evidence: Evidence
  /** Looked for by the same reading of what is known. */
  readonly finite: () => Result<SignedSymmetries>
}

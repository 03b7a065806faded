/** What each route hands on: the connected part of the ambiguity, with its evidence. */
import type { VectorFields } from '../dictionary/vector-fields.js'
import type { Result } from '../errors.js'
import type { SignedSymmetries } from '../finite/signed-symmetries.js'
import type { AffineField, MatrixAlgebra } from '../linear/commutant.js'
import type { Evidence, Route } from './ambiguity.js'

export interface ConnectedPart {
  readonly route: Route
  readonly reason: string
  readonly among: string
  readonly fields: VectorFields
  readonly affine?: ReadonlyArray<AffineField>
  readonly closed: boolean
  /** What shifts are measured in. */
  readonly unit: number
  readonly algebra?: MatrixAlgebra
  readonly evidence: Evidence
  /** Looked for by the same reading of what is known. */
  readonly finite: () => Result<SignedSymmetries>
}

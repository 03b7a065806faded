/** What tests of answers ask, and of which mechanisms. */

import { type Mechanism, mechanism, rotation } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import { type Ambiguity, type AmbiguityOptions, ambiguityOf, type Known, polynomials } from '../src/index.js'

export const answered = (known: Known, options?: AmbiguityOptions): Ambiguity =>
  orThrow(ambiguityOf(known, options))

/** Polynomial fields up to degree 3. */
export const cubic: AmbiguityOptions = { dictionary: orThrow(polynomials(3)) }

/** A turn of the plane. */
export const turn = orThrow(rotation(2, 0, 1, 0.7))

/** z (1 + ‖z‖²) in the plane. */
export const bent: Mechanism = orThrow(
  mechanism({
    latents: 2,
    step: (F, z) => {
      const square = z.reduce((sum, x) => F.add(sum, F.mul(x, x)), F.one)
      return z.map((x) => F.mul(x, square))
    }
  })
)

/** A Gaussian walk in the plane whose steps are correlated. */
export const skewedWalk: Known = [
  {
    matrix: [
      [1, 0],
      [0, 1]
    ],
    covariance: [
      [2, 1],
      [1, 2]
    ]
  }
]

/** Another model that data cannot tell from the true one: a map of the ambiguity, and how well it holds. */

import { toRows, vectorOf, weightedSum } from '@mechid/numerics'
import { generator } from '@mechid/random'
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { affineFields } from '../dictionary/polynomial.js'
import { evaluateFields } from '../dictionary/vector-fields.js'
import type { Result } from '../errors.js'
import { combined } from '../fields/flow.js'
import { showSignedPermutation, signedPermutationMatrix } from '../groups/signed-permutation.js'
import type { AffineField } from '../linear/affine-commutant.js'
import { flowWithVolume } from '../stochastic/equivariances.js'
import { affineFlow } from './affine-basis.js'
import type { Ambiguity } from './ambiguity.js'
import { readingPoints } from './field-route.js'
import type { MatrixRows } from './fit-group.js'
import { sorted } from './known.js'
import { affineChange, type Change, residualOf } from './witness-residual.js'

export interface AmbiguityWitnessOptions {
  /** A flow of the connected part (the default where there is one), or a signed permutation. */
  readonly of?: 'flow' | 'finite'
  /** Weights over the basis of fields (default a generic combination). */
  readonly weights?: ReadonlyArray<number>
  /** Which of the finite part's generators (default the first). */
  readonly generator?: number
  /** How many fresh points (default 256). */
  readonly samples?: number
  readonly seed?: number
}

/** A valid model besides the true one: learned latents ẑ with z = map(ẑ). */
export interface Witness {
  readonly of: 'flow' | 'finite'
  readonly description: string
  /** N × d points, row-major, to N × d. */
  readonly map: (points: Float64Array) => Float64Array
  /** d × (d + 1), the shift in its last column; undefined where the map is not affine. */
  readonly matrix?: MatrixRows
  /**
   * Of affine maps in closed form: what fails to commute, in balanced units, relative to its terms and to how far the map is
   * from the identity. Else on fresh points: rms(a(m(z)) − m(a(z))) relative to how far both sides move z'; for kernels, the
   * difference of log densities, log |det Da| included, relative to their spread.
   */
  readonly residual: number
  readonly samples: number
}

const WHERE = 'witness'

const weightsOf = (
  { dimension }: Ambiguity,
  { weights, seed = 1 }: AmbiguityWitnessOptions
): Result<ArrayLike<number>> => {
  if (weights === undefined) {
    const random = generator(seed).split('witness')
    const drawn = Array.from({ length: dimension }, () => random.normal())
    const size = Math.hypot(...drawn)
    return E.right(drawn.map((w) => w / size))
  }
  return vectorOf(WHERE, 'weights', weights, dimension)
}

/** A flow moves points by a tenth of the region at most from one piece to the next. */
const REACH = 0.1
const MOST_PIECES = 2000

const flowChange = (answer: Ambiguity, weights: ArrayLike<number>, time: number): Change => {
  const { options, latents, fields } = answer
  const field = combined(fields, weights)
  const { points, halfWidth } = readingPoints(options, latents, options.dictionary ?? affineFields)
  const fastest = evaluateFields(field, points).reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  const needed = Math.ceil((Math.abs(time) * fastest) / (REACH * Math.min(...halfWidth)))
  const pieces = Math.min(MOST_PIECES, Math.max(1, needed))
  return (from) => {
    let end = from
    const volume = new Float64Array(from.length / latents)
    for (let k = 0; k < pieces; k++) {
      const piece = flowWithVolume(field, end, time / pieces)
      end = piece.end
      piece.volume.forEach((x, s) => {
        volume[s] += x
      })
    }
    return { end, volume }
  }
}

interface Candidate {
  readonly of: Witness['of']
  readonly description: string
  readonly change: Change
  readonly affine?: AffineField
}

const flowCandidate = (answer: Ambiguity, time: number, weights: ArrayLike<number>): Candidate => {
  const description = `the flow of a field of the ambiguity for time ${time}`
  const { affine } = answer
  if (affine === undefined) return { of: 'flow', description, change: flowChange(answer, weights, time) }
  const field: AffineField = {
    matrix: weightedSum(
      weights,
      affine.map(({ matrix }) => matrix)
    ),
    shift: affine.reduce(
      (sum, { shift }, k) => sum.map((x, i) => x + weights[k] * shift[i]),
      new Float64Array(answer.latents)
    )
  }
  const map = affineFlow(field, time)
  return { of: 'flow', description, change: affineChange(map), affine: map }
}

const finiteCandidate = (answer: Ambiguity, index: number): Result<Candidate | undefined> =>
  pipe(
    answer.finite,
    E.flatMap(({ generators }) => {
      if (generators.length === 0) return E.right(undefined)
      if (!(Number.isInteger(index) && index >= 0 && index < generators.length))
        return E.left(
          invalidOption(WHERE, 'generator', index, `an integer from 0 to ${generators.length - 1}`)
        )
      const affine = {
        matrix: signedPermutationMatrix(generators[index]),
        shift: new Float64Array(answer.latents)
      }
      const description = `the signed permutation ${showSignedPermutation.show(generators[index])}`
      return E.right({ of: 'finite' as const, description, change: affineChange(affine), affine })
    })
  )

const candidateOf = (
  answer: Ambiguity,
  time: number,
  options: AmbiguityWitnessOptions
): Result<Candidate | undefined> => {
  const of = options.of ?? (answer.dimension > 0 ? 'flow' : 'finite')
  if (of === 'finite') return finiteCandidate(answer, options.generator ?? 0)
  if (answer.dimension === 0) return E.right(undefined)
  return E.map((weights: ArrayLike<number>) => flowCandidate(answer, time, weights))(
    weightsOf(answer, options)
  )
}

const rowsOf = ({ matrix, shift }: AffineField): MatrixRows =>
  toRows(matrix).map((row, i) => [...row, shift[i]])

/**
 * Another valid model: the flow exp(tX) of a field of the ambiguity, or a finite symmetry, with its residual on fresh
 * points. `none` where there is none of the kind asked for. Time: fields of affine answers have norm 1, others are
 * orthonormal in the mean over the region.
 *
 * Errors: `InvalidOption` (a time that is not finite; the route `imitators`, whose fields hold to first order only),
 * `ShapeMismatch`, `NotFinite` where a flow leads to infinity, and those of the mechanisms.
 *
 * @example
 * witness(answer, 0.5) // of a rotation: right(some): a scaled rotation, residual about 1e-16
 */
export const witness = (
  answer: Ambiguity,
  time: number,
  options: AmbiguityWitnessOptions = {}
): Result<O.Option<Witness>> => {
  const { samples = 256, seed = 1 } = options
  if (!Number.isFinite(time)) return E.left(invalidOption(WHERE, 'time', time, 'a finite number'))
  if (!(Number.isInteger(samples) && samples >= 1))
    return E.left(invalidOption(WHERE, 'samples', samples, 'an integer, 1 or more'))
  if (answer.route === 'imitators')
    return E.left(
      invalidOption(WHERE, 'the route', 'imitators, to first order only', 'known mechanisms or kernels')
    )
  return pipe(
    candidateOf(answer, time, options),
    E.flatMap((found) => {
      if (found === undefined) return E.right(O.none)
      const { affine, change, ...rest } = found
      return pipe(
        sorted(WHERE, answer.known),
        E.flatMap((known) =>
          residualOf(
            WHERE,
            known,
            answer.options,
            { change, ...(affine === undefined ? {} : { affine }) },
            samples,
            seed
          )
        ),
        E.map((residual) =>
          O.some({
            ...rest,
            map: (points: Float64Array) => change(points).end,
            ...(affine === undefined ? {} : { matrix: rowsOf(affine) }),
            residual,
            samples
          })
        )
      )
    })
  )
}

/** How commutants are found: maps as they are given, what counts as zero, and the units in which that is judged. */
import { type Dense, type RankRule, type Rows, squareFromRows } from '@mechid/numerics'
import { invalidOption, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type Result, sizeMismatch } from '../errors.js'
import { balanced, balancingUnits, powersOfTwo, type Units } from './balancing.js'
import { unweighed, type Weighed, weighed } from './commutator.js'

/** How a commutant is found. */
export interface CommutantOptions {
  /**
   * Singular values up to here are zero, in balanced units and relative to the terms of each equation: what one calls
   * indistinguishable. Without it, values above rounding that count as zero make the answer `narrow`.
   */
  readonly tolerance?: number
  /**
   * ‖ΔM_k‖₂ where the maps are estimates, in the units in which they are given, which are then those of the decision: the
   * tolerance is twice that, by Weyl's inequality.
   */
  readonly errors?: ReadonlyArray<number>
  /** `direct`: the d² × d² system; `clusters`: along the spectrum; by default by size. */
  readonly method?: 'direct' | 'clusters'
}

/** Square maps of one size. Errors: `ShapeMismatch`, `NotFinite`. */
export const readMaps = (where: string, maps: ReadonlyArray<Rows>): Result<Dense[]> => {
  if (maps.length === 0) return E.left(shapeMismatch(where, 'the list of maps', 'empty', 'one map or more'))
  const read: Dense[] = []
  for (const [k, rows] of maps.entries()) {
    const map = squareFromRows(where, `map ${k}`, rows)
    if (E.isLeft(map)) return map
    if (rows.length !== maps[0].length)
      return E.left(sizeMismatch(where, `the size of map ${k}`, maps[0].length, rows.length))
    read.push(map.right)
  }
  return E.right(read)
}

/** Maps in units in which decisions are made, of norm 1 each. */
export interface Scaled {
  readonly units: Units
  readonly maps: ReadonlyArray<Dense>
  readonly rule: Partial<RankRule>
  /** How the equations of one map are weighed against each other. */
  readonly weigh: (map: Dense) => Weighed
}

const norm = ({ data }: Dense): number => Math.hypot(...data)

/** The latents as they are. */
const givenUnits = (n: number, shiftUnit = 1): Units =>
  powersOfTwo(Array.from({ length: n }, (_, i) => (i === n - 1 ? 1 / shiftUnit : 1)))

/** Tolerances of each map by its norm, squares summed over maps. */
const ofErrors = (maps: ReadonlyArray<Dense>, errors: ReadonlyArray<number>): number =>
  Math.hypot(...errors.map((error, k) => (error === 0 ? 0 : (2 * error) / norm(maps[k]))))

/**
 * Balanced maps; where errors are stated, in the units that they are given in. `shiftUnit`: of maps whose last column holds
 * shifts, what these are measured in there.
 *
 * Errors: `InvalidOption`, `ShapeMismatch`.
 */
export const scaledMaps = (
  where: string,
  maps: ReadonlyArray<Dense>,
  { tolerance = 0, errors = [] }: CommutantOptions,
  shiftUnit?: number
): Result<Scaled> => {
  if (!(tolerance >= 0 && tolerance < 1))
    return E.left(invalidOption(where, 'tolerance', tolerance, 'a number from 0 to below 1'))
  if (errors.length > 0 && errors.length !== maps.length)
    return E.left(sizeMismatch(where, 'the number of errors', maps.length, errors.length))
  const isBalanced = errors.length === 0
  const hasShifts = shiftUnit !== undefined
  const units = isBalanced ? balancingUnits(maps, hasShifts) : givenUnits(maps[0].shape[0], shiftUnit)
  return E.right({
    units,
    maps: maps.map((m) => balanced(m, units)),
    rule: { tolerance: Math.max(tolerance, ofErrors(maps, errors)) },
    weigh: isBalanced ? weighed : unweighed
  })
}

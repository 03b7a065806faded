/** What can be wrong with a simulation, a data set or its file. */
import type { FileError } from '@mechid/files'
import {
  type Aborted,
  type DefinitionThrew,
  type Degenerate,
  degenerate,
  type EntryPlace,
  type InvalidOption,
  invalidOption,
  type NotFinite,
  type ShapeMismatch,
  type Tagged,
  type TooFewRows,
  tagged
} from '@mechid/values'

/** A discrete action that is not one of 0 … values − 1. All indices count from 0. */
export interface InvalidAction extends Tagged<'InvalidAction'>, EntryPlace {
  readonly where: string
  readonly value: number
  readonly expected: string
}

/** The Jacobian of a mixing is singular, or nearly, at a sample. */
export interface NotInjective extends Tagged<'NotInjective'> {
  readonly where: string
  readonly sample: number
  readonly point: readonly number[]
  readonly condition: number
  readonly threshold: number
}

/**
 * What went wrong: with the file, or
 *
 * - `InvalidOption`: an option outside its range, such as fewer features than latents.
 * - `ShapeMismatch`: an array of the wrong rank or size, or without one row a sample.
 * - `NotFinite`: the first entry that is NaN or infinite; `frame` is set in sequences.
 * - `DefinitionThrew`: the mixing or the kernel threw, where it is a user's own.
 * - `Degenerate`: a feature that takes one value only: it tells nothing and cannot be standardized.
 */
export type SimulatorError =
  | DefinitionThrew
  | FileError
  | InvalidOption
  | ShapeMismatch
  | NotFinite
  | Degenerate
  | TooFewRows
  | Aborted
  | InvalidAction
  | NotInjective

export const invalidAction = (
  where: string,
  place: EntryPlace,
  value: number,
  expected: string
): InvalidAction => {
  const { row, frame, column } = place
  const at = `row ${row},${frame === undefined ? '' : ` frame ${frame},`} column ${column}`
  const words =
    `${where}: the discrete action is ${value} at ${at} (counted from 0), expected ${expected}; ` +
    'or read the actions as continuous'
  return tagged('InvalidAction', { ...place, where, value, expected }, words)
}

export const notInjective = (
  where: string,
  sample: number,
  point: readonly number[],
  condition: number,
  threshold: number
): NotInjective => {
  const z = point.map((x) => Number(x.toPrecision(4))).join(', ')
  const words =
    `${where}: the condition number of the mixing’s Jacobian is ${condition.toPrecision(3)} at sample ${sample} ` +
    `(counted from 0), z = (${z}), expected at most ${threshold}; use a mixing that loses no latent`
  return tagged('NotInjective', { where, sample, point, condition, threshold }, words)
}

/** For a feature of `x` that never varies. */
export const constantFeature = (where: string, feature: number, value: number): Degenerate =>
  degenerate(
    where,
    `feature ${feature} of x (counted from 0)`,
    `${value} in every row`,
    'features that vary; leave this one out'
  )

/** For a data set's file that is called neither .npz nor .csv. */
export const wrongEnding = (where: string, path: string): InvalidOption =>
  invalidOption(where, 'path', path, 'a name that ends with .npz or .csv')

/** What can be wrong with what a user hands to this package. */
import {
  type Aborted,
  type Degenerate,
  type Expectation,
  expectation,
  type InvalidOption,
  type NotFinite,
  type ShapeMismatch,
  type TooFewRows
} from '@mechid/values'

/** Static codes without actions: nothing tells latents apart. */
export type NoMechanism = Expectation<'NoMechanism'>
export const noMechanism = expectation('NoMechanism')

/** What unmixing and straightening can fail with. */
export type UnmixingError =
  | ShapeMismatch
  | TooFewRows
  | NotFinite
  /** Codes that do not vary in as many directions as there shall be latents; actions that do not vary of their own. */
  | Degenerate
  | NoMechanism
  | InvalidOption
  | Aborted

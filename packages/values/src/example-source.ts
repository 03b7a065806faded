/** What a training learns from: examples that can be read by index, wherever they are kept. */
import type { Generator } from '@mechid/random'

/**
 * The examples of a training: rows of static data, or pairs of consecutive frames of temporal data.
 *
 * `exampleSource` of `@mechid/simulators` makes one from a data set or a file. Write your own for data in a database,
 * or such as are made while a training runs.
 */
export interface ExampleSource {
  readonly examples: number
  /** Features of an observation. */
  readonly features: number
  /**
   * How many of an observation's last features are not part of its frames, but were recorded beside them, such as the
   * actions between its views (default: 0). Encoders see them; they are not reconstructed.
   */
  readonly beside?: number
  /** Columns of the action; 0: there are none. A discrete action has one column for each value. */
  readonly actions: number
  readonly temporal: boolean
  /**
   * Writes the examples `indices` in this order. `x`: static [count, features]; temporal [2·count, features], all first
   * frames, then all second frames. `a`: [count, actions], the actions between the frames.
   */
  readonly gather: (indices: Int32Array, x: Float32Array, a: Float32Array) => void | Promise<void>
  /** A random order of all examples, for one epoch. Must depend on `random` alone. */
  readonly order: (random: Generator) => Int32Array
}

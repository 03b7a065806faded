/** What a training learns from: examples that can be gathered by index, whatever holds them. */
import type { Generator } from '@mechid/random'

/**
 * Static examples are rows; temporal ones are pairs of consecutive frames. Any value of this type works;
 * `exampleSource` of `@mechid/simulators` makes one from a data set or a file.
 */
export interface ExampleSource {
  readonly examples: number
  /** Features of an observation. */
  readonly features: number
  /**
   * The last so many features of an observation are no part of its frames but what else was recorded with them, such
   * as the actions between its views; 0 if absent. Encoders see them, and nobody decodes them.
   */
  readonly beside?: number
  /** Columns of the action, 0 without actions; a discrete action has one column for each value. */
  readonly actions: number
  readonly temporal: boolean
  /**
   * Writes the examples `indices` one after the other. `x`: static [count, features]; temporal [2·count,
   * features], all first frames, then all second frames. `a`: [count, actions], the action between the frames.
   */
  readonly gather: (indices: Int32Array, x: Float32Array, a: Float32Array) => void | Promise<void>
  /** A random order of all examples, for one epoch. Must depend on `random` alone. */
  readonly order: (random: Generator) => Int32Array
}

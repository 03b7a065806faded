/** The law of one coordinate's noise. */
import type { Generator } from '@mechid/random'
import type { Elementary } from './elementary.js'

/**
 * A law on the real line, in standard position (location 0, scale 1). Any value of this type works wherever
 * the built-in ones do.
 */
export interface Noise {
  readonly name: string
  /** One draw. */
  readonly sample: (random: Generator) => number
  /** log density at `u`, in any reading. Must integrate to one. */
  readonly logDensity: <A>(F: Elementary<A>, u: A) => A
  /** Variance in standard position, where it is finite. */
  readonly variance: number
}

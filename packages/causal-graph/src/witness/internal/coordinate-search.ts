/** Coordinate search for a maximum (R. Hooke, T. A. Jeeves, J. ACM 1961), for functions without derivatives. */

/** A coordinate that may be moved: within bounds, by steps that are halved, or by whole steps of 1. */
export interface Axis {
  readonly at: number
  readonly low: number
  readonly high: number
  readonly step: number
  readonly whole: boolean
}

const ROUNDS = 14

const moved = (x: ReadonlyArray<number>, { at, low, high }: Axis, by: number): number[] =>
  x.map((value, c) => (c === at ? Math.min(Math.max(value + by, low), high) : value))

/** From `start` to where `f` is larger; steps are halved after a round that does not help, 14 rounds. */
export const climb = (
  start: ReadonlyArray<number>,
  axes: ReadonlyArray<Axis>,
  f: (x: ReadonlyArray<number>) => number
): ReadonlyArray<number> => {
  let [best, most] = [start, f(start)]
  for (let round = 0, share = 1; round < ROUNDS; round++) {
    const before = most
    for (const axis of axes)
      for (const sign of [1, -1]) {
        const next = moved(best, axis, sign * (axis.whole ? 1 : share * axis.step))
        const there = f(next)
        if (there > most) [best, most] = [next, there]
      }
    if (most === before) share /= 2
  }
  return best
}

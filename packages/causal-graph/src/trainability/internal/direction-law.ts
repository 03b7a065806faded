/** How a random direction lies to a given one. */

const STEPS = 2000

/** ∫ cos^(dimensions − 2) θ dθ by Simpson's rule. */
const integral = (from: number, to: number, power: number): number => {
  const h = (to - from) / STEPS
  let sum = 0
  for (let k = 0; k <= STEPS; k++) {
    const weight = k === 0 || k === STEPS ? 1 : k % 2 === 1 ? 4 : 2
    sum += weight * Math.max(0, Math.cos(from + k * h)) ** power
  }
  return (sum * h) / 3
}

/** The chance that a direction drawn uniformly has at least this overlap |v · w| with a given one. */
export const chanceOfOverlap = (overlap: number, dimensions: number): number => {
  if (dimensions === 1 || overlap <= 0) return 1
  if (overlap >= 1) return 0
  const power = dimensions - 2
  return integral(Math.asin(overlap), Math.PI / 2, power) / integral(0, Math.PI / 2, power)
}

/** The typical overlap: its root mean square. */
export const typicalOverlap = (dimensions: number): number => 1 / Math.sqrt(dimensions)

/** Starts until one of them succeeds with probability `sure`, if each does with this chance. */
export const startsFor = (chance: number, sure: number): number =>
  chance >= sure ? 1 : Math.ceil(Math.log(1 - sure) / Math.log1p(-chance))

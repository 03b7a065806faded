/** Rank decisions of parts that have nothing to do with each other, as one. */
import type { RankDecision } from '@mechid/numerics'

/** `apart`: values that belong to the ladder but never to the null space. */
export const joinedDecision = (
  parts: ReadonlyArray<RankDecision>,
  apart: ReadonlyArray<number> = []
): RankDecision => {
  const doubtful = parts.find(({ inDoubt }) => inDoubt !== undefined)?.inDoubt
  return {
    ladder: Float64Array.from([...apart, ...parts.flatMap(({ ladder }) => [...ladder])])
      .sort()
      .reverse(),
    nullity: parts.reduce((sum, { nullity }) => sum + nullity, 0),
    tolerance: parts.reduce((most, { tolerance }) => Math.max(most, tolerance), 0),
    gap: parts.reduce((least, { gap }) => Math.min(least, gap), Number.POSITIVE_INFINITY),
    runnerUp: parts.reduce((most, { runnerUp }) => Math.max(most, runnerUp), 1),
    certainty: parts.every(({ certainty }) => certainty === 'clear') ? 'clear' : 'narrow',
    ...(doubtful === undefined ? {} : { inDoubt: doubtful })
  }
}

/** `narrow` where a value above `level` counts as zero because rounding is magnified that far. */
export const doubtedAbove = (decision: RankDecision, level: number): RankDecision => {
  const largest = decision.ladder[decision.ladder.length - decision.nullity]
  return decision.certainty === 'narrow' || !(largest > level)
    ? decision
    : { ...decision, certainty: 'narrow', inDoubt: largest }
}

/** That all of so many values are zero. */
export const allZero = (count: number, tolerance: number): RankDecision => ({
  ladder: new Float64Array(count),
  nullity: count,
  tolerance,
  gap: 1 / tolerance,
  runnerUp: 1,
  certainty: 'clear'
})

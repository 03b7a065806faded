/** The true graph, measured in the simulator itself: one cause is changed, everything else stays as it was. */
import { generator } from '@mechid/random'
import { armsOf, JOINTS } from './arms.js'
import { letMove } from './record.js'
import type { Setting } from './settings.js'

/** Row = joint that is moved, column = cause; in standard deviations of what the joint’s own disturbance does. */
export interface Effects {
  /** By motor torques, changed by a half of their limits. */
  readonly torques: readonly (readonly number[])[]
  /** By the pose before, each angle changed by 0.3 radians; only of a motion. */
  readonly poses?: readonly (readonly number[])[]
}

const TRIALS = 12
const ANGLE = 0.3

/** Where arms end that start from `start` under `torques`. */
const ending = (setting: Setting, start: Float64Array, torques: Float64Array): Float64Array => {
  const arms = armsOf(setting.design, TRIALS)
  arms.pose(start)
  letMove(arms, setting, torques)
  return arms.angles()
}

const rootMeanSquare = (joint: number, a: Float64Array, b: Float64Array): number => {
  let square = 0
  for (let trial = 0; trial < TRIALS; trial++)
    square += (a[trial * JOINTS + joint] - b[trial * JOINTS + joint]) ** 2 / TRIALS
  return Math.sqrt(square)
}

/** The table with `amount(joint)` added in one column. */
const shifted = (table: Float64Array, column: number, amount: number): Float64Array =>
  table.map((value, at) => (at % JOINTS === column ? value + amount : value))

/** Root mean squares over 12 random poses and torques. RAPIER must have been initialized. */
export const measuredEffects = (setting: Setting, seed: number): Effects => {
  const random = generator(seed).split('effects')
  const uniform = (limit: (joint: number) => number): Float64Array =>
    Float64Array.from({ length: TRIALS * JOINTS }, (_, at) => limit(at % JOINTS) * (2 * random.uniform() - 1))
  const start = uniform(() => 0.5)
  const torques = uniform((joint) => setting.torque[joint] / 2)
  const usual = ending(setting, start, torques)
  const all = Array.from({ length: JOINTS }, (_, joint) => joint)
  const unit = all.map((joint) =>
    rootMeanSquare(joint, usual, ending(setting, start, shifted(torques, joint, setting.disturbance[joint])))
  )
  const table = (changed: (cause: number) => Float64Array): number[][] => {
    const ends = all.map(changed)
    return all.map((joint) => ends.map((end) => rootMeanSquare(joint, usual, end) / unit[joint]))
  }
  return {
    torques: table((cause) => ending(setting, start, shifted(torques, cause, setting.torque[cause] / 2))),
    ...(setting.driven
      ? { poses: table((cause) => ending(setting, shifted(start, cause, ANGLE), torques)) }
      : {})
  }
}

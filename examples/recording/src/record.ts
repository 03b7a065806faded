/** Recordings as tables: what a user would have in a file, and beside it the true angles. */
import type { Generator } from '@mechid/random'
import { generator } from '@mechid/random'
import { type Arms, armsOf, JOINTS } from './arms.js'
import { buildRoom, rangeNames, readRanges } from './range-finders.js'
import type { Setting } from './settings.js'

/** Arms that move side by side in one world; they do not touch each other. */
const ARMS = 200

export interface Recording {
  /** Names of columns, with units. */
  readonly names: readonly string[]
  readonly values: { readonly data: Float64Array; readonly shape: readonly [rows: number, columns: number] }
}

export interface RecordOptions {
  /** Of settled poses: how many. Of a motion: how many frames in all. */
  readonly rows: number
  /** Frames of one run of a driven arm. */
  readonly frames: number
  readonly seed: number
  readonly onProgress?: (done: number) => void
}

/** The greatest speed, in radians a second, at which a pose counts as settled. */
const SETTLED = 0.02
const MOST_EXTENSIONS = 10

const joints = (name: string, unit: string): string[] =>
  Array.from({ length: JOINTS }, (_, joint) => `${name}${joint + 1}_${unit}`)

const namesOf = ({ driven }: Setting): string[] => [
  ...(driven ? ['run'] : []),
  ...rangeNames(JOINTS),
  ...joints('torque', 'Nm'),
  ...joints('angle', 'rad')
]

/** New motor torques for `count` arms, uniform within the setting's limits. */
const drawTorques = ({ torque }: Setting, count: number, random: Generator): Float64Array =>
  Float64Array.from({ length: count * JOINTS }, (_, at) => torque[at % JOINTS] * (2 * random.uniform() - 1))

/** The same torques with what nobody records. */
const disturbed = (torques: Float64Array, { disturbance }: Setting, random: Generator): Float64Array =>
  torques.map((torque, at) => torque + disturbance[at % JOINTS] * random.normal())

/** Moves all arms as long as a setting says and, where poses have to settle, until they have. */
export const letMove = (arms: Arms, { seconds, driven }: Setting, torques: Float64Array): void => {
  arms.move(seconds, torques)
  for (let more = 0; !driven && arms.speed() > SETTLED; more++) {
    if (more === MOST_EXTENSIONS) throw new Error(`an arm still moves after ${seconds * (1 + more)} s`)
    arms.move(seconds, torques)
  }
}

/** Writes one line: readings, the torques that belong to it, and true angles. */
const writeLine = (
  arms: Arms,
  arm: number,
  torques: Float64Array,
  random: Generator,
  into: Float64Array,
  at: number
): void => {
  readRanges(arms, arm, random, into, at)
  const after = at + rangeNames(JOINTS).length
  into.set(torques.subarray(arm * JOINTS, (arm + 1) * JOINTS), after)
  into.set(arms.angles().subarray(arm * JOINTS, (arm + 1) * JOINTS), after + JOINTS)
}

/** Each row is a pose that settled under the torques of this row. */
const recordSettled = (setting: Setting, { rows, seed, onProgress }: RecordOptions): Recording => {
  const names = namesOf(setting)
  const [draws, noise] = [generator(seed).split('torques'), generator(seed).split('readings')]
  const arms = armsOf(setting.design, Math.min(ARMS, rows))
  buildRoom(arms)
  const data = new Float64Array(rows * names.length)
  for (let row = 0; row < rows; ) {
    const torques = drawTorques(setting, arms.count, draws)
    letMove(arms, setting, disturbed(torques, setting, draws))
    for (let arm = 0; arm < arms.count && row < rows; arm++, row++)
      writeLine(arms, arm, torques, noise, data, row * names.length)
    onProgress?.(row)
  }
  return { names, values: { data, shape: [rows, names.length] } }
}

/** Each run is one arm; the torques of a row act from this row to the next. */
const recordDriven = (setting: Setting, { rows, frames, seed, onProgress }: RecordOptions): Recording => {
  const names = namesOf(setting)
  const width = names.length
  const [draws, noise] = [generator(seed).split('torques'), generator(seed).split('readings')]
  const arms = armsOf(setting.design, Math.ceil(rows / frames))
  buildRoom(arms)
  const data = new Float64Array(arms.count * frames * width)
  const warmUp = 8
  for (let frame = -warmUp; frame < frames; frame++) {
    const torques = drawTorques(setting, arms.count, draws)
    for (let arm = 0; frame >= 0 && arm < arms.count; arm++) {
      const at = (arm * frames + frame) * width
      data[at] = arm
      writeLine(arms, arm, torques, noise, data, at + 1)
    }
    letMove(arms, setting, disturbed(torques, setting, draws))
    onProgress?.(Math.max(0, frame + 1) * arms.count)
  }
  return { names, values: { data, shape: [arms.count * frames, width] } }
}

/** Records arms in Rapier, which must have been initialized. Equal seeds give equal files on one machine. */
export const record = (setting: Setting, options: RecordOptions): Recording =>
  setting.driven ? recordDriven(setting, options) : recordSettled(setting, options)

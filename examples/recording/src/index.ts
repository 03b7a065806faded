/** Records a robot arm that Rapier simulates, as a table for `npm run fit`. */
import { resolve } from 'node:path'
import RAPIER from '@dimforge/rapier2d-compat'
import { orFail, progressBar, readOptions, resultOptions, say, table } from '@mechid/example-terminal'
import { writeCsv } from '@mechid/files'
import { measuredEffects } from './effects.js'
import { record } from './record.js'
import { type SettingName, settings } from './settings.js'

const specs = {
  setting: {
    kind: 'choice',
    choices: Object.keys(settings),
    fallback: 'settled',
    description: 'settled: poses on a table under constant torques; driven: a hanging arm that moves'
  },
  rows: {
    kind: 'number',
    integer: true,
    least: 1,
    placeholder: 'N',
    fallback: 10_000,
    description: 'rows; of a motion, frames of all runs'
  },
  frames: {
    kind: 'number',
    integer: true,
    least: 2,
    placeholder: 'N',
    fallback: 50,
    description: 'frames of one run of a motion'
  },
  seed: { kind: 'number', integer: true, least: 0, placeholder: 'N', fallback: 1, description: 'seed' },
  out: { kind: 'text', placeholder: 'FILE', fallback: 'arm.csv', description: 'where the table goes' },
  help: resultOptions('').help
} as const

const effectRows = (effects: readonly (readonly number[])[], cause: string): string[][] => [
  ['', ...effects[0].map((_, j) => `${cause}${j + 1}`)],
  ...effects.map((row, i) => [`angle${i + 1}`, ...row.map((value) => value.toFixed(2))])
]

const main = async (): Promise<void> => {
  const {
    setting: name,
    rows,
    frames,
    seed,
    out
  } = readOptions(
    specs,
    'npm run record -- [options]',
    'Records a robot arm of three joints that Rapier simulates: range finders, motor torques and, for scores, true angles.'
  )
  await RAPIER.init()
  const setting = settings[name as SettingName]
  const bar = progressBar('recording', rows)
  const { names, values } = record(setting, {
    rows,
    frames,
    seed,
    onProgress: (done) => bar.update(Math.min(done, rows), {})
  })
  bar.stop()
  orFail(await writeCsv(resolve(out), names, values)())
  say(`${out}: ${values.shape[0].toLocaleString('en-US')} rows, ${names.length} columns.`)
  const { torques, poses } = measuredEffects(setting, seed)
  say('\nWhat moves which angle, in standard deviations of its disturbance, measured in the simulator:')
  say(table(effectRows(torques, 'torque')))
  if (poses !== undefined) say(`\nBy the pose before:\n${table(effectRows(poses, 'angle'))}`)
}

await main()

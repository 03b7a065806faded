/** The arm does what its description says, and the program writes what fit can read. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import RAPIER from '@dimforge/rapier2d-compat'
import { readCsv } from '@mechid/files'
import { orThrow } from '@mechid/values'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { armsOf, JOINTS } from '../src/arms.js'
import { measuredEffects } from '../src/effects.js'
import { letMove, record } from '../src/record.js'
import { settings } from '../src/settings.js'

beforeAll(() => RAPIER.init(), 60_000)

describe('a settled arm', () => {
  it('stands at torque over stiffness in every joint, whatever the others do', () => {
    const { settled } = settings
    const torques = Float64Array.from([4, -2, 0.5, -3, 1, -0.6])
    const arms = armsOf(settled.design, 2)
    letMove(arms, settled, torques)
    for (const [at, angle] of arms.angles().entries())
      expect(angle).toBeCloseTo(torques[at] / settled.design.stiffness[at % JOINTS], 2)
  }, 60_000)

  it('has one torque for each angle, measured by changing one at a time', () => {
    const { torques, poses } = measuredEffects(settings.settled, 1)
    expect(poses).toBeUndefined()
    for (const [i, row] of torques.entries())
      for (const [l, effect] of row.entries())
        if (i === l)
          expect(effect).toBeCloseTo(settings.settled.torque[l] / 2 / settings.settled.disturbance[l], 1)
        else expect(effect).toBeLessThan(0.05)
  }, 60_000)
})

it('in a driven arm, its own torque and angle bear on a joint most, the others little', () => {
  const { torques, poses = [] } = measuredEffects(settings.driven, 1)
  for (const table of [torques, poses])
    for (const [i, row] of table.entries())
      for (const [j, effect] of row.entries()) if (i !== j) expect(effect).toBeLessThan(row[i] / 4)
  expect(poses[1][0]).toBeGreaterThan(1)
}, 60_000)

describe('a recording', () => {
  it('repeats itself for the same seed, and not for another', () => {
    const once = (seed: number) => record(settings.driven, { rows: 6, frames: 3, seed })
    expect(once(1).values.data).toEqual(once(1).values.data)
    expect(once(2).values.data).not.toEqual(once(1).values.data)
  }, 60_000)

  it('of a motion follows runs from frame to frame', () => {
    const { names, values } = record(settings.driven, { rows: 10, frames: 5, seed: 1 })
    expect(values.shape).toEqual([10, names.length])
    const runs = Array.from({ length: 10 }, (_, r) => values.data[r * names.length])
    expect(runs).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
  }, 60_000)
})

describe('the program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'record-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const program = fileURLToPath(new URL('../dist/index.js', import.meta.url))
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', cwd: folder })

  it('writes readings with their units, between the walls', async () => {
    if (!existsSync(program)) throw new Error(`${program} is missing: build first`)
    const done = run('--rows', '20', '--seed', '3', '--out', 'arm.csv')
    expect(done.stderr).not.toMatch(/error/)
    expect(done.stdout).toContain('20 rows, 30 columns')
    const { names, values } = orThrow(await readCsv(join(folder, 'arm.csv'))())
    expect(names.slice(0, 2)).toEqual(['range_link1_0deg_m', 'range_link1_45deg_m'])
    expect(names.slice(-4)).toEqual(['torque3_Nm', 'angle1_rad', 'angle2_rad', 'angle3_rad'])
    for (let r = 0; r < 20; r++)
      for (let j = 0; j < 24; j++) {
        const reading = values.data[r * names.length + j]
        expect(reading).toBeGreaterThan(0)
        expect(reading).toBeLessThan(3.5)
      }
  }, 120_000)

  it('refuses a setting that there is not', () => {
    const { status, stderr } = run('--setting', 'flying')
    expect(status).toBe(2)
    expect(stderr).toContain('settled')
  }, 60_000)
})

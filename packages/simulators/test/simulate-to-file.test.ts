import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeNpz } from '@mechid/files'
import { problem } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { readDataSet, simulate, simulateToFile, writeDataSet } from '../src/index.js'
import { mixing, still, temporaryFolder, wrong } from './fixtures.js'

const folder = temporaryFolder('simulate-to-file')

const moving = orThrow(problem('TimeNonDiag', { latents: 4 }))

describe('simulateToFile', () => {
  it.each([
    ['static data', { kernel: still, mixing, rows: 10_000, seed: 4 }],
    ['pairs', { kernel: moving, mixing, rows: 9000, seed: 5 }],
    ['longer sequences', { kernel: moving, mixing, rows: 4500, frames: 4, seed: 6, observationNoise: 0 }],
    ['raw observations', { kernel: still, mixing, rows: 4096, seed: 7, standardized: false }]
  ])('gives the numbers of simulate to the last bit: %s', async (name, options) => {
    const path = join(folder, `${name}.npz`)
    const inMemory = orThrow(simulate(options))
    const { standardization, graph } = await orThrow(simulateToFile(path, options))
    expect(standardization).toEqual(inMemory.standardization)
    expect(graph).toEqual(inMemory.graph)
    expect(await orThrow(readDataSet(path))).toEqual(inMemory.data)
    const { x, z, a } = inMemory.data
    const whole = join(folder, 'whole.npz')
    await writeNpz(whole, { x, ...(z && { z }), ...(a && { a }) })()
    expect(readFileSync(path).equals(readFileSync(whole))).toBe(true)
  })

  it('says how far it is, in rows that only grow', async () => {
    const seen: string[] = []
    let before = 0
    await orThrow(
      simulateToFile(join(folder, 'told.npz'), {
        kernel: still,
        mixing,
        rows: 9000,
        seed: 1,
        onProgress: ({ phase, done, rows }) => {
          if (seen.at(-1) !== phase) before = 0
          expect(done).toBeGreaterThanOrEqual(before)
          expect(done).toBeLessThanOrEqual(rows)
          before = done
          if (seen.at(-1) !== phase) seen.push(phase)
        }
      })
    )
    expect(seen).toEqual(['simulating', 'standardizing', 'writing'])
  })

  it.each(['simulating', 'standardizing', 'writing'])(
    'leaves nothing when aborted while %s',
    async (phase) => {
      const place = mkdtempSync(join(folder, 'aborted-'))
      const path = join(place, 'data.npz')
      writeFileSync(path, 'before')
      const stop = new AbortController()
      const result = await simulateToFile(path, {
        kernel: still,
        mixing,
        rows: 50_000,
        seed: 1,
        signal: stop.signal,
        onProgress: (progress) => {
          // Nothing but the old file has a name: a killed process would leave nothing either.
          if (progress.phase !== 'writing') expect(readdirSync(place)).toEqual(['data.npz'])
          if (progress.phase === phase) stop.abort()
        }
      })()
      expect(result).toMatchObject({ left: { _tag: 'Aborted', where: 'simulateToFile' } })
      expect(readdirSync(place)).toEqual(['data.npz'])
      expect(readFileSync(path, 'utf8')).toBe('before')
    }
  )

  it('refuses what it cannot do before it starts', async () => {
    const options = { kernel: still, mixing, rows: 100, seed: 1 }
    expect(await wrong(simulateToFile(join(folder, 'data.csv'), options))).toContain('ends with .npz')
    expect(await wrong(simulateToFile(join(folder, 'none', 'data.npz'), options))).toContain(
      'the directory does not exist'
    )
    expect(await wrong(simulateToFile(join(folder, 'a.npz'), { ...options, rows: 1 }))).toContain('rows is 1')
    const signal = AbortSignal.abort()
    expect(await wrong(simulateToFile(join(folder, 'a.npz'), { ...options, signal }))).toContain('stopped')
  })
})

describe('writeDataSet', () => {
  it('writes what readDataSet reads', async () => {
    const { data } = orThrow(simulate({ kernel: still, mixing, rows: 50, seed: 1 }))
    for (const name of ['back.npz', 'back.csv']) {
      const path = join(folder, name)
      await orThrow(writeDataSet(path, data))
      expect(await orThrow(readDataSet(path))).toEqual(data)
    }
    expect(readFileSync(join(folder, 'back.csv'), 'utf8').split('\n')[0]).toBe(
      'x0,x1,x2,x3,x4,x5,x6,a0,a1,a2,a3,z0,z1,z2,z3'
    )
  })

  it('refuses another ending, sequences in a table, and what is no data set', async () => {
    const { data } = orThrow(simulate({ kernel: moving, mixing, rows: 50, seed: 1 }))
    expect(await wrong(writeDataSet(join(folder, 'b.csv'), data))).toContain('write sequences to a .npz')
    expect(await wrong(writeDataSet(join(folder, 'b.txt'), data))).toContain('ends with .npz or .csv')
    const x = { data: new Float32Array(4), shape: [2, 2] }
    expect(await wrong(writeDataSet(join(folder, 'b.npz'), { x }))).toContain('feature 0 of x')
  })
})

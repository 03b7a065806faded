/**
 * What people have and what they type: for each case, what the program says, with which status it ends, and what it leaves.
 * Most cases end before a training; those that train do so for 30 steps.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { type Args, type Case, type Files, of } from './cases/case.js'
import { misunderstood } from './cases/command-lines.js'
import { learned } from './cases/read.js'
import { refusedArrays } from './cases/refused-arrays.js'
import { refusedData } from './cases/refused-data.js'
import { refusedTables } from './cases/refused-tables.js'
import { rows, SHORT, workplace } from './program.js'

// Processes that train, on machines that are busy.
vi.setConfig({ testTimeout: 240_000 })

const { folder, at, run, written, npz, held } = workplace('fit-cases')
const files: Files = {
  at,
  written,
  file: (name, content, ...more) => of(written(name, content), ...more),
  archive: async (name, arrays, ...more) => of(await npz(name, arrays), ...more)
}

await npz('good.npz', rows(300))

/** What a run leaves that went to its end. */
const RESULTS = [
  'checkpoint.safetensors',
  'graph.json',
  'latents.npz',
  'model.onnx',
  'model.safetensors',
  'pictures',
  'report.html',
  'results.json',
  'variance.json'
]

/** Hidden files of the folder itself, such as what was being written. */
const hidden = (): readonly string[] => readdirSync(folder).filter((name) => name.startsWith('.'))

const ended = async ({ args }: Case, out: string, ...more: Args) => {
  const given = await args(files)
  return run(...given, ...more, ...(given.includes('--out') ? [] : ['--out', out]))
}

const folderOf = ({ name }: Case): string => name.replaceAll(/[^a-z0-9]+/gi, '-')

describe.each([
  ['is not understood', misunderstood, 2],
  ['is refused', [...refusedArrays, ...refusedTables, ...refusedData], 1]
] as const)('what %s, in one line', (_, listed, status) => {
  it.each(listed)(
    '$name',
    async (each) => {
      const before = readFileSync(at('good.npz'))
      const done = await ended(each, 'refused')
      expect(done.stderr).toMatch(each.says)
      expect(done.stderr.startsWith('error: ')).toBe(true)
      expect(done.stderr.trimEnd().split('\n')).toHaveLength(1)
      expect(done.stderr.length).toBeLessThan(700)
      expect(done.stdout).toBe('')
      expect(done.status).toBe(status)
      expect(held('refused')).toEqual([])
      expect(hidden()).toEqual([])
      expect(readFileSync(at('good.npz')).equals(before)).toBe(true)
    },
    120_000
  )
})

describe('what is read', () => {
  it.each(learned)(
    '$name',
    async (each) => {
      const out = folderOf(each)
      const done = await ended(each, out, ...SHORT)
      expect(done.stderr).not.toMatch(/error/)
      expect(done.status).toBe(0)
      expect(done.stdout).toMatch(each.says)
      expect(held(out)).toEqual(RESULTS)
      expect(hidden()).toEqual([])
    },
    120_000
  )
})

describe('what is asked for', () => {
  it.each([
    ['--help', /--split-seed/],
    ['-h', /Usage: npm run fit/],
    ['--version', /^mechid \d+\.\d+\.\d+, Node /]
  ])(
    '%s is answered, whatever else is missing',
    (option, answer) => {
      const { status, stdout, stderr } = run(option)
      expect([status, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(answer)
    },
    60_000
  )
})

it('there are 60 cases and more, each of another name', () => {
  const names = [...misunderstood, ...refusedArrays, ...refusedTables, ...refusedData, ...learned].map(
    ({ name }) => name
  )
  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeGreaterThanOrEqual(60)
})

/** The page docs/from-python.md: its commands are run as they stand there, on the data that its first program writes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { graphToJson } from '@mechid/causal-graph'
import { writeNpz } from '@mechid/files'
import { causalGraph, problem } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { nnMixing, simulate } from '@mechid/simulators'
import { orThrow } from '@mechid/values'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { programsOf } from './code-blocks.js'
import { run } from './command.js'
import { root } from './workspace.js'

const PAGE = 'docs/from-python.md'
const page = readFileSync(join(root, PAGE), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'mechid-from-python-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, code]) => code)

const names = {
  causalGraph,
  generator,
  graphToJson,
  nnMixing,
  orThrow,
  problem,
  simulate,
  writeFileSync,
  writeNpz
}
const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor

/** Figures, which another processor may round otherwise. */
const NUMBER = /\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?/g
const figures = (line: string): readonly number[] =>
  (line.match(NUMBER) ?? []).map((text) => Number(text.replaceAll(',', '')))
const words = (line: string): string => line.replace(NUMBER, '#').replace(/\s+/g, ' ').trim()

/** Whether a line was printed, with figures that are at most this far apart. */
const FAR = 0.02
const agrees = (promised: string, printed: string): boolean => {
  const [ours, theirs] = [figures(promised), figures(printed)]
  const close = ours.every((value, i) => Math.abs(value - theirs[i]) <= FAR * Math.max(1, Math.abs(value)))
  return words(promised) === words(printed) && close
}

beforeAll(async () => {
  const [{ runnable }] = programsOf(PAGE)
  const before = process.cwd()
  process.chdir(folder)
  try {
    await new AsyncFunction(...Object.keys(names), runnable.replace(/^import .*\n/gm, ''))(
      ...Object.values(names)
    )
  } finally {
    process.chdir(before)
  }
})

it('prints what the page says', async () => {
  const commands = blocks('sh').flatMap((code) => code.trim().split('\n'))
  expect(commands).toHaveLength(2)
  let printed: string[] = []
  for (const command of commands) {
    const [npm, verb, name, dashes, ...args] = command.split(' ')
    expect([npm, verb, dashes]).toEqual(['npm', 'run', '--'])
    const program = join(root, 'examples', name, 'dist/index.js')
    if (!existsSync(program)) throw new Error(`${program} is missing: build first`)
    const here = args.map((arg) => (arg.startsWith('examples/') ? join(root, arg) : arg))
    const ended = await run(folder, process.execPath, program, ...here)
    expect(ended.ok, ended.all).toBe(true)
    printed = [...printed, ...ended.out.split('\n')]
  }
  const promised = blocks('text').flatMap((text) => text.split('\n').filter((line) => line.trim() !== ''))
  expect(promised.length).toBeGreaterThan(15)
  expect(promised.filter((line) => !printed.some((other) => agrees(line, other)))).toEqual([])
}, 180_000)

it('is right about what it says in passing: the codes are mixed, and unmixing reaches what a linear map can', async () => {
  const found = JSON.parse(readFileSync(join(folder, 'unmixed/graph.json'), 'utf8'))
  expect(found.mcc).toBeGreaterThan(0.99)
  expect(Math.abs(found.mcc - found.r)).toBeLessThan(0.002)
  expect(found.verdict).toMatchObject({ _tag: 'CannotTell', doubt: 'too few rows' })
  expect(found.withoutTruth._tag).toBe('Broken')
})

/** The documentation says what is so: its programs compile and run, what they print is printed, links lead on. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { formatWithOptions } from 'node:util'
import ts from 'typescript'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Program, programsOf, promisedOutput } from './code-blocks.js'
import { brokenLinks } from './markdown-links.js'
import { packages, root } from './workspace.js'

const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))
const documents = ['README.md', ...pages.map((page) => `docs/${page}`)]
const linking = [
  ...documents,
  'CONTRIBUTING.md',
  ...packages.map(({ short }) => `packages/${short}/README.md`)
]

const programs = documents.flatMap(programsOf)

/** Git ignores it. It lies within the repository, so that imports resolve as they do in the tests. */
const folder = join(root, 'out', `docs-programs-${process.pid}`)
const fileOf = (program: Program, what: 'whole' | 'runnable'): string =>
  join(folder, `${what}-${programs.indexOf(program)}.ts`)

beforeAll(() => {
  mkdirSync(folder, { recursive: true })
  for (const program of programs) {
    writeFileSync(fileOf(program, 'whole'), `${program.code}\nexport {}\n`)
    writeFileSync(fileOf(program, 'runnable'), `${program.runnable}\nexport {}\n`)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const compilerOptions = (): ts.CompilerOptions => {
  const path = join(root, 'tsconfig.json')
  const { config } = ts.readConfigFile(path, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [path] }, ts.sys, root)
  // An example may name what it does not go on to use.
  return { ...options, noUnusedLocals: false, noUnusedParameters: false }
}

const complaints = (files: readonly string[]): readonly string[] => {
  const compiled = ts.createProgram(files, compilerOptions())
  return files.flatMap((file) =>
    ts.getPreEmitDiagnostics(compiled, compiled.getSourceFile(file)).map(({ messageText, start = 0 }) => {
      const text = compiled.getSourceFile(file)?.text ?? ''
      const line = text.slice(0, start).split('\n').length
      return `${programs[files.indexOf(file)].name}, its line ${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
    })
  )
}

describe('the documents', () => {
  it('hold programs', () => {
    expect(programs.length).toBeGreaterThan(5)
  })

  it('hold programs that compile', () => {
    expect(complaints(programs.map((program) => fileOf(program, 'whole')))).toEqual([])
  }, 120_000)

  it.each(linking)('have links that lead somewhere: %s', (file) => {
    expect(brokenLinks(file)).toEqual([])
  })
})

describe('a program', () => {
  const before = process.cwd()
  let scratch = ''
  let printed: string[] = []
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), 'mechid-docs-'))
    process.chdir(scratch)
    printed = []
    vi.spyOn(console, 'log').mockImplementation((...values) => {
      printed.push(...formatWithOptions({ breakLength: Number.POSITIVE_INFINITY }, ...values).split('\n'))
    })
  })
  afterEach(() => {
    vi.restoreAllMocks()
    process.chdir(before)
    if (existsSync(scratch)) rmSync(scratch, { recursive: true })
  })

  const running = programs.filter(({ runnable }) => runnable !== '')
  it.each(running.map((program) => [program.name, program] as const))(
    'runs: %s',
    async (_, program) => {
      await import(pathToFileURL(fileOf(program, 'runnable')).href)
      const lines = [...printed]
      for (const promise of promisedOutput(program)) {
        const at = lines.indexOf(promise)
        expect(at, `"${promise}" among ${JSON.stringify(lines)}`).toBeGreaterThanOrEqual(0)
        lines.splice(0, at + 1)
      }
    },
    60_000
  )
})

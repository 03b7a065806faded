/** Runs and type-checks the programs of Markdown files, each in an empty folder. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { formatWithOptions } from 'node:util'
import ts from 'typescript'
import { vi } from 'vitest'
import type { Program } from './code-blocks.js'
import { root } from './workspace.js'

/** Git ignores it. It lies within the repository, so that imports resolve as they do in the tests. */
const folder = join(root, 'out', `programs-${process.pid}`)
let written = 0

const write = (code: string): string => {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${written++}.ts`)
  writeFileSync(file, `${code}\nexport {}\n`)
  return file
}

/** Programs need files while they are checked or run. */
export const removePrograms = (): void => rmSync(folder, { recursive: true, force: true })

export interface Ran {
  /** Lines that it printed, as Node prints them with room to the right. */
  readonly printed: readonly string[]
  /** What it defined and was asked for. */
  readonly values: Readonly<Record<string, unknown>>
}

/** Runs a program and answers what it printed and the `wanted` of its definitions. */
export const runProgram = async ({ runnable }: Program, wanted: readonly string[] = []): Promise<Ran> => {
  const exported = wanted.length > 0 ? `\nexport { ${wanted.join(', ')} }` : ''
  const file = write(runnable + exported)
  const before = process.cwd()
  const scratch = mkdtempSync(join(tmpdir(), 'mechid-program-'))
  const printed: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((...values) => {
    printed.push(...formatWithOptions({ breakLength: Number.POSITIVE_INFINITY }, ...values).split('\n'))
  })
  process.chdir(scratch)
  try {
    return { values: await import(pathToFileURL(file).href), printed }
  } finally {
    log.mockRestore()
    process.chdir(before)
    if (existsSync(scratch)) rmSync(scratch, { recursive: true })
  }
}

const compilerOptions = (): ts.CompilerOptions => {
  const path = join(root, 'tsconfig.json')
  const { config } = ts.readConfigFile(path, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [path] }, ts.sys, root)
  // An example may name what it does not go on to use.
  return { ...options, noUnusedLocals: false, noUnusedParameters: false }
}

/** What the type checker has against programs, the parts that are not run among them. */
export const complaints = (programs: readonly Program[]): readonly string[] => {
  const files = programs.map(({ code }) => write(code))
  const compiled = ts.createProgram(files, compilerOptions())
  return files.flatMap((file, i) =>
    ts.getPreEmitDiagnostics(compiled, compiled.getSourceFile(file)).map(({ messageText, start = 0 }) => {
      const text = compiled.getSourceFile(file)?.text ?? ''
      const line = text.slice(0, start).split('\n').length
      return `${programs[i].name}, its line ${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
    })
  )
}

/**
 * The ```ts blocks of a Markdown file as programs.
 *
 * A block is a program of its own; one marked `continues` goes on where the block before it stopped. What is
 * marked `no-run` is type-checked and not run, with all that continues it: long trainings, and files that only
 * the reader has.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './workspace.js'

interface Block {
  readonly line: number
  readonly marks: readonly string[]
  readonly code: string
}

export interface Program {
  /** `docs/concepts.md:12`: where it starts. */
  readonly name: string
  /** Everything, for the type checker. */
  readonly code: string
  /** What is run; empty if nothing is. */
  readonly runnable: string
}

const FENCE = /^```ts(?: ([^\n]*))?\n(.*?)^```$/gms

const blocksOf = (text: string): readonly Block[] =>
  [...text.matchAll(FENCE)].map((found) => ({
    line: text.slice(0, found.index).split('\n').length,
    marks: (found[1] ?? '').split(' ').filter((mark) => mark !== ''),
    code: found[2]
  }))

const MARKS = ['continues', 'no-run']

const add = (programs: readonly (Program & { readonly stopped: boolean })[], file: string, block: Block) => {
  const unknown = block.marks.find((mark) => !MARKS.includes(mark))
  if (unknown !== undefined) throw new Error(`${file}:${block.line}: no mark is called "${unknown}"`)
  const before = block.marks.includes('continues') ? programs.at(-1) : undefined
  const stopped = before?.stopped === true || block.marks.includes('no-run')
  const program = {
    name: before?.name ?? `${file}:${block.line}`,
    code: (before?.code ?? '') + block.code,
    runnable: (before?.runnable ?? '') + (stopped ? '' : block.code),
    stopped
  }
  return [...(before === undefined ? programs : programs.slice(0, -1)), program]
}

/** The programs in a file, whose path is relative to the repository. */
export const programsOf = (file: string): readonly Program[] =>
  blocksOf(readFileSync(join(root, file), 'utf8')).reduce(
    (programs: ReturnType<typeof add>, block) => add(programs, file, block),
    []
  )

/** `console.log(x) // text` promises that `text` is printed. */
const PROMISE = /\bconsole\.log\(.*\) \/\/ (.*)$/gm

/** What a program's comments promise that it prints, in order. */
export const promisedOutput = ({ runnable }: Program): readonly string[] =>
  [...runnable.matchAll(PROMISE)].map((found) => found[1])

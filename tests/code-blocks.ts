/**
 * The ```ts blocks of a Markdown file as programs.
 *
 * A block is a program of its own; one marked `continues` goes on where the block before it stopped. What is marked
 * `no-run: REASON` is type-checked and not run, with all that continues it: long trainings, and files that only the
 * reader has.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './workspace.js'

interface Block {
  readonly line: number
  readonly continues: boolean
  /** Why it is not run; undefined: it is. */
  readonly stopped: string | undefined
  readonly code: string
}

export interface Program {
  /** `docs/concepts.md:12`: where it starts. */
  readonly name: string
  /** Everything, for the type checker. */
  readonly code: string
  /** What is run; empty if nothing is. */
  readonly runnable: string
  /** Why the rest is not run; undefined: there is none. */
  readonly stopped: string | undefined
}

const FENCE = /^```ts(?: ([^\n]*))?\n(.*?)^```$/gms

/** What follows `ts` where a block begins. */
const MARKS = /^(continues)?(?:(?:^| )no-run: (\S.*))?$/

const blocksOf = (file: string, text: string): readonly Block[] =>
  [...text.matchAll(FENCE)].map((found) => {
    const line = text.slice(0, found.index).split('\n').length
    const marks = MARKS.exec(found[1] ?? '')
    if (marks === null) {
      throw new Error(`${file}:${line}: "${found[1]}" is neither "continues" nor "no-run: REASON"`)
    }
    return { line, continues: marks[1] !== undefined, stopped: marks[2], code: found[2] }
  })

const add = (programs: readonly Program[], file: string, block: Block): readonly Program[] => {
  const before = block.continues ? programs.at(-1) : undefined
  if (block.continues && before === undefined) throw new Error(`${file}:${block.line} continues nothing`)
  const stopped = before?.stopped ?? block.stopped
  const program = {
    name: before?.name ?? `${file}:${block.line}`,
    code: (before?.code ?? '') + block.code,
    runnable: (before?.runnable ?? '') + (stopped === undefined ? block.code : ''),
    stopped
  }
  return [...(before === undefined ? programs : programs.slice(0, -1)), program]
}

/** The programs in a text, which `file` names. Throws at a mark that is none. */
export const programsIn = (file: string, text: string): readonly Program[] =>
  blocksOf(file, text).reduce((programs: readonly Program[], block) => add(programs, file, block), [])

/** The programs in a file, whose path is relative to the repository. */
export const programsOf = (file: string): readonly Program[] =>
  programsIn(file, readFileSync(join(root, file), 'utf8'))

/** `console.log(x) // text`, or with the comment on the next line, promises that `text` is printed. */
const PROMISE = /\bconsole\.log\((?:.*|\n(?: .*\n)+)\)(?: \/\/ |\n *\/\/ )(.*)$/gm

/** What a program's comments promise that it prints, in order. */
export const promisedOutput = ({ runnable }: Program): readonly string[] =>
  [...runnable.matchAll(PROMISE)].map((found) => found[1])

/** Does a line keep a promise? `0.379…` stands for any further digits. */
export const keeps = (line: string, promise: string): boolean => {
  const parts = promise.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('\\d*')}$`).test(line)
}

/** Lines that begin a block of code in some language, wherever they stand. */
export const fencesOf = (file: string, language: RegExp): readonly string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/^[ >]*(?:```+|~~~+)([^\n`]*)$/gm)]
    .map(([, info]) => info.trim())
    .filter((info) => language.test(info))

/** Blocks of TypeScript in a file, run or not. */
export const blockCount = (file: string): number =>
  blocksOf(file, readFileSync(join(root, file), 'utf8')).length

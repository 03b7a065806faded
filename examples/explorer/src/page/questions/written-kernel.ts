/** A kernel from the text that somebody wrote. Runs what is written: only for a worker that can be ended. */
import { type Entry, ofKernel } from '@mechid/example-gallery'
import {
  gaussian,
  isKernel,
  type Kernel,
  type KernelDefinition,
  kernel,
  laplace,
  logistic,
  uniform
} from '@mechid/mechanisms'
import { parse } from 'acorn'
import * as E from 'fp-ts/lib/Either.js'

export interface SourceFault {
  readonly message: string
}

/** More latents or actions than this are for a program of one's own. */
const MOST = 12

const wrong = (message: string): E.Either<SourceFault, never> => E.left({ message })

/** What the text may name, besides all that JavaScript has. */
const vocabulary = { gaussian, laplace, logistic, uniform }

/** Lines that `new Function` puts before its body. */
const HEAD_LINES = 2

interface SyntaxFault {
  readonly message: string
  readonly loc: { readonly line: number; readonly column: number }
}

const hasPlace = (error: unknown): error is SyntaxFault =>
  typeof error === 'object' && error !== null && 'loc' in error

/** Type annotations are the commonest of what is no JavaScript. */
const TYPES = /[)\w\]]\s*:\s*(number|ReadonlyArray|Array|string|any|A\b)|<A>|\bas\s+\w/

/** The text with `return` before its last expression, or what is wrong with it. */
const bodyOf = (source: string): E.Either<SourceFault, string> => {
  try {
    const { body } = parse(source, { ecmaVersion: 2022, allowReturnOutsideFunction: true })
    const last = body[body.length - 1]
    if (last === undefined) return wrong('There is nothing written yet.')
    if (last.type === 'ReturnStatement') return E.right(source)
    if (last.type === 'BlockStatement' || last.type === 'LabeledStatement')
      return wrong('A list of options alone is no kernel: write kernel({ … }) around it.')
    if (last.type !== 'ExpressionStatement')
      return wrong('The text must end with the kernel: kernel({ … }) as its last statement.')
    const { start, end } = last.expression
    return E.right(`${source.slice(0, last.start)}return (${source.slice(start, end)})`)
  } catch (error) {
    if (!hasPlace(error)) return wrong(String(error))
    const what = error.message.replace(/ \(\d+:\d+\)$/, '')
    const hint = TYPES.test(source) ? ' Types are not understood here: leave them out.' : ''
    return wrong(`Line ${error.loc.line}, column ${error.loc.column + 1}: ${what}.${hint}`)
  }
}

/** Where in the text an error was thrown, if its stack tells. */
const placeOf = (error: unknown): string => {
  const found = error instanceof Error ? /<anonymous>:(\d+):(\d+)/.exec(error.stack ?? '') : null
  const line = found === null ? 0 : Number(found[1]) - HEAD_LINES
  return line >= 1 ? `Line ${line}: ` : ''
}

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** `kernel` forgets where a definition threw; this keeps the first such error. */
const watching = (): {
  readonly define: (definition: KernelDefinition) => E.Either<SourceFault, Kernel>
  readonly thrown: () => unknown
} => {
  let thrown: unknown
  const watched = <F extends (...given: never[]) => unknown>(f: F): F =>
    ((...given: never[]) => {
      try {
        return f(...given)
      } catch (error) {
        thrown ??= error
        throw error
      }
    }) as F
  return {
    thrown: () => thrown,
    define: (definition) => {
      const { location, scale } = definition
      // What was written may be anything; `kernel` says what is wrong with it.
      return kernel({
        ...definition,
        location: typeof location === 'function' ? watched(location) : location,
        scale: typeof scale === 'function' ? (watched(scale) as Kernel['scale']) : scale
      })
    }
  }
}

const checked = (value: unknown, thrown: unknown): E.Either<SourceFault, Kernel> => {
  if (typeof value !== 'object' || value === null || !('_tag' in value || isKernel(value)))
    return wrong('The last statement must be a kernel: kernel({ … }).')
  const made = '_tag' in value ? (value as E.Either<SourceFault, Kernel>) : E.right(value as Kernel)
  if (E.isLeft(made)) return wrong(`${placeOf(thrown)}${made.left.message}`)
  const { latents, actions } = made.right
  return latents > MOST || actions > MOST
    ? wrong(`It has ${latents} latents and ${actions} actions; here there may be ${MOST} of each at most.`)
    : made
}

/**
 * The kernel that a text defines by its last statement, as an entry to analyse.
 *
 * Errors: what is wrong, with the line where that is known.
 */
export const kernelOf = (source: string): E.Either<SourceFault, Entry> => {
  const body = bodyOf(source)
  if (E.isLeft(body)) return body
  const watch = watching()
  const names = Object.entries({ ...vocabulary, kernel: watch.define })
  try {
    const run = new Function(...names.map(([name]) => name), `"use strict";${body.right}`)
    const made = checked(run(...names.map(([, value]) => value)), watch.thrown())
    if (E.isLeft(made)) return made
    // Reads the graph, and so tries the definition once more.
    return E.right(ofKernel('Written', made.right, ''))
  } catch (error) {
    return wrong(`${placeOf(watch.thrown() ?? error)}${said(error)}.`)
  }
}

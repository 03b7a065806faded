/** Formulas in which what occurs several times is named once. */
import type { Elementary } from '../elementary.js'
import { type Expression, symbol } from './expression.js'
import { number } from './number.js'

type Operation = <A>(F: Elementary<A>, parts: ReadonlyArray<A>) => A

/** An input, a constant, or an operation on earlier terms; equal ones are one and the same. */
export interface Term {
  readonly id: number
  readonly input?: Expression
  readonly constant?: number
  readonly operation?: Operation
  readonly parts: ReadonlyArray<Term>
  /** Operations, if nothing were shared. */
  readonly size: number
}

const UNARY = ['neg', 'sin', 'cos', 'exp', 'log', 'tanh', 'sigmoid', 'softplus', 'sqrt', 'abs'] as const
const BINARY = ['add', 'sub', 'mul', 'div', 'max', 'min'] as const

/** The reading that keeps operations as a graph; operations on constants are constants. */
interface Recorder extends Elementary<Term> {
  readonly input: (name: Expression) => Term
}

const recorder = (): Recorder => {
  const known = new Map<string, Term>()
  const kept = (key: string, made: Omit<Term, 'id' | 'size'>): Term => {
    const found = known.get(key)
    if (found !== undefined) return found
    const own = made.operation === undefined ? 0 : 1
    const term = { ...made, id: known.size, size: made.parts.reduce((sum, { size }) => sum + size, own) }
    known.set(key, term)
    return term
  }
  const lit = (value: number): Term =>
    kept(Object.is(value, -0) ? '-0' : `${value}`, { constant: value, parts: [] })
  const operate =
    (name: string, operation: Operation) =>
    (...parts: ReadonlyArray<Term>): Term => {
      const values = parts.flatMap(({ constant }) => (constant === undefined ? [] : [constant]))
      return values.length === parts.length
        ? lit(operation(number, values))
        : kept(`${name}(${parts.map(({ id }) => id).join()})`, { operation, parts })
    }
  const unary = Object.fromEntries(
    UNARY.map((name) => [name, operate(name, (F, [x]) => F[name](x))])
  ) as Record<(typeof UNARY)[number], (x: Term) => Term>
  const binary = Object.fromEntries(
    BINARY.map((name) => [name, operate(name, (F, [x, y]) => F[name](x, y))])
  ) as Record<(typeof BINARY)[number], (x: Term, y: Term) => Term>
  const is = (x: Term, value: number): boolean => x.constant === value
  const mul = (x: Term, y: Term): Term => {
    if (is(x, 0) || is(y, 0)) return lit(0)
    return is(x, 1) ? y : is(y, 1) ? x : binary.mul(x, y)
  }
  const choice = operate('where', (F, [condition, x, y]) => F.where(condition, x, y))
  return {
    ...unary,
    ...binary,
    zero: lit(0),
    one: lit(1),
    lit,
    mul,
    add: (x, y) => (is(x, 0) ? y : is(y, 0) ? x : binary.add(x, y)),
    sub: (x, y) => (is(y, 0) ? x : binary.sub(x, y)),
    div: (x, y) => (is(y, 1) ? x : binary.div(x, y)),
    pow: (x, exponent) => {
      if (exponent === 0) return lit(1)
      return exponent === 1 ? x : operate(`^${exponent}`, (F, [base]) => F.pow(base, exponent))(x)
    },
    where: (condition, x, y) => {
      if (condition.constant === undefined) return choice(condition, x, y)
      return condition.constant > 0 ? x : y
    },
    input: (input) => kept(`input ${input.text}`, { input, parts: [] })
  }
}

/** Formulas up to so many operations in all are written out in full. */
const READABLE = 60
/** Shorter terms are written again wherever they occur. */
const WORTH_A_NAME = 2

/** All terms that outputs are made of, parts before what is made of them, with how often each is a part or an output. */
const usesOf = (outputs: ReadonlyArray<Term>): Map<Term, number> => {
  const uses = new Map<Term, number>()
  const seen = new Map<Term, number>()
  const visit = (term: Term): void => {
    const before = seen.get(term) ?? 0
    seen.set(term, before + 1)
    if (before > 0) return
    term.parts.forEach(visit)
    uses.set(term, 0)
  }
  outputs.forEach(visit)
  for (const [term, count] of seen) uses.set(term, count)
  return uses
}

const named = (k: number): string => `t_${k < 10 ? k : `{${k}}`}`

/** What is written: names with what they stand for, in order, and the outputs in terms of them. */
export interface SharedTerms {
  readonly terms: ReadonlyArray<readonly [name: string, text: string]>
  readonly outputs: ReadonlyArray<Expression>
}

const shared = (F: Elementary<Expression>, outputs: ReadonlyArray<Term>): SharedTerms => {
  const terms: Array<readonly [string, string]> = []
  const written = new Map<Term, Expression>()
  const whole = outputs.reduce((sum, { size }) => sum + size, 0) <= READABLE
  for (const [term, uses] of usesOf(outputs)) {
    const parts = term.parts.map((part) => written.get(part) ?? F.zero)
    const own = term.input ?? term.operation?.(F, parts) ?? F.lit(term.constant ?? 0)
    if (whole || uses < 2 || term.size < WORTH_A_NAME) {
      written.set(term, own)
      continue
    }
    const name = named(terms.length + 1)
    terms.push([name, own.text])
    written.set(term, symbol(name))
  }
  return { terms, outputs: outputs.map((term) => written.get(term) ?? F.zero) }
}

/**
 * What a definition makes of inputs, in the reading `text` or `latex`: in full up to 60 operations, beyond that with
 * names t_1, t_2, … for what occurs more than once.
 */
export const writtenOut = (
  F: Elementary<Expression>,
  inputs: ReadonlyArray<Expression>,
  definition: <A>(G: Elementary<A>, inputs: ReadonlyArray<A>) => ReadonlyArray<A>
): SharedTerms => {
  const record = recorder()
  return shared(F, definition<Term>(record, inputs.map(record.input)))
}

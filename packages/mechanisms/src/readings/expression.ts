/** The readings for people: a mechanism as formulas, in plain text or in LaTeX. */
import type { Elementary } from '../elementary.js'

/** A formula, how tightly its outermost operation binds, and its value where it is a constant. */
export interface Expression {
  readonly text: string
  /** 1: sums; 2: products; 3: signs; 4: powers and names. */
  readonly binding: 1 | 2 | 3 | 4
  readonly constant?: number
}

interface Notation {
  readonly call: (name: string, argument: string) => string
  readonly divide: (x: string, y: string) => string
  readonly divideBinding: 2 | 4
  readonly times: string
  readonly power: (base: string, exponent: string) => string
  readonly root: (argument: string) => string
  readonly magnitude: (argument: string) => string
  readonly parentheses: (inner: string) => string
  readonly cases: (condition: string, x: string, y: string) => string
}

const DIGITS = 6

const literal = (value: number): Expression => {
  const text = String(Number(value.toPrecision(DIGITS)))
  return { text, binding: value < 0 ? 3 : 4, constant: value }
}

/** A name, such as `z_1`. */
export const symbol = (text: string): Expression => ({ text, binding: 4 })

const reading = (notation: Notation): Elementary<Expression> => {
  const within = (x: Expression, binding: number): string =>
    x.binding < binding ? notation.parentheses(x.text) : x.text
  const known = (x: Expression, value: number): boolean => x.constant === value
  const fold = (f: (x: number, y: number) => number, x: Expression, y: Expression): Expression | undefined =>
    x.constant === undefined || y.constant === undefined ? undefined : literal(f(x.constant, y.constant))
  const neg = (x: Expression): Expression =>
    x.constant === undefined ? { text: `-${within(x, 3)}`, binding: 3 } : literal(-x.constant)
  const call =
    (name: string, f: (x: number) => number) =>
    (x: Expression): Expression =>
      x.constant === undefined ? { text: notation.call(name, x.text), binding: 4 } : literal(f(x.constant))
  const call2 =
    (name: string, f: (x: number, y: number) => number) =>
    (x: Expression, y: Expression): Expression =>
      fold(f, x, y) ?? { text: notation.call(name, `${x.text}, ${y.text}`), binding: 4 }

  const sub = (x: Expression, y: Expression): Expression => {
    if (known(y, 0)) return x
    if (known(x, 0)) return neg(y)
    if (y.constant !== undefined && y.constant < 0) return add(x, literal(-y.constant))
    return fold((a, b) => a - b, x, y) ?? { text: `${x.text} - ${within(y, 2)}`, binding: 1 }
  }
  const add = (x: Expression, y: Expression): Expression => {
    if (known(x, 0)) return y
    if (known(y, 0)) return x
    if (y.constant !== undefined && y.constant < 0 && x.constant === undefined) {
      return sub(x, literal(-y.constant))
    }
    return fold((a, b) => a + b, x, y) ?? { text: `${x.text} + ${y.text}`, binding: 1 }
  }
  const mul = (x: Expression, y: Expression): Expression => {
    if (known(x, 0) || known(y, 0)) return literal(0)
    if (known(x, 1)) return y
    if (known(y, 1)) return x
    if (known(x, -1)) return neg(y)
    return (
      fold((a, b) => a * b, x, y) ?? {
        text: `${within(x, 2)}${notation.times}${within(y, 4)}`,
        binding: 2
      }
    )
  }
  const div = (x: Expression, y: Expression): Expression => {
    if (known(y, 1)) return x
    return (
      fold((a, b) => a / b, x, y) ?? {
        text: notation.divide(
          notation.divideBinding === 4 ? x.text : within(x, 2),
          notation.divideBinding === 4 ? y.text : within(y, 4)
        ),
        binding: notation.divideBinding
      }
    )
  }
  return {
    zero: literal(0),
    one: literal(1),
    lit: literal,
    add,
    sub,
    mul,
    div,
    neg,
    sin: call('sin', Math.sin),
    cos: call('cos', Math.cos),
    exp: call('exp', Math.exp),
    log: call('log', Math.log),
    tanh: call('tanh', Math.tanh),
    sigmoid: call('sigmoid', (x) => 1 / (1 + Math.exp(-x))),
    softplus: call('softplus', (x) => Math.log1p(Math.exp(x))),
    sqrt: (x) =>
      x.constant === undefined ? { text: notation.root(x.text), binding: 4 } : literal(Math.sqrt(x.constant)),
    abs: (x) =>
      x.constant === undefined
        ? { text: notation.magnitude(x.text), binding: 4 }
        : literal(Math.abs(x.constant)),
    pow: (x, exponent) => {
      if (exponent === 0) return literal(1)
      if (exponent === 1) return x
      if (x.constant !== undefined) return literal(x.constant ** exponent)
      return { text: notation.power(within(x, 4), literal(exponent).text), binding: 3 }
    },
    max: call2('max', Math.max),
    min: call2('min', Math.min),
    where: (condition, x, y) => {
      if (condition.constant !== undefined) return condition.constant > 0 ? x : y
      return { text: notation.cases(condition.text, x.text, y.text), binding: 4 }
    }
  }
}

/** Plain text, as one would type it. */
export const text: Elementary<Expression> = reading({
  call: (name, argument) => `${name}(${argument})`,
  divide: (x, y) => `${x} / ${y}`,
  divideBinding: 2,
  times: ' ',
  power: (base, exponent) => `${base}^${exponent}`,
  root: (argument) => `sqrt(${argument})`,
  magnitude: (argument) => `|${argument}|`,
  parentheses: (inner) => `(${inner})`,
  cases: (condition, x, y) => `(${x} if ${condition} > 0 else ${y})`
})

const LATEX_NAMES = new Set(['sin', 'cos', 'exp', 'log', 'tanh', 'max', 'min'])

/** LaTeX, for math mode. */
export const latex: Elementary<Expression> = reading({
  call: (name, argument) =>
    `${LATEX_NAMES.has(name) ? `\\${name}` : `\\operatorname{${name}}`}\\left(${argument}\\right)`,
  divide: (x, y) => `\\frac{${x}}{${y}}`,
  divideBinding: 4,
  times: ' \\, ',
  power: (base, exponent) => `${base}^{${exponent}}`,
  root: (argument) => `\\sqrt{${argument}}`,
  magnitude: (argument) => `\\left|${argument}\\right|`,
  parentheses: (inner) => `\\left(${inner}\\right)`,
  cases: (condition, x, y) =>
    `\\begin{cases}${x} & ${condition} > 0 \\\\ ${y} & \\text{otherwise}\\end{cases}`
})

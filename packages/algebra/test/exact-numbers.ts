/** Readings of mechanisms without rounding: fractions, and fixed point with sixty digits. */
import type { Elementary } from '@mechid/mechanisms'

/** A fraction in lowest terms, the denominator above 0. */
export interface Fraction {
  readonly over: bigint
  readonly under: bigint
}

const divisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : divisor(b, a % b))
const size = (a: bigint): bigint => (a < 0n ? -a : a)

const reduced = (over: bigint, under: bigint): Fraction => {
  if (under === 0n) throw new Error('division by 0')
  const common = divisor(size(over), size(under)) * (under < 0n ? -1n : 1n)
  return { over: over / common, under: under / common }
}

/** A double is a fraction, exactly. */
export const fractionOf = (x: number): Fraction => {
  let exponent = 0
  let whole = x
  while (!Number.isInteger(whole)) {
    whole *= 2
    exponent++
  }
  return reduced(BigInt(whole), 1n << BigInt(exponent))
}

/** The fraction next to x with a denominator up to `most`, if it is within `within`. */
export const simpleFraction = (x: number, most: number, within: number): Fraction | undefined => {
  for (let under = 1; under <= most; under++) {
    const over = Math.round(x * under)
    if (Math.abs(x - over / under) <= within) return reduced(BigInt(over), BigInt(under))
  }
  return undefined
}

const refused = (name: string) => (): never => {
  throw new Error(`${name} has no fraction`)
}

const withoutFunctions = (kind: string) => ({
  sin: refused(`${kind}: sin`),
  cos: refused(`${kind}: cos`),
  exp: refused(`${kind}: exp`),
  log: refused(`${kind}: log`),
  tanh: refused(`${kind}: tanh`),
  sigmoid: refused(`${kind}: sigmoid`),
  softplus: refused(`${kind}: softplus`),
  sqrt: refused(`${kind}: sqrt`)
})

export const fractions: Elementary<Fraction> = {
  ...withoutFunctions('fractions'),
  zero: { over: 0n, under: 1n },
  one: { over: 1n, under: 1n },
  lit: fractionOf,
  add: (x, y) => reduced(x.over * y.under + y.over * x.under, x.under * y.under),
  sub: (x, y) => reduced(x.over * y.under - y.over * x.under, x.under * y.under),
  mul: (x, y) => reduced(x.over * y.over, x.under * y.under),
  div: (x, y) => reduced(x.over * y.under, x.under * y.over),
  neg: (x) => ({ over: -x.over, under: x.under }),
  abs: (x) => ({ over: size(x.over), under: x.under }),
  pow: (x, n) => reduced(x.over ** BigInt(n), x.under ** BigInt(n)),
  max: (x, y) => (x.over * y.under > y.over * x.under ? x : y),
  min: (x, y) => (x.over * y.under < y.over * x.under ? x : y),
  where: (condition, x, y) => (condition.over > 0n ? x : y)
}

const DIGITS = 10n ** 60n
const product = (x: bigint, y: bigint): bigint => (x * y) / DIGITS
const quotient = (x: bigint, y: bigint): bigint => (x * DIGITS) / y

const fixedOf = (x: number): bigint => {
  const { over, under } = fractionOf(x)
  return (over * DIGITS) / under
}

/** e^x by its series, after halving x until it is small. */
const exponential = (x: bigint): bigint => {
  let halvings = 0
  let small = x
  while (size(small) > DIGITS / 8n) {
    small /= 2n
    halvings++
  }
  let [sum, term] = [DIGITS, DIGITS]
  for (let k = 1n; term !== 0n; k++) {
    term = product(term, small) / k
    sum += term
  }
  for (let k = 0; k < halvings; k++) sum = product(sum, sum)
  return sum
}

/** Sixty digits after the point, cut off there. */
export const sixtyDigits: Elementary<bigint> = {
  ...withoutFunctions('sixty digits'),
  zero: 0n,
  one: DIGITS,
  lit: fixedOf,
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: product,
  div: quotient,
  neg: (x) => -x,
  abs: size,
  exp: exponential,
  tanh: (x) => {
    const twice = exponential(2n * x)
    return quotient(twice - DIGITS, twice + DIGITS)
  },
  pow: (x, n) => {
    let out = DIGITS
    for (let k = 0; k < n; k++) out = product(out, x)
    return out
  },
  max: (x, y) => (x > y ? x : y),
  min: (x, y) => (x < y ? x : y),
  where: (condition, x, y) => (condition > 0n ? x : y)
}

/** As a double. */
export const fromSixtyDigits = (x: bigint): number => Number(x / 10n ** 40n) / 1e20

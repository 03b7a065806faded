/** The reading for many samples at once: a column of a block of rows is one number. */
import type { Elementary } from '../elementary.js'
import { number } from './number.js'
import { sines } from './sine.js'

/** One value for each row of a block, or one number that holds in every row. */
export type Column = number | Float64Array

/**
 * The column reading of blocks of `rows` rows. Results live in scratch columns that `reset` takes back: after
 * it, every earlier result may be overwritten.
 */
export interface ColumnReading extends Elementary<Column> {
  readonly rows: number
  readonly reset: () => void
}

/** Scratch columns, allocated once and handed out in order. */
const pool = (rows: number): { readonly take: () => Float64Array; readonly reset: () => void } => {
  const columns: Float64Array[] = []
  let used = 0
  return {
    take: () => {
      if (used === columns.length) columns.push(new Float64Array(rows))
      return columns[used++]
    },
    reset: () => {
      used = 0
    }
  }
}

const at = (x: Column, i: number): number => (typeof x === 'number' ? x : x[i])

/**
 * Operations on constants give constants, and adding 0, multiplying by 0 or by 1 costs nothing; so a masked sum
 * Σ_j G_ij f(u_j) that multiplies before it adds skips what the mask removes, except the work within f.
 *
 * @example
 * const F = columns(2)
 * F.add(Float64Array.of(1, 2), 10) // Float64Array [11, 12]
 */
export const columns = (rows: number): ColumnReading => {
  const scratch = pool(rows)

  const unary =
    (f: (x: number) => number) =>
    (x: Column): Column => {
      if (typeof x === 'number') return f(x)
      const out = scratch.take()
      for (let i = 0; i < rows; i++) out[i] = f(x[i])
      return out
    }

  const binary =
    (f: (x: number, y: number) => number) =>
    (x: Column, y: Column): Column => {
      if (typeof x === 'number' && typeof y === 'number') return f(x, y)
      const out = scratch.take()
      for (let i = 0; i < rows; i++) out[i] = f(at(x, i), at(y, i))
      return out
    }

  // Sums and products have loops of their own: one loop shared by all operations would be several times slower.
  const addConstant = (x: Float64Array, c: number): Column => {
    if (c === 0) return x
    const out = scratch.take()
    for (let i = 0; i < rows; i++) out[i] = x[i] + c
    return out
  }
  const add = (x: Column, y: Column): Column => {
    if (typeof x === 'number') return typeof y === 'number' ? x + y : addConstant(y, x)
    if (typeof y === 'number') return addConstant(x, y)
    const out = scratch.take()
    for (let i = 0; i < rows; i++) out[i] = x[i] + y[i]
    return out
  }
  const mulConstant = (x: Float64Array, c: number): Column => {
    if (c === 0) return 0
    if (c === 1) return x
    const out = scratch.take()
    for (let i = 0; i < rows; i++) out[i] = x[i] * c
    return out
  }
  const mul = (x: Column, y: Column): Column => {
    if (typeof x === 'number') return typeof y === 'number' ? x * y : mulConstant(y, x)
    if (typeof y === 'number') return mulConstant(x, y)
    const out = scratch.take()
    for (let i = 0; i < rows; i++) out[i] = x[i] * y[i]
    return out
  }
  const sub = (x: Column, y: Column): Column => {
    if (typeof y === 'number') return add(x, -y)
    const out = scratch.take()
    if (typeof x === 'number') for (let i = 0; i < rows; i++) out[i] = x - y[i]
    else for (let i = 0; i < rows; i++) out[i] = x[i] - y[i]
    return out
  }
  const sin = (x: Column): Column => {
    if (typeof x === 'number') return Math.sin(x)
    const out = scratch.take()
    sines(x, out)
    return out
  }
  const where = (condition: Column, x: Column, y: Column): Column => {
    if (typeof condition === 'number') return condition > 0 ? x : y
    const out = scratch.take()
    for (let i = 0; i < rows; i++) out[i] = condition[i] > 0 ? at(x, i) : at(y, i)
    return out
  }

  return {
    rows,
    reset: scratch.reset,
    zero: 0,
    one: 1,
    lit: (value) => value,
    add,
    sub,
    mul,
    div: binary(number.div),
    neg: (x) => mul(x, -1),
    sin,
    cos: unary(Math.cos),
    exp: unary(Math.exp),
    log: unary(Math.log),
    tanh: unary(Math.tanh),
    sigmoid: unary(number.sigmoid),
    softplus: unary(number.softplus),
    sqrt: unary(Math.sqrt),
    abs: unary(Math.abs),
    pow: (x, exponent) => unary((base) => base ** exponent)(x),
    max: binary(Math.max),
    min: binary(Math.min),
    where
  }
}

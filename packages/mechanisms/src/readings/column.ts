/** The reading for many samples at once: a column of a block of rows is one number. */
import type { Elementary } from '../elementary.js'
import { assembledColumns, type ColumnOperations, plainOperations } from './column-operations.js'
import { number } from './number.js'

/** One value for each row of a block, or one number that holds in every row. */
export type Column = number | Float64Array

/**
 * The column reading of blocks of `rows` rows. Results live in scratch columns that `reset` takes back: after
 * it, every earlier result may be overwritten.
 */
export interface ColumnReading extends Elementary<Column> {
  readonly rows: number
  /** A scratch column to be filled, such as an input: operations on these are the fastest. */
  readonly column: () => Float64Array
  readonly reset: () => void
}

interface Scratch {
  /** What computes on the columns at hand. */
  operations: ColumnOperations
  readonly take: () => Float64Array
  readonly reset: () => void
}

/** Shorter columns are not worth a memory of their own. */
const FEWEST_ROWS = 64

/**
 * Scratch columns, allocated once and handed out in order. How many are needed shows when they are taken back for the
 * first time; from then on they lie in one memory.
 */
const scratchColumns = (rows: number): Scratch => {
  let columns: Float64Array[] = []
  let used = 0
  let settled = rows < FEWEST_ROWS ? Number.POSITIVE_INFINITY : 0
  const scratch: Scratch = {
    operations: plainOperations,
    take: () => {
      if (used === columns.length) columns.push(new Float64Array(rows))
      return columns[used++]
    },
    reset: () => {
      if (used > settled) {
        settled = used
        const assembled = assembledColumns(rows, used)
        columns = [...(assembled?.columns ?? columns)]
        scratch.operations = assembled?.operations ?? plainOperations
      }
      used = 0
    }
  }
  return scratch
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
  const scratch = scratchColumns(rows)

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

  const addConstant = (x: Float64Array, c: number): Column => {
    if (c === 0) return x
    const out = scratch.take()
    scratch.operations.addConstant(x, c, out)
    return out
  }
  const add = (x: Column, y: Column): Column => {
    if (typeof x === 'number') return typeof y === 'number' ? x + y : addConstant(y, x)
    if (typeof y === 'number') return addConstant(x, y)
    const out = scratch.take()
    scratch.operations.add(x, y, out)
    return out
  }
  const mulConstant = (x: Float64Array, c: number): Column => {
    if (c === 0) return 0
    if (c === 1) return x
    const out = scratch.take()
    scratch.operations.mulConstant(x, c, out)
    return out
  }
  const mul = (x: Column, y: Column): Column => {
    if (typeof x === 'number') return typeof y === 'number' ? x * y : mulConstant(y, x)
    if (typeof y === 'number') return mulConstant(x, y)
    const out = scratch.take()
    scratch.operations.mul(x, y, out)
    return out
  }
  const sub = (x: Column, y: Column): Column => {
    if (typeof y === 'number') return add(x, -y)
    const out = scratch.take()
    if (typeof x === 'number') scratch.operations.subFromConstant(y, x, out)
    else scratch.operations.sub(x, y, out)
    return out
  }
  const sin = (x: Column): Column => {
    if (typeof x === 'number') return Math.sin(x)
    const out = scratch.take()
    scratch.operations.sin(x, out)
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
    column: scratch.take,
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

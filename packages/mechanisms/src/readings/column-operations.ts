/** Arithmetic on columns: in WebAssembly, several times as fast as in JavaScript, with the very same numbers. */
import { instance, type Memory } from '@mechid/wasm'
import { COLUMN_MODULE } from './column-module.js'
import { sine } from './sine.js'

type Binary = (x: Float64Array, y: Float64Array, out: Float64Array) => void
type WithConstant = (x: Float64Array, c: number, out: Float64Array) => void

/** Writes to `out` what is computed from columns of the same length. */
export interface ColumnOperations {
  readonly add: Binary
  readonly sub: Binary
  readonly mul: Binary
  readonly addConstant: WithConstant
  /** c − x. */
  readonly subFromConstant: WithConstant
  readonly mulConstant: WithConstant
  readonly sin: (x: Float64Array, out: Float64Array) => void
}

// Each operation has a loop of its own: one loop shared by all would be several times slower.
export const plainOperations: ColumnOperations = {
  add: (x, y, out) => {
    for (let i = 0; i < out.length; i++) out[i] = x[i] + y[i]
  },
  sub: (x, y, out) => {
    for (let i = 0; i < out.length; i++) out[i] = x[i] - y[i]
  },
  mul: (x, y, out) => {
    for (let i = 0; i < out.length; i++) out[i] = x[i] * y[i]
  },
  addConstant: (x, c, out) => {
    for (let i = 0; i < out.length; i++) out[i] = x[i] + c
  },
  subFromConstant: (x, c, out) => {
    for (let i = 0; i < out.length; i++) out[i] = c - x[i]
  },
  mulConstant: (x, c, out) => {
    for (let i = 0; i < out.length; i++) out[i] = x[i] * c
  },
  sin: (x, out) => {
    for (let i = 0; i < out.length; i++) out[i] = sine(x[i])
  }
}

type BinaryExport = (x: number, y: number, out: number, pairs: number) => void
type ConstantExport = (x: number, c: number, out: number, pairs: number) => void

interface ColumnExports {
  readonly memory: Memory
  readonly add: BinaryExport
  readonly sub: BinaryExport
  readonly mul: BinaryExport
  readonly addConstant: ConstantExport
  readonly subFromConstant: ConstantExport
  readonly mulConstant: ConstantExport
  readonly sin: (x: number, out: number, pairs: number) => void
}

/** Operations, and the columns that are their memory. */
export interface ColumnMemory {
  readonly operations: ColumnOperations
  readonly columns: readonly Float64Array[]
}

/**
 * Operations in WebAssembly on `count` columns of `rows` numbers; operands that lie elsewhere are left to JavaScript, and so is
 * the sine in place. `undefined` where the host has no WebAssembly, no SIMD, no such memory, or forbids it.
 */
export const assembledColumns = (rows: number, count: number): ColumnMemory | undefined => {
  const pairs = (rows + 1) >> 1
  const bytes = pairs * 16
  const exports = instance<ColumnExports>(COLUMN_MODULE, bytes * count, { sine: { beyond: Math.sin } })
  if (exports === undefined) return undefined
  const { buffer } = exports.memory
  const has = (x: Float64Array): boolean => x.buffer === buffer
  const binary =
    (plain: Binary, assembled: BinaryExport): Binary =>
    (x, y, out) => {
      if (has(x) && has(y) && has(out)) assembled(x.byteOffset, y.byteOffset, out.byteOffset, pairs)
      else plain(x, y, out)
    }
  const withConstant =
    (plain: WithConstant, assembled: ConstantExport): WithConstant =>
    (x, c, out) => {
      if (has(x) && has(out)) assembled(x.byteOffset, c, out.byteOffset, pairs)
      else plain(x, c, out)
    }
  const { add, sub, mul, addConstant, subFromConstant, mulConstant } = plainOperations
  return {
    operations: {
      add: binary(add, exports.add),
      sub: binary(sub, exports.sub),
      mul: binary(mul, exports.mul),
      addConstant: withConstant(addConstant, exports.addConstant),
      subFromConstant: withConstant(subFromConstant, exports.subFromConstant),
      mulConstant: withConstant(mulConstant, exports.mulConstant),
      sin: (x, out) => {
        if (has(x) && has(out) && x !== out) exports.sin(x.byteOffset, out.byteOffset, pairs)
        else plainOperations.sin(x, out)
      }
    },
    columns: Array.from({ length: count }, (_, k) => new Float64Array(buffer, k * bytes, rows))
  }
}

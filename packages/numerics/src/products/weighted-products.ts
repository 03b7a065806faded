/** Weighted inner products of tables of numbers, summed over passes, by panels. */
import {
  type Columns,
  PANEL,
  type PanelMemory,
  pack,
  packedSize,
  panels,
  productSize,
  STEPS,
  unpacked
} from './panel-products.js'

/** Which product of a pass is meant: Σ_s w_s left_s right_sᵀ over the rows s of two of its tables. */
export interface WeightedProduct {
  readonly left: number
  readonly right: number
  /** left = right: half of the work. */
  readonly symmetric: boolean
}

/** Tables [rows, n] end to end, and weights of rows for each product: one a row, or none, which count as 1 or as 0. */
export interface ProductPass {
  readonly tables: ReadonlyArray<Float64Array>
  readonly weights: ReadonlyArray<Float64Array | 'one' | 'zero'>
}

const whole = (data: Float64Array, n: number): Columns => ({ data, stride: n, at: 0, columns: n })

/** Adds one pass to the products at `outs`; packed tables lie before them, the weighted one after the others. */
const addPass = (
  { numbers, products }: PanelMemory,
  n: number,
  wanted: ReadonlyArray<WeightedProduct>,
  outs: ReadonlyArray<number>,
  { tables, weights }: ProductPass
): void => {
  const packed = packedSize(n)
  const wide = Math.ceil(n / PANEL)
  const rows = tables[0].length / n
  const at = tables.length * packed
  for (let from = 0; from < rows; from += STEPS) {
    tables.forEach((table, t) => {
      pack(numbers, t * packed, whole(table, n), from, rows, undefined)
    })
    wanted.forEach(({ left, right, symmetric }, k) => {
      const w = weights[k]
      if (w === 'zero') return
      if (w !== 'one') pack(numbers, at, whole(tables[right], n), from, rows, w)
      products(left * packed, wide, w === 'one' ? right * packed : at, wide, outs[k], STEPS, symmetric)
    })
  }
}

/**
 * The products [n, n] of tables with n columns, summed over `passes`, each of which has `tables` tables. Passes are
 * taken one by one, so that a generator's weights need not all be held at once; it must not multiply by panels itself.
 *
 * @example
 * weightedProducts(2, 1, [{ left: 0, right: 0, symmetric: true }], [{ tables: [data], weights: ['one'] }]) // [dataᵀ data]
 */
export const weightedProducts = (
  n: number,
  tables: number,
  wanted: ReadonlyArray<WeightedProduct>,
  passes: Iterable<ProductPass>
): Float64Array[] => {
  const first = (tables + 1) * packedSize(n)
  const size = productSize(n, n)
  const outs = wanted.map((_, k) => first + k * size)
  const end = first + wanted.length * size
  const memory = panels(end)
  memory.numbers.fill(0, first, end)
  for (const pass of passes) addPass(memory, n, wanted, outs, pass)
  return wanted.map(({ symmetric }, k) => unpacked(memory.numbers, outs[k], n, n, symmetric))
}

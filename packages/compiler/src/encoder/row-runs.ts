/** Runs a model over rows, as many at a time as it takes. */
import { entryCount, type RealArray, type Reals, shapeMismatch, showShape } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type CompilerError, runtimeFailed } from '../errors.js'
import { decodedFrom, encodedAs } from './element-types.js'
import { type Layout, laidOut } from './layout.js'
import { type LoadedModel, runtimeReason } from './model-file.js'
import type { NumericPort } from './ports.js'

/** An input with the rows that go into it. */
export interface RowsFor {
  readonly port: NumericPort
  readonly layout: Layout
  readonly rows: RealArray
}

/** Codes of some rows. */
export interface Block {
  readonly data: Reals
  readonly width: number
}

export type Run = (rows: Int32Array) => Promise<E.Either<CompilerError, Block>>

const taken = ({ layout, rows: { data, shape } }: RowsFor, indices: Int32Array): Reals => {
  const lengths = shape.slice(1)
  const width = entryCount(lengths)
  const out =
    data instanceof Float64Array
      ? new Float64Array(width * indices.length)
      : new Float32Array(width * indices.length)
  indices.forEach((row, i) => {
    out.set(data.subarray(row * width, (row + 1) * width), i * width)
  })
  return laidOut(layout, out, lengths)
}

const HINT = 'a model that was traced for one number of rows takes only that: give it as `batch`'

/** How the model runs on the rows with these indices; `where`: the model's file. */
export const runOver =
  (where: string, { ort, session }: LoadedModel, inputs: readonly RowsFor[], output: NumericPort): Run =>
  async (rows) => {
    const count = rows.length
    const feeds = Object.fromEntries(
      inputs.map((input) => {
        const { port, layout } = input
        const data = encodedAs(port.dtype, taken(input, rows))
        // The types of ONNX Runtime tell each element type apart; here it is a value.
        return [
          port.name,
          new ort.Tensor(port.dtype as 'float32', data as Float32Array, [count, ...layout.shape])
        ]
      })
    )
    try {
      const results = await session.run(feeds, [output.name])
      const { dims, data } = results[output.name]
      if (dims[0] !== count) {
        const expected = `[${count}, codes], as there are ${count} rows`
        return E.left(shapeMismatch(where, `the shape of output ${output.name}`, showShape(dims), expected))
      }
      const width = entryCount(dims.slice(1))
      return E.right({ data: decodedFrom(output.dtype, data as Float32Array), width })
    } catch (thrown) {
      const during = `running the model on ${count} ${count === 1 ? 'row' : 'rows'}`
      const failed = runtimeFailed(where, during, runtimeReason(thrown))
      return E.left({ ...failed, message: `${failed.message}; ${HINT}` })
    }
  }

/** `count` indices from `start` on; where the model takes `fixed` rows, the last one again as often as is needed. */
const indicesOf = (start: number, count: number, fixed: number | undefined): Int32Array =>
  Int32Array.from({ length: fixed ?? count }, (_, i) => start + Math.min(i, count - 1))

/** All rows, in order. */
export const runAll = async (
  run: Run,
  rows: number,
  size: number,
  fixed: number | undefined
): Promise<E.Either<CompilerError, Block>> => {
  let all: Reals | undefined
  let width = 0
  for (let start = 0; start < rows; start += size) {
    const count = Math.min(size, rows - start)
    const block = await run(indicesOf(start, count, fixed))
    if (E.isLeft(block)) return block
    const { data } = block.right
    width = block.right.width
    all ??= data instanceof Float64Array ? new Float64Array(rows * width) : new Float32Array(rows * width)
    all.set(data.subarray(0, count * width), start * width)
  }
  return E.right({ data: all ?? new Float32Array(0), width })
}

/** Row `row` alone, or in as many copies as the model takes. */
export const runAlone = (
  run: Run,
  row: number,
  fixed: number | undefined
): Promise<E.Either<CompilerError, Block>> => run(indicesOf(row, 1, fixed))

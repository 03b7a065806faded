/** Passes over lines of numbers: in WebAssembly, several times as fast as in JavaScript, with the very same numbers. */
import type { Generator } from '@mechid/random'
import { instance, type Memory } from '@mechid/wasm'
import { LINES_MODULE } from './lines-module.js'

/** Adds the lines that lie in `data[from]` … `data[to − 1]` to `sums`, one entry a column. */
export type Accumulate = (data: Float32Array, from: number, to: number, sums: Float64Array) => void

/** Passes over row-major lines of single-precision numbers. */
export interface LinePasses {
  /** Adds the numbers of each column. */
  readonly addSums: Accumulate
  /** Adds the squares of their differences from `mean`. */
  readonly addSquares: (mean: Float64Array) => Accumulate
  /** `(x − mean) · inverse + noise · draw` in place, with one normal draw a number; whole lines. */
  readonly standardizeWithNoise: (
    data: Float32Array,
    mean: Float64Array,
    inverse: Float64Array,
    noise: number,
    random: Generator
  ) => void
}

/** Numbers drawn at a time. */
const DRAWS = 4096

export const plainPasses: LinePasses = {
  addSums: (data, from, to, sums) => {
    const width = sums.length
    for (let at = from; at < to; at += width) {
      for (let j = 0; j < width; j++) sums[j] += data[at + j]
    }
  },
  addSquares: (mean) => (data, from, to, sums) => {
    const width = sums.length
    for (let at = from; at < to; at += width) {
      for (let j = 0; j < width; j++) {
        const away = data[at + j] - mean[j]
        sums[j] += away * away
      }
    }
  },
  standardizeWithNoise: (data, mean, inverse, noise, random) => {
    const width = mean.length
    const draws = new Float64Array(Math.min(data.length, Math.max(1, Math.floor(DRAWS / width)) * width))
    for (let start = 0; start < data.length; start += draws.length) {
      const count = Math.min(draws.length, data.length - start)
      random.fillNormal(draws.subarray(0, count))
      for (let line = 0; line < count; line += width) {
        for (let j = 0; j < width; j++) {
          const at = start + line + j
          data[at] = (data[at] - mean[j]) * inverse[j] + noise * draws[line + j]
        }
      }
    }
  }
}

interface LineExports {
  readonly memory: Memory
  readonly sums: (lines: number, strips: number, stride: number, data: number, sums: number) => void
  readonly squares: (
    lines: number,
    strips: number,
    stride: number,
    data: number,
    sums: number,
    mean: number
  ) => void
  readonly finish: (
    fours: number,
    period: number,
    data: number,
    mean: number,
    inverse: number,
    draws: number,
    noise: number
  ) => void
}

/** Wider lines are rare, and left to JavaScript. */
const MOST_COLUMNS = 1024
/** Fewer numbers are not worth the way into the module's memory. */
const FEWEST_NUMBERS = 512
// Where things lie, in bytes: four lines of means and of inverse scales, sums, numbers, draws.
const MEAN_AT = 0
const INVERSE_AT = MEAN_AT + 4 * MOST_COLUMNS * 8
const SUMS_AT = INVERSE_AT + 4 * MOST_COLUMNS * 8
const NUMBERS_AT = SUMS_AT + MOST_COLUMNS * 8 + 64
const DRAWS_AT = NUMBERS_AT + DRAWS * 4 + 64

/** `undefined` where the host has no WebAssembly, no SIMD, or forbids it. */
export const assembledPasses = (): LinePasses | undefined => {
  const exports = instance<LineExports>(LINES_MODULE)
  if (exports === undefined) return undefined
  const { memory, sums: addSums, squares: addSquares, finish } = exports
  const meanIn = new Float64Array(memory.buffer, MEAN_AT, 4 * MOST_COLUMNS)
  const inverseIn = new Float64Array(memory.buffer, INVERSE_AT, 4 * MOST_COLUMNS)
  const sumsIn = new Float64Array(memory.buffer, SUMS_AT, MOST_COLUMNS)
  const numbers = new Float32Array(memory.buffer, NUMBERS_AT, DRAWS)
  const draws = new Float64Array(memory.buffer, DRAWS_AT, DRAWS)
  const small = (count: number, width: number): boolean => count < FEWEST_NUMBERS || width > MOST_COLUMNS

  /** Calls `pass` with the number of lines for each block of whole lines, which it has put into the memory. */
  const byBlocks = (
    data: Float32Array,
    from: number,
    to: number,
    width: number,
    pass: (lines: number, start: number) => void
  ): void => {
    const block = Math.floor(DRAWS / width) * width
    for (let start = from; start < to; start += block) {
      const end = Math.min(start + block, to)
      numbers.set(data.subarray(start, end))
      pass((end - start) / width, start)
    }
  }
  const accumulate =
    (plain: Accumulate, prepare: () => void, pass: (lines: number, width: number) => void): Accumulate =>
    (data, from, to, sums) => {
      const width = sums.length
      if (small(to - from, width)) {
        plain(data, from, to, sums)
        return
      }
      prepare()
      sumsIn.set(sums)
      byBlocks(data, from, to, width, (lines) => pass(lines, width))
      sums.set(sumsIn.subarray(0, width))
    }
  const strips = (width: number): number => Math.ceil(width / 8)

  return {
    addSums: accumulate(
      plainPasses.addSums,
      () => undefined,
      (lines, width) => addSums(lines, strips(width), 4 * width, NUMBERS_AT, SUMS_AT)
    ),
    addSquares: (mean) =>
      accumulate(
        plainPasses.addSquares(mean),
        () => meanIn.set(mean),
        (lines, width) => addSquares(lines, strips(width), 4 * width, NUMBERS_AT, SUMS_AT, MEAN_AT)
      ),
    standardizeWithNoise: (data, mean, inverse, noise, random) => {
      const width = mean.length
      if (small(data.length, width)) {
        plainPasses.standardizeWithNoise(data, mean, inverse, noise, random)
        return
      }
      for (let line = 0; line < 4; line++) {
        meanIn.set(mean, line * width)
        inverseIn.set(inverse, line * width)
      }
      byBlocks(data, 0, data.length, width, (lines, start) => {
        const count = lines * width
        random.fillNormal(draws.subarray(0, count))
        finish(Math.ceil(count / 4), 32 * width, NUMBERS_AT, MEAN_AT, INVERSE_AT, DRAWS_AT, noise)
        data.set(numbers.subarray(0, count), start)
      })
    }
  }
}

let chosen: LinePasses | undefined

/** The fastest passes that work here. Which they are shows in their speed only. */
export const linePasses = (): LinePasses => {
  chosen ??= assembledPasses() ?? plainPasses
  return chosen
}

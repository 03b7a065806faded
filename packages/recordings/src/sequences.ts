/** How lines follow each other, which of them are held back, and windows of sequences too few to hold any back. */
import { generator } from '@mechid/random'
import { type ShapeMismatch, shapeMismatch, type TooFewRows, tooFewRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Recording } from './recording.js'

/** Rows that stand alone, or sequences of frames; both are called sequences here. */
export interface Sequences {
  readonly temporal: boolean
  readonly count: number
  /** First line of each in `x` and `z`, and one entry more: the number of lines. */
  readonly starts: Int32Array
  /** First line of each in `a`. */
  readonly actionStarts: Int32Array
  /** Frames of a window, where sequences were cut. */
  readonly window?: number
}

/** Numbers of sequences that training sees, and that scores are given on. */
export interface SequenceSplit {
  readonly train: Int32Array
  readonly test: Int32Array
}

/** So many at least are needed to hold a tenth back. */
const FEWEST = 20
const TEST_SHARE = 0.1
const FEWEST_TESTED = 2
const WINDOWS = 40
const LONGEST_WINDOW = 256

const linesOf = (lengths: readonly number[]): number => lengths.reduce((sum, n) => sum + n, 0)

/** Windows of equal length, the last one of a sequence perhaps longer. */
const cut = (lengths: readonly number[], window: number): readonly (readonly number[])[] =>
  lengths.map((length) => {
    const count = Math.max(1, Math.floor(length / window))
    return Array.from({ length: count }, (_, k) => (k < count - 1 ? window : length - (count - 1) * window))
  })

/** How many lines a recording has, and how they follow each other. */
export interface Lines extends Pick<Recording, 'name' | 'lengths'> {
  readonly x: { readonly lines: number }
  readonly a?: { readonly lines: number }
  readonly z?: { readonly lines: number }
}

/** Lines of `a` for so many sequences: one a frame, or one less a sequence. */
const actionShortfall = ({ name, x, a, lengths }: Lines): E.Either<ShapeMismatch, number> => {
  if (a === undefined || a.lines === x.lines) return E.right(0)
  const sequences = lengths?.length ?? 0
  if (lengths !== undefined && a.lines === x.lines - sequences) return E.right(1)
  const expected =
    lengths === undefined ? `${x.lines}, as x has` : `${x.lines}, as x has, or one less a sequence`
  return E.left(shapeMismatch(name, 'the number of lines of a', a.lines, expected))
}

/**
 * The sequences of a recording. Fewer than 20 are cut into windows of at most 256 frames, so that a tenth can be held
 * back; the step from one window to the next is lost.
 *
 * Errors: `ShapeMismatch` where lines of `a` or `z` do not go with those of `x`; `TooFewRows`.
 */
export const sequencesOf = (recording: Lines): E.Either<ShapeMismatch | TooFewRows, Sequences> => {
  const { name, x, z, lengths } = recording
  if (z !== undefined && z.lines !== x.lines)
    return E.left(shapeMismatch(name, 'the number of lines of z', z.lines, `${x.lines}, as x has`))
  const shortfall = actionShortfall(recording)
  if (E.isLeft(shortfall)) return shortfall
  if (lengths === undefined) {
    if (x.lines < FEWEST) return E.left(tooFewRows(name, x.lines, FEWEST))
    const starts = Int32Array.from({ length: x.lines + 1 }, (_, i) => i)
    return E.right({ temporal: false, count: x.lines, starts, actionStarts: starts })
  }
  const total = linesOf(lengths)
  if (total < 2 * FEWEST) return E.left(tooFewRows(`${name}, frames`, total, 2 * FEWEST))
  const window = Math.max(2, Math.min(LONGEST_WINDOW, Math.floor(total / WINDOWS)))
  const pieces = lengths.length < FEWEST ? cut(lengths, window) : lengths.map((length) => [length])
  const count = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const starts = new Int32Array(count + 1)
  const actionStarts = new Int32Array(count)
  let [k, line] = [0, 0]
  for (const [sequence, piece] of pieces.entries()) {
    for (const length of piece) {
      starts[k] = line
      actionStarts[k] = line - sequence * shortfall.right
      line += length
      k++
    }
  }
  starts[count] = line
  return E.right({
    temporal: true,
    count,
    starts,
    actionStarts,
    ...(count > lengths.length ? { window } : {})
  })
}

/** Holds a tenth of the sequences back at random; which ones depends on `seed` alone. */
export const splitSequences = ({ count }: Sequences, seed: number): SequenceSplit => {
  const order = generator(seed).split('held-out rows').permutation(count)
  const held = Math.max(FEWEST_TESTED, Math.round(TEST_SHARE * count))
  return { test: order.slice(0, held).sort(), train: order.slice(held).sort() }
}

/** The lines of `x` that the chosen sequences take. */
export const linesIn = ({ starts }: Sequences, chosen: Int32Array): Int32Array => {
  const total = chosen.reduce((sum, s) => sum + starts[s + 1] - starts[s], 0)
  const lines = new Int32Array(total)
  let at = 0
  for (const s of chosen) for (let line = starts[s]; line < starts[s + 1]; line++) lines[at++] = line
  return lines
}

/** The examples of a training, by number: a line of `x` (in sequences the first of two), and the line of `a` that acts. */
export interface Examples {
  readonly lines: Int32Array
  readonly actionLines: Int32Array
}

/** The rows chosen, or the steps within the sequences chosen. */
export const examplesIn = ({ temporal, starts, actionStarts }: Sequences, chosen: Int32Array): Examples => {
  const less = temporal ? 1 : 0
  const count = chosen.reduce((sum, s) => sum + starts[s + 1] - starts[s] - less, 0)
  const lines = new Int32Array(count)
  const actionLines = new Int32Array(count)
  let at = 0
  for (const s of chosen) {
    const examples = starts[s + 1] - starts[s] - less
    for (let k = 0; k < examples; k++, at++) {
      lines[at] = starts[s] + k
      actionLines[at] = actionStarts[s] + k
    }
  }
  return { lines, actionLines }
}

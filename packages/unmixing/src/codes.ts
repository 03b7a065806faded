/** Codes as users hand them in: checked once, cut into windows, and whitened. */
import type { Generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import type { UnmixingError } from './errors.js'
import {
  type ActionColumn,
  type WhitenedCodes,
  type Whitening,
  whiten,
  whiteningOf
} from './whitened-codes.js'

/** An array of rank 2, [n, width], or rank 3, [n, frames, width], row-major. */
export interface CodeArray {
  readonly data: Float32Array | Float64Array
  readonly shape: readonly number[]
}

/** The codes of any encoder. */
export interface Codes {
  /** [n, d] for static data, [n, t, d] for sequences of t frames. */
  readonly codes: CodeArray
  /** [n, k]; for sequences [n, t, k] or [n, t − 1, k]: entry τ acts on the step from frame τ to τ + 1. */
  readonly actions?: CodeArray
}

/** What {@link prepareCodes} makes of them. */
export interface PreparedCodes {
  readonly whitened: WhitenedCodes
  readonly whitening: Whitening
  /** How action columns are seen: (a − centre) / unit. */
  readonly actionUnits: ReadonlyArray<{ readonly centre: number; readonly unit: number }>
  /** Rows, or windows of consecutive frames, that the codes hold in all. */
  readonly available: number
}

type Check<A> = E.Either<UnmixingError, A>

export const CODES = 'the codes'
const ACTIONS = 'the actions'
/** Variance of a direction over that of the largest, below which it counts as none: rounding of single precision. */
const LEAST_VARIANCE = 1e-10

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1)

export const mismatch = (where: string, expected: string, actual: string): E.Either<UnmixingError, never> =>
  E.left({ _tag: 'ShapeMismatch', where, expected, actual })

export const brackets = (shape: readonly number[]): string => `[${shape.join(', ')}]`

export const checkArray = (
  where: string,
  { data, shape }: CodeArray,
  ranks: readonly number[]
): Check<void> => {
  if (!ranks.includes(shape.length) || shape.some((n) => !Number.isInteger(n) || n < 1)) {
    return mismatch(where, `an array of rank ${ranks.join(' or ')}, no side of it empty`, brackets(shape))
  }
  if (data.length !== sizeOf(shape)) {
    return mismatch(where, `${sizeOf(shape)} numbers for shape ${brackets(shape)}`, `${data.length}`)
  }
  const width = shape[shape.length - 1]
  const at = data.findIndex((value) => !Number.isFinite(value))
  return at < 0
    ? E.right(undefined)
    : E.left({ _tag: 'NonFinite', where, row: Math.floor(at / width), column: at % width, value: data[at] })
}

export const checkActions = (codes: CodeArray, actions: CodeArray): Check<void> => {
  const sound = checkArray(ACTIONS, actions, [codes.shape.length])
  if (E.isLeft(sound)) return sound
  const [n, t] = codes.shape
  const [m, frames] = actions.shape
  const k = actions.shape[actions.shape.length - 1]
  const temporal = codes.shape.length === 3
  if (m !== n || (temporal && frames !== t && frames !== t - 1)) {
    const expected = temporal ? `[${n}, ${t}, ${k}] or [${n}, ${t - 1}, ${k}]` : `[${n}, ${k}]`
    return mismatch(ACTIONS, `${expected}, as the codes have`, brackets(actions.shape))
  }
  return E.right(undefined)
}

/** The two values of a column that has no more; undefined for any other. */
const isBinary = (values: Float64Array): boolean => {
  let [a, b] = [values[0], Number.NaN]
  for (const value of values) {
    if (value === a || value === b) continue
    if (!Number.isNaN(b)) return false
    b = value
  }
  return !Number.isNaN(a + b)
}

const standardized = (
  values: Float64Array,
  l: number
): Check<{ readonly column: ActionColumn; readonly centre: number; readonly unit: number }> => {
  const n = values.length
  let mean = 0
  for (const value of values) mean += value / n
  let variance = 0
  for (const value of values) variance += (value - mean) ** 2 / n
  if (!(variance > 1e-24 * (mean * mean + 1e-300))) {
    const actual = `column ${l} (counted from 0) is ${values[0]} in every row`
    return E.left({ _tag: 'Degenerate', where: ACTIONS, expected: 'columns that vary', actual })
  }
  const unit = Math.sqrt(variance)
  const column = { values: values.map((value) => (value - mean) / unit), binary: isBinary(values) }
  return E.right({ column, centre: mean, unit })
}

/** Share of a column's variance that the others must leave. */
const LEAST_OWN_SHARE = 1e-9

/** The first column that is a linear function of those before it, as a full set of one-hot columns has; −1: none. */
const firstDependent = (columns: readonly ActionColumn[]): number => {
  const spanned: Float64Array[] = []
  for (let l = 0; l < columns.length; l++) {
    const rest = columns[l].values.slice()
    for (let pass = 0; pass < 2; pass++) {
      for (const q of spanned) {
        let dot = 0
        for (let r = 0; r < rest.length; r++) dot += q[r] * rest[r]
        for (let r = 0; r < rest.length; r++) rest[r] -= dot * q[r]
      }
    }
    let squares = 0
    for (let r = 0; r < rest.length; r++) squares += rest[r] * rest[r]
    if (squares < LEAST_OWN_SHARE * rest.length) return l
    spanned.push(rest.map((value) => value / Math.sqrt(squares)))
  }
  return -1
}

/** Where windows of `lags` + 1 frames start, in the order in which they are used; at most `most`. */
const windowsOf = (shape: readonly number[], lags: number, most: number, random: Generator): Int32Array => {
  const perSequence = shape.length === 3 ? shape[1] - lags : 1
  const all = random.permutation(shape[0] * perSequence)
  return all.slice(0, Math.min(most, all.length))
}

/**
 * Checks codes and actions, draws `most` rows (or windows of `lags` past frames and the next one), and whitens them by
 * their past (static: by themselves). Errors: `ShapeMismatch`, `NonFinite`, `TooFewRows`, `Degenerate`, `NoMechanism`.
 */
export const prepareCodes = (
  { codes, actions }: Codes,
  { lags, most, least }: { readonly lags: number; readonly most: number; readonly least: number },
  random: Generator
): Check<PreparedCodes> => {
  const sound = checkArray(CODES, codes, [2, 3])
  if (E.isLeft(sound)) return sound
  const temporal = codes.shape.length === 3
  const d = codes.shape[codes.shape.length - 1]
  if (actions !== undefined) {
    const fitting = checkActions(codes, actions)
    if (E.isLeft(fitting)) return fitting
  } else if (!temporal) {
    return E.left({
      _tag: 'NoMechanism',
      where: CODES,
      expected:
        'sequences [n, t, d], or actions beside static codes: without either nothing tells latents apart'
    })
  }
  if (temporal && codes.shape[1] <= lags) {
    return mismatch(
      CODES,
      `sequences of at least ${lags + 1} frames, for ${lags} lags`,
      brackets(codes.shape)
    )
  }
  const past = temporal ? lags : 0
  const frames = temporal ? codes.shape[1] : 1
  const available = codes.shape[0] * (temporal ? frames - lags : 1)
  if (available < least) {
    return E.left({ _tag: 'TooFewRows', where: CODES, needed: least, actual: available })
  }
  const windows = windowsOf(codes.shape, past, most, random)
  const n = windows.length
  const perSequence = temporal ? frames - lags : 1
  /** Frame `ahead` of each window, counted from its oldest. */
  const frame = (ahead: number): Float64Array => {
    const out = new Float64Array(n * d)
    for (let r = 0; r < n; r++) {
      const sequence = Math.floor(windows[r] / perSequence)
      const at = (sequence * frames + (windows[r] % perSequence) + ahead) * d
      for (let j = 0; j < d; j++) out[r * d + j] = codes.data[at + j]
    }
    return out
  }
  const next = frame(past)
  const history = Array.from({ length: past }, (_, lag) => frame(past - 1 - lag))
  const whitening = whiteningOf(history[0] ?? next, n, d)
  if (!(whitening.condition > LEAST_VARIANCE)) {
    const actual = `a smallest variance of ${whitening.condition.toExponential(1)} of the largest`
    const expected = `codes that vary in all ${d} directions (fewer latents, or other codes)`
    return E.left({ _tag: 'Degenerate', where: CODES, expected, actual })
  }
  const columns: ActionColumn[] = []
  const actionUnits: { centre: number; unit: number }[] = []
  if (actions !== undefined) {
    const k = actions.shape[actions.shape.length - 1]
    const stored = temporal ? actions.shape[1] : 1
    for (let l = 0; l < k; l++) {
      const values = new Float64Array(n)
      for (let r = 0; r < n; r++) {
        const sequence = Math.floor(windows[r] / perSequence)
        const step = temporal ? (windows[r] % perSequence) + lags - 1 : 0
        values[r] = actions.data[(sequence * stored + step) * k + l]
      }
      const done = standardized(values, l)
      if (E.isLeft(done)) return done
      columns.push(done.right.column)
      actionUnits.push({ centre: done.right.centre, unit: done.right.unit })
    }
  }
  const dependent = firstDependent(columns)
  if (dependent >= 0) {
    const expected =
      'columns of which none is a linear function of the others (of a discrete action, leave one value out)'
    const actual = `column ${dependent} (counted from 0) that those before it determine`
    return E.left({ _tag: 'Degenerate', where: ACTIONS, expected, actual })
  }
  return E.right({
    whitened: {
      rows: n,
      latents: d,
      past: history.map((codesOfLag) => whiten(codesOfLag, n, whitening)),
      next: whiten(next, n, whitening),
      actions: columns
    },
    whitening,
    actionUnits,
    available
  })
}

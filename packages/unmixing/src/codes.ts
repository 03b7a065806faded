/** Codes as users hand them in: checked once, cut into windows, and whitened. */
import type { Generator } from '@mechid/random'
import {
  checkFinite,
  checkShape,
  degenerate,
  type RealArray,
  shapeMismatch,
  showShape,
  tooFewRows
} from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { noMechanism, type UnmixingError } from './errors.js'
import { interventionsOf } from './interventions.js'
import {
  type ActionColumn,
  type WhitenedCodes,
  type Whitening,
  whiten,
  whiteningOf
} from './whitened-codes.js'

/** The codes of any encoder. */
export interface Codes {
  /** [n, d] for static data, [n, t, d] for sequences of t frames. */
  readonly codes: RealArray
  /** [n, k]; for sequences [n, t, k] or [n, t − 1, k]: entry τ acts on the step from frame τ to τ + 1. */
  readonly actions?: RealArray
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

/** Variance of a direction over that of the largest, below which it counts as none: rounding of single precision. */
const LEAST_VARIANCE = 1e-10

/** The codes themselves if they are a sound array of finite numbers. */
export const checkCodes = (where: string, codes: RealArray): Check<RealArray> => {
  const sound = checkShape(where, 'codes', codes, [2, 3])
  return E.isLeft(sound) ? sound : checkFinite(where, 'codes', codes)
}

/** The whitening of `count` codes, if they vary in all `d` directions. */
export const checkedWhitening = (
  where: string,
  codes: ArrayLike<number>,
  count: number,
  d: number
): Check<Whitening> => {
  const whitening = whiteningOf(codes, count, d)
  if (whitening.condition > LEAST_VARIANCE) return E.right(whitening)
  const actual = `${whitening.condition.toExponential(1)} of the largest`
  const expected = `codes that vary in all ${d} directions; take fewer latents, or other codes`
  return E.left(degenerate(where, 'the smallest variance of codes in a direction', actual, expected))
}

/** The actions themselves if they are that, and fit the codes. */
export const checkActions = (where: string, codes: RealArray, actions: RealArray): Check<RealArray> => {
  const sound = checkShape(where, 'actions', actions, [codes.shape.length])
  if (E.isLeft(sound)) return sound
  const [n, t] = codes.shape
  const [m, frames] = actions.shape
  const k = actions.shape[actions.shape.length - 1]
  const temporal = codes.shape.length === 3
  if (m !== n || (temporal && frames !== t && frames !== t - 1)) {
    const fitting = temporal ? `[${n}, ${t}, ${k}] or [${n}, ${t - 1}, ${k}]` : `[${n}, ${k}]`
    return E.left(shapeMismatch(where, 'actions', showShape(actions.shape), `${fitting}, as codes has`))
  }
  return checkFinite(where, 'actions', actions)
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

const actionColumn = (l: number): string => `column ${l} of actions (counted from 0)`

/** One column in units of its own. `rare`: it may be the same in all rows drawn, as a value that none of them has is. */
const standardized = (
  where: string,
  values: Float64Array,
  l: number,
  rare: boolean
): Check<{ readonly column: ActionColumn; readonly centre: number; readonly unit: number }> => {
  const n = values.length
  let mean = 0
  for (const value of values) mean += value / n
  let variance = 0
  for (const value of values) variance += (value - mean) ** 2 / n
  const varies = variance > 1e-24 * (mean * mean + 1e-300)
  if (!varies && !rare) {
    return E.left(degenerate(where, actionColumn(l), `${values[0]} in every row`, 'a column that varies'))
  }
  const unit = varies ? Math.sqrt(variance) : 1
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

/** The columns of the actions that act on the last step of each window. */
const actionsOf = (
  { data, shape }: RealArray,
  windows: Int32Array,
  of: { readonly perSequence: number; readonly lags: number; readonly temporal: boolean }
): Float64Array[] => {
  const k = shape[shape.length - 1]
  const stored = of.temporal ? shape[1] : 1
  return Array.from({ length: k }, (_, l) =>
    Float64Array.from(windows, (window) => {
      const sequence = Math.floor(window / of.perSequence)
      const step = of.temporal ? (window % of.perSequence) + of.lags - 1 : 0
      return data[(sequence * stored + step) * k + l]
    })
  )
}

/**
 * Checks codes and actions, draws `most` rows (or windows of `lags` past frames and the next one), and whitens them by
 * their past (static: by themselves). Errors of `where`: `ShapeMismatch`, `NotFinite`, `TooFewRows`, `Degenerate`, `NoMechanism`.
 */
export const prepareCodes = (
  where: string,
  { codes, actions }: Codes,
  { lags, most, least }: { readonly lags: number; readonly most: number; readonly least: number },
  random: Generator
): Check<PreparedCodes> => {
  const sound = checkCodes(where, codes)
  if (E.isLeft(sound)) return sound
  const temporal = codes.shape.length === 3
  const d = codes.shape[codes.shape.length - 1]
  if (actions !== undefined) {
    const fitting = checkActions(where, codes, actions)
    if (E.isLeft(fitting)) return fitting
  } else if (!temporal) {
    const actual = `static, ${showShape(codes.shape)}, without actions`
    const expected = 'sequences [n, t, d], or actions beside it; without either nothing tells latents apart'
    return E.left(noMechanism(where, 'codes', actual, expected))
  }
  if (temporal && codes.shape[1] <= lags) {
    const expected = `sequences of at least ${lags + 1} frames, for ${lags} ${lags === 1 ? 'lag' : 'lags'}`
    return E.left(shapeMismatch(where, 'codes', showShape(codes.shape), expected))
  }
  const past = temporal ? lags : 0
  const frames = temporal ? codes.shape[1] : 1
  const available = codes.shape[0] * (temporal ? frames - lags : 1)
  if (available < least) return E.left(tooFewRows(where, available, least))
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
  const checked = checkedWhitening(where, history[0] ?? next, n, d)
  if (E.isLeft(checked)) return checked
  const whitening = checked.right
  const raw = actions === undefined ? [] : actionsOf(actions, windows, { perSequence, lags, temporal })
  const interventions = interventionsOf(raw)
  const columns: ActionColumn[] = []
  const actionUnits: { centre: number; unit: number }[] = []
  for (const [l, values] of raw.entries()) {
    const done = standardized(where, values, l, interventions !== undefined)
    if (E.isLeft(done)) return done
    columns.push(done.right.column)
    actionUnits.push({ centre: done.right.centre, unit: done.right.unit })
  }
  const dependent = interventions === undefined ? firstDependent(columns) : -1
  if (dependent >= 0) {
    const expected = 'columns of which none is a linear function of the others'
    return E.left(degenerate(where, actionColumn(dependent), 'determined by those before it', expected))
  }
  return E.right({
    whitened: {
      rows: n,
      latents: d,
      past: history.map((codesOfLag) => whiten(codesOfLag, n, whitening)),
      next: whiten(next, n, whitening),
      actions: columns,
      ...(interventions === undefined ? {} : { interventions })
    },
    whitening,
    actionUnits,
    available
  })
}

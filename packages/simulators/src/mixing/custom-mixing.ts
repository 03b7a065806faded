/** Mixings that users define. */
import { type Column, columns, type Elementary } from '@mechid/mechanisms'
import { definitionThrew, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { SimulatorError } from '../errors.js'
import { checkDimensions } from '../option-checks.js'
import type { Mixing } from './mixing.js'

/** A mixing of your own. `map` must be pure, compute with `F` alone, and return `features` values. */
export interface CustomMixing {
  readonly name?: string
  readonly latents: number
  readonly features: number
  readonly map: <A>(F: Elementary<A>, z: ReadonlyArray<A>) => ReadonlyArray<A>
}

const WHERE = 'customMixing'
const COLUMN_ROWS = 256

/** Applies a generic map to rows, a block of columns at a time. */
const byColumns = ({ latents, features, map }: CustomMixing): Mixing['apply'] => {
  const reading = columns(COLUMN_ROWS)
  return (rows, from, out) => {
    for (let start = 0; start < rows; start += COLUMN_ROWS) {
      const count = Math.min(COLUMN_ROWS, rows - start)
      reading.reset()
      const z = Array.from({ length: latents }, reading.column)
      for (let j = 0; j < latents; j++) {
        const column = z[j]
        for (let r = 0; r < count; r++) column[r] = from[(start + r) * latents + j]
      }
      const x: ReadonlyArray<Column> = map<Column>(reading, z)
      for (let f = 0; f < features; f++) writeColumn(x[f], count, out, start * features + f, features)
    }
  }
}

const writeColumn = (
  column: Column,
  count: number,
  out: Float64Array,
  from: number,
  stride: number
): void => {
  if (typeof column === 'number') {
    for (let r = 0, to = from; r < count; r++, to += stride) out[to] = column
  } else {
    for (let r = 0, to = from; r < count; r++, to += stride) out[to] = column[r]
  }
}

const isColumn = (value: unknown): boolean => typeof value === 'number' || value instanceof Float64Array

/** What `map` returns for one row, or what is wrong with it. */
const trial = ({ latents, features, map }: CustomMixing): SimulatorError | undefined => {
  try {
    const row = Array.from({ length: latents }, () => new Float64Array([0.5]))
    const returned: unknown = map<Column>(columns(1), row)
    if (!Array.isArray(returned)) {
      return shapeMismatch(WHERE, 'what map returns', typeof returned, `a list of ${features} values`)
    }
    if (returned.length !== features) {
      const expected = `${features}, one a feature`
      return shapeMismatch(WHERE, 'what map returns', `${returned.length} values`, expected)
    }
    const stranger = returned.findIndex((value) => !isColumn(value))
    return stranger < 0
      ? undefined
      : shapeMismatch(
          WHERE,
          `value ${stranger} of what map returns`,
          typeof returned[stranger],
          'a value of F'
        )
  } catch (cause) {
    return definitionThrew(WHERE, cause)
  }
}

/**
 * A mixing of your own, written once: `simulate` applies it to many rows, `checkInjective` differentiates it. `map` is tried
 * on one row here.
 *
 * When to use it: for observations that you can write down as formulas of the latents. The other mixings are injective by
 * construction; check this one with `checkInjective`.
 *
 * Errors: `InvalidOption`; `ShapeMismatch` if `map` does not return `features` values; `DefinitionThrew` if it throws.
 *
 * @example
 * customMixing({ latents: 2, features: 2, map: (F, [u, v]) => [F.add(u, F.tanh(v)), v] })
 */
export const customMixing = (definition: CustomMixing): E.Either<SimulatorError, Mixing> => {
  const { name = 'custom', latents, features, map } = definition
  const checked = checkDimensions(WHERE, latents, features)
  if (E.isLeft(checked)) return checked
  const wrong = trial(definition)
  return wrong === undefined
    ? E.right({ name, latents, features, map, apply: byColumns(definition) })
    : E.left(wrong)
}

/** The reading that tells whether a mechanism is affine in its latents, by its definition, and which map it is. */
import { type Elementary, type Kernel, type Mechanism, number } from '@mechid/mechanisms'
import { definitionThrew, notFinite } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type Result, wrongOutputs } from '../errors.js'

/** constant + slopes · z; without slopes a constant; `curved` where the definition is not affine in z. */
interface Form {
  readonly constant: number
  readonly slopes: ReadonlyArray<number> | undefined
  readonly curved: boolean
}

const fixed = (constant: number): Form => ({ constant, slopes: undefined, curved: false })
const CURVED: Form = { constant: Number.NaN, slopes: undefined, curved: true }

const isFixed = (x: Form): boolean => x.slopes === undefined && !x.curved

const times = (factor: number, x: Form): Form => {
  if (factor === 0) return fixed(0)
  return x.curved ? x : { ...x, constant: factor * x.constant, slopes: x.slopes?.map((s) => factor * s) }
}

const sum = (x: Form, y: Form): Form => {
  if (x.curved || y.curved) return CURVED
  const constant = x.constant + y.constant
  if (x.slopes === undefined) return { constant, slopes: y.slopes, curved: false }
  const other = y.slopes
  return { constant, slopes: x.slopes.map((s, j) => s + (other?.[j] ?? 0)), curved: false }
}

const onFixed =
  (f: (x: number) => number) =>
  (x: Form): Form =>
    isFixed(x) ? fixed(f(x.constant)) : CURVED

const onBothFixed =
  (f: (x: number, y: number) => number) =>
  (x: Form, y: Form): Form =>
    isFixed(x) && isFixed(y) ? fixed(f(x.constant, y.constant)) : CURVED

/** Cancellation of curved terms is not looked for: (z + 1)² − z² counts as curved. */
const affineForms: Elementary<Form> = {
  zero: fixed(0),
  one: fixed(1),
  lit: fixed,
  add: sum,
  sub: (x, y) => sum(x, times(-1, y)),
  neg: (x) => times(-1, x),
  mul: (x, y) => (isFixed(x) ? times(x.constant, y) : isFixed(y) ? times(y.constant, x) : CURVED),
  div: (x, y) => (isFixed(y) ? times(1 / y.constant, x) : CURVED),
  sin: onFixed(Math.sin),
  cos: onFixed(Math.cos),
  exp: onFixed(Math.exp),
  log: onFixed(Math.log),
  tanh: onFixed(Math.tanh),
  sigmoid: onFixed(number.sigmoid),
  softplus: onFixed(number.softplus),
  sqrt: onFixed(Math.sqrt),
  abs: onFixed(Math.abs),
  pow: (x, exponent) => (exponent === 1 ? x : exponent === 0 ? fixed(1) : onFixed((y) => y ** exponent)(x)),
  max: onBothFixed(Math.max),
  min: onBothFixed(Math.min),
  where: (condition, x, y) => (isFixed(condition) ? (condition.constant > 0 ? x : y) : CURVED)
}

/** z ↦ matrix · z + shift; the matrix is d × (width), d the number of outputs. */
export interface AffineReading {
  readonly matrix: ReadonlyArray<ReadonlyArray<number>>
  readonly shift: ReadonlyArray<number>
}

type Step = (F: Elementary<Form>, z: ReadonlyArray<Form>, a: ReadonlyArray<Form>) => ReadonlyArray<Form>

const readStep = (
  where: string,
  step: Step,
  outputs: number,
  width: number,
  actions: ArrayLike<number>
): Result<AffineReading | undefined> => {
  const inputs = Array.from({ length: width }, (_, j): Form => {
    return { constant: 0, slopes: Array.from({ length: width }, (__, l) => (j === l ? 1 : 0)), curved: false }
  })
  try {
    const out = step(affineForms, inputs, Array.from(actions, fixed))
    if (out.length !== outputs) return E.left(wrongOutputs(where, outputs, out.length))
    if (out.some(({ curved }) => curved)) return E.right(undefined)
    const shift = out.map(({ constant }) => constant)
    const matrix = out.map(({ slopes }) => slopes ?? new Array<number>(width).fill(0))
    const odd = [...shift, ...matrix.flat()].find((x) => !Number.isFinite(x))
    return odd === undefined
      ? E.right({ matrix, shift })
      : E.left(notFinite(where, 'a coefficient of the mechanism', odd))
  } catch (cause) {
    return E.left(definitionThrew(where, cause))
  }
}

/**
 * The affine map that a mechanism is under one action; undefined where its definition is not affine in z.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `DefinitionThrew`.
 */
export const affineReading = (
  where: string,
  m: Mechanism,
  actions: ArrayLike<number>
): Result<AffineReading | undefined> =>
  readStep(where, (F, z, a) => m.step(F, z, a), m.latents, m.latents, actions)

/** The same for one part of a kernel, in all of its past states. */
export const affinePart = (
  where: string,
  kernel: Kernel,
  part: 'location' | 'scale',
  actions: ArrayLike<number>
): Result<AffineReading | undefined> => {
  const width = kernel.latents * kernel.lags
  return readStep(where, (F, past, a) => kernel[part](F, past, a), kernel.latents, width, actions)
}

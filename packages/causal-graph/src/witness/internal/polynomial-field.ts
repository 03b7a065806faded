/** Vector fields with polynomial coordinates, and the maps that they flow to. */
import { type Elementary, rungeKuttaStep } from '@mechid/mechanisms'
import { type BinaryMatrix, rowSupport } from '../../matrices/binary-matrix.js'
import type { DensityMap } from './factorization.js'

/** The product of the coordinates `variables` in component `row`; none stands for 1. */
export interface Monomial {
  readonly row: number
  readonly variables: ReadonlyArray<number>
}

const multisets = (support: ReadonlyArray<number>, degree: number): number[][] => {
  if (degree === 0) return [[]]
  return support.flatMap((j, at) => multisets(support.slice(at), degree - 1).map((rest) => [j, ...rest]))
}

/**
 * The fields with one monomial of degree up to `degree` in one component, supported on the pattern; those in the
 * component's own coordinate alone are left out: they are what no data can exclude.
 */
export const dictionary = (pattern: BinaryMatrix, degree: number): Monomial[] =>
  Array.from({ length: pattern.rows }, (_, row) => {
    const support = rowSupport(pattern, row)
    return Array.from({ length: degree }, (_, p) => multisets(support, p + 1))
      .flat()
      .filter((variables) => variables.some((j) => j !== row))
      .map((variables) => ({ row, variables }))
  }).flat()

const value = <A>(F: Elementary<A>, variables: ReadonlyArray<number>, z: ReadonlyArray<A>): A =>
  variables.reduce((x, j) => F.mul(x, z[j]), F.one)

/** The component of a monomial field, and its divergence ∂/∂z_row. */
export const monomialAt = <A>(
  F: Elementary<A>,
  { row, variables }: Monomial,
  z: ReadonlyArray<A>
): { readonly component: A; readonly divergence: A } => {
  const power = variables.filter((j) => j === row).length
  const at = variables.indexOf(row)
  const rest = variables.filter((_, position) => position !== at)
  return {
    component: value(F, variables, z),
    divergence: power === 0 ? F.zero : F.mul(F.lit(power), value(F, rest, z))
  }
}

export interface PolynomialField {
  readonly monomials: ReadonlyArray<Monomial>
  readonly coefficients: ReadonlyArray<number>
}

/** X(z), and div X(z) as one more entry. */
const fieldAt = <A>(F: Elementary<A>, field: PolynomialField, z: ReadonlyArray<A>, d: number): A[] => {
  const out = new Array<A>(d + 1).fill(F.zero)
  field.monomials.forEach((monomial, m) => {
    const c = field.coefficients[m]
    if (c === 0) return
    const { component, divergence } = monomialAt(F, monomial, z)
    out[monomial.row] = F.add(out[monomial.row], F.mul(F.lit(c), component))
    out[d] = F.add(out[d], F.mul(F.lit(c), divergence))
  })
  return out
}

const STEPS = 24

/** The flow of the field to time `time`: a diffeomorphism near where it is looked at; error of order (time / 24)⁴. */
export const flowMap = (
  field: PolynomialField,
  time: number
): DensityMap & { readonly invert: DensityMap['apply'] } => {
  const run = <A>(F: Elementary<A>, z: ReadonlyArray<A>, until: number): A[] => {
    // (z, ∫ div X)
    let state: A[] = [...z, F.zero]
    for (let step = 0; step < STEPS; step++)
      state = rungeKuttaStep(F, (G, at) => fieldAt(G, field, at, z.length), state, until / STEPS)
    return state
  }
  return {
    apply: (F, z) => run(F, z, time).slice(0, z.length),
    logDet: (F, z) => run(F, z, time)[z.length],
    invert: (F, z) => run(F, z, -time).slice(0, z.length)
  }
}

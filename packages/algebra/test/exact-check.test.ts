import {
  dual,
  type Elementary,
  flow,
  jacobian,
  linear,
  type Mechanism,
  mechanism,
  rotation,
  scaling,
  translation
} from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, it } from 'vitest'
import { type Ambiguity, ambiguityOf, polynomials, witness } from '../src/index.js'
import { fractions, fromSixtyDigits, simpleFraction, sixtyDigits } from './exact-numbers.js'
import { resonant, sheared, swollen } from './nonlinear.js'

const dictionary = orThrow(polynomials(3))
const squeezed = orThrow(scaling([2, 0.5]))
const cycle = orThrow(
  linear([
    [0, 0, 1],
    [1, 0, 0],
    [0, 1, 0]
  ])
)
const saturating = orThrow(
  mechanism({ latents: 2, step: (F, z) => z.map((x) => F.tanh(F.mul(F.lit(2), x))) })
)

/** Powers of the monomials that a polynomial dictionary names, from `z_0^2 z_1`. */
const powersOf = (name: string, latents: number): number[] => {
  const out = new Array<number>(latents).fill(0)
  for (const [, j, p] of name.matchAll(/z_(\d+)(?:\^(\d+))?/g)) out[Number(j)] = Number(p ?? 1)
  return out
}

/** Coefficients of each field over monomials: dimension × d × names. */
const overMonomials = ({ fields }: Ambiguity): number[][][] => {
  const n = fields.space.functions.count
  return Array.from({ length: fields.dimension }, (_, k) =>
    Array.from({ length: fields.latents }, (__, i) => {
      const at = (k * fields.latents + i) * n
      return Array.from(fields.space.functions.named(fields.coefficients.subarray(at, at + n)))
    })
  )
}

/** Gauss–Jordan elimination, so that coefficients become simple where the space has a simple basis. */
const simplified = (rows: number[][]): number[][] => {
  const work = rows.map((row) => [...row])
  const pivots = new Set<number>()
  for (const own of work) {
    const column = own.reduce((best, x, c) => (Math.abs(x) > Math.abs(own[best]) ? c : best), 0)
    const head = own[column]
    for (let c = 0; c < own.length; c++) own[c] /= head
    for (const other of work) {
      if (other === own) continue
      const factor = other[column]
      for (let c = 0; c < own.length; c++) other[c] -= factor * own[c]
    }
    pivots.add(column)
  }
  expect(pivots.size).toBe(rows.length)
  return work
}

/** X(z) of a field by monomials, for every kind of number. */
const valueAt = <A>(
  F: Elementary<A>,
  names: ReadonlyArray<string>,
  coefficients: ReadonlyArray<ReadonlyArray<A>>,
  z: ReadonlyArray<A>
): A[] => {
  const monomials = names.map((name) =>
    powersOf(name, z.length).reduce((product, p, j) => F.mul(product, F.pow(z[j], p)), F.one)
  )
  return coefficients.map((row) => row.reduce((sum, c, f) => F.add(sum, F.mul(c, monomials[f])), F.zero))
}

/** X(m(z)) − Dm(z) X(z), with X(m(z)) beside it for scale. */
const commutator = <A>(
  F: Elementary<A>,
  m: Mechanism,
  field: (z: ReadonlyArray<A>) => A[],
  z: ReadonlyArray<A>
): { readonly gap: A[]; readonly there: A[] } => {
  const there = field(m.step(F, z, []))
  const here = field(z)
  const slopes = jacobian<A>(F, (G, x) => m.step(G, x, []), z)
  const gap = there.map((x, i) => slopes[i].reduce((sum, slope, j) => F.sub(sum, F.mul(slope, here[j])), x))
  return { gap, there }
}

const places = (d: number): number[][] =>
  Array.from({ length: 5 }, (_, k) => Array.from({ length: d }, (__, j) => ((3 * k + 5 * j) % 7) / 8 - 0.375))

describe('fields commute, without rounding', () => {
  it.each<[string, Mechanism, number]>([
    ['a resonance', resonant, 3],
    ['a resonance that is sheared', sheared, 2],
    ['a squeeze', squeezed, 4],
    ['a swelling', swollen(2), 1],
    ['a swelling in space', swollen(3), 3],
    ['a push', orThrow(translation([0.5, 0.25])), 8],
    ['a cycle', cycle, 20]
  ])('%s: exactly, in fractions', (_, m, dimension) => {
    const answer = orThrow(ambiguityOf([m], { dictionary }))
    expect(answer.dimension).toBe(dimension)
    const { names } = answer.fields.space.functions
    const rows = overMonomials(answer).map((field) => field.flat())
    for (const row of simplified(rows)) {
      const simple = row.map((x) => simpleFraction(x, 64, 1e-7))
      expect(simple.every((x) => x !== undefined)).toBe(true)
      const exact = simple.map((x) => x ?? fractions.zero)
      const coefficients = Array.from({ length: m.latents }, (__, i) =>
        exact.slice(i * names.length, (i + 1) * names.length)
      )
      for (const place of places(m.latents)) {
        const z = place.map(fractions.lit)
        const { gap } = commutator(fractions, m, (x) => valueAt(fractions, names, coefficients, x), z)
        expect(gap).toEqual(gap.map(() => fractions.zero))
      }
    }
  })

  it.each<[string, Mechanism]>([
    ['a turn', orThrow(rotation(2, 0, 1, 0.7))],
    ['a swelling', swollen(3)],
    ['a resonance that is sheared', sheared]
  ])('%s: to thirteen digits, as they are, in sixty', (_, m) => {
    const answer = orThrow(ambiguityOf([m], { dictionary }))
    const { names } = answer.fields.space.functions
    for (const field of overMonomials(answer)) {
      const coefficients = field.map((row) => row.map(sixtyDigits.lit))
      for (const place of places(m.latents)) {
        const z = place.map(sixtyDigits.lit)
        const { gap } = commutator(sixtyDigits, m, (x) => valueAt(sixtyDigits, names, coefficients, x), z)
        gap.forEach((x) => {
          expect(Math.abs(fromSixtyDigits(x))).toBeLessThan(1e-13)
        })
      }
    }
  })

  it('a field that does not commute is found out', () => {
    const wrong = [
      [0, 1, 0],
      [0, 0, 1.0000001]
    ].map((row) => row.map(fractions.lit))
    const z = [0.25, 0.5].map(fractions.lit)
    const { gap } = commutator(
      fractions,
      cycleOfTwo,
      (x) => valueAt(fractions, ['1', 'z_0', 'z_1'], wrong, x),
      z
    )
    expect(gap).not.toEqual(gap.map(() => fractions.zero))
  })
})

const cycleOfTwo = orThrow(
  linear([
    [0, 1],
    [1, 0]
  ])
)

/** (A, c) z by sixty digits. */
const applied = (matrix: ReadonlyArray<ReadonlyArray<number>>, z: ReadonlyArray<bigint>): bigint[] =>
  matrix.map((row) =>
    z.reduce((sum, x, j) => sum + sixtyDigits.mul(sixtyDigits.lit(row[j]), x), sixtyDigits.lit(row[z.length]))
  )

describe('witnesses commute, in sixty digits', () => {
  it.each<[string, Mechanism, 'flow' | 'finite']>([
    ['a turn', orThrow(rotation(2, 0, 1, 0.7)), 'flow'],
    ['distinct factors', orThrow(scaling([2, 3, 5])), 'flow'],
    ['a push', orThrow(translation([0.5, 0.25])), 'flow'],
    ['a swelling', swollen(3), 'flow'],
    ['a swelling, by a signed permutation', swollen(3), 'finite'],
    ['a saturation, by a signed permutation', saturating, 'finite']
  ])('%s', (_, m, of) => {
    const answer = orThrow(ambiguityOf([m]))
    const found = orThrow(witness(answer, 0.5, { of }))
    expect(O.isSome(found)).toBe(true)
    if (O.isNone(found) || found.value.matrix === undefined) throw new Error('no affine witness')
    const { matrix, residual } = found.value
    expect(residual).toBeLessThan(1e-12)
    for (const place of places(m.latents)) {
      const z = place.map(sixtyDigits.lit)
      const one = applied(matrix, m.step(sixtyDigits, z, []))
      const other = m.step(sixtyDigits, applied(matrix, z), [])
      one.forEach((x, i) => {
        expect(Math.abs(fromSixtyDigits(x - other[i]))).toBeLessThan(1e-13)
      })
    }
  })
})

it('the field of a flow commutes with it to the digits of its integration', () => {
  // x' = −x³ + x/2, exactly: by extrapolation in fixed point, without rounding.
  const m = orThrow(
    flow('well', 1, (F, [x]) => [F.sub(F.mul(F.lit(0.5), x), F.mul(x, F.mul(x, x)))], 0.25, 64)
  )
  const field = (z: ReadonlyArray<bigint>): bigint[] => [
    sixtyDigits.sub(sixtyDigits.mul(sixtyDigits.lit(0.5), z[0]), sixtyDigits.pow(z[0], 3))
  ]
  const { gap, there } = commutator(sixtyDigits, m, field, [sixtyDigits.lit(0.375)])
  expect(Math.abs(fromSixtyDigits(gap[0]) / fromSixtyDigits(there[0]))).toBeLessThan(1e-9)
  expect(orThrow(ambiguityOf([m])).dimension).toBe(1)
})

it('dual numbers over these are numbers of the same kind', () => {
  const D = dual(fractions)
  const half = { value: fractions.lit(0.5), tangents: [fractions.one] }
  expect(D.mul(half, half)).toEqual({ value: fractions.lit(0.25), tangents: [fractions.one] })
})

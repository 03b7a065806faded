import { getPermutationGroup, toPermutation } from '@mechid/causal-graph'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import type { Eq } from 'fp-ts/lib/Eq.js'
import type { Group } from 'fp-ts/lib/Group.js'
import * as N from 'fp-ts/lib/number.js'
import { describe, expect, it } from 'vitest'
import {
  type Action,
  affineAction,
  affineElement,
  type DihedralElement,
  eqSignedPermutation,
  generatedElements,
  getAffineGroup,
  getCyclicGroup,
  getDihedralAction,
  getDihedralGroup,
  getEqAffineElement,
  getEqMatrix,
  getGeneralLinearGroup,
  getOrthogonalGroup,
  getProductGroup,
  getSignedPermutationGroup,
  getTurnAction,
  type InvertibleMatrix,
  invertibleMatrix,
  matrixAction,
  orbitUnder,
  orthogonalMatrix,
  permutationAction,
  type SignedPermutation,
  showMatrix,
  showSignedPermutation,
  signedPermutation,
  signedPermutationAction,
  signedPermutationMatrix,
  stabilizerIn
} from '../src/index.js'

const TOLERANCE = 1e-8
const SIZE = 3
const eqVector: Eq<Float64Array> = {
  equals: (a, b) => a.every((x, i) => Math.abs(x - b[i]) <= TOLERANCE * (1 + Math.abs(x)))
}
const vector = fc
  .array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: SIZE, maxLength: SIZE })
  .map((list) => Float64Array.from(list))
const seeds = fc.integer()

const normals = (seed: number, rows: number): number[][] => {
  const random = generator(seed)
  return Array.from({ length: rows }, () => Array.from({ length: SIZE }, () => random.normal()))
}
const shuffled = (seed: number): number[] => Array.from(generator(seed).permutation(SIZE))

/** Near the identity, so that rounding stays small. */
const matrixFrom = (seed: number): InvertibleMatrix =>
  orThrow(
    invertibleMatrix(normals(seed, SIZE).map((row, i) => row.map((x, j) => 0.1 * x + (i === j ? 1 : 0))))
  )
const signedFrom = (seed: number): SignedPermutation =>
  orThrow(
    signedPermutation(
      shuffled(seed),
      normals(seed, 1)[0].map((x) => (x < 0 ? -1 : 1))
    )
  )
const orthogonalFrom = (seed: number) => {
  const angle = generator(seed).normal()
  const turn = [
    [Math.cos(angle), -Math.sin(angle), 0],
    [Math.sin(angle), Math.cos(angle), 0],
    [0, 0, 1]
  ]
  return orThrow(orthogonalMatrix(shuffled(seed).map((i) => turn[i])))
}
const affineFrom = (seed: number) => ({
  linear: matrixFrom(seed),
  shift: Float64Array.from(normals(seed + 1, 1)[0])
})
const permutationFrom = (seed: number) => orThrow(toPermutation(shuffled(seed)))
const dihedralFrom = (seed: number): DihedralElement => {
  const random = generator(seed)
  return { turns: random.integer(5), reflected: random.uniform() < 0.5 }
}
const eqDihedral: Eq<DihedralElement> = {
  equals: (a, b) => a.turns === b.turns && a.reflected === b.reflected
}

const lawsOfGroup = <A>(group: Group<A>, eq: Eq<A>, from: (seed: number) => A): void => {
  const { concat, empty, inverse } = group
  const same = (a: A, b: A) => expect(eq.equals(a, b)).toBe(true)
  fc.assert(
    fc.property(seeds, seeds, seeds, (x, y, z) => {
      const [a, b, c] = [from(x), from(y), from(z)]
      same(concat(concat(a, b), c), concat(a, concat(b, c)))
      same(concat(a, empty), a)
      same(concat(empty, a), a)
      same(concat(a, inverse(a)), empty)
      same(concat(inverse(a), a), empty)
    })
  )
}

const lawsOfAction = <A>(
  { concat, empty }: Group<A>,
  { act }: Action<A, Float64Array>,
  from: (seed: number) => A,
  vectors = vector
): void => {
  fc.assert(
    fc.property(seeds, seeds, vectors, (x, y, v) => {
      const [a, b] = [from(x), from(y)]
      expect(eqVector.equals(act(empty, v), v)).toBe(true)
      expect(eqVector.equals(act(concat(a, b), v), act(a, act(b, v)))).toBe(true)
    })
  )
}

const cyclicFrom = (seed: number): number => generator(seed).integer(7)
const pairFrom = (seed: number): readonly [number, DihedralElement] => [cyclicFrom(seed), dihedralFrom(seed)]
const eqPair: Eq<readonly [number, DihedralElement]> = {
  equals: (x, y) => x[0] === y[0] && eqDihedral.equals(x[1], y[1])
}

describe('group laws', () => {
  it('signed permutations', () =>
    lawsOfGroup(getSignedPermutationGroup(SIZE), eqSignedPermutation, signedFrom))
  it('general linear', () => lawsOfGroup(getGeneralLinearGroup(SIZE), getEqMatrix(TOLERANCE), matrixFrom))
  it('orthogonal', () => lawsOfGroup(getOrthogonalGroup(SIZE), getEqMatrix(TOLERANCE), orthogonalFrom))
  it('affine', () => lawsOfGroup(getAffineGroup(SIZE), getEqAffineElement(TOLERANCE), affineFrom))
  it('cyclic', () => lawsOfGroup(getCyclicGroup(7), N.Eq, cyclicFrom))
  it('dihedral', () => lawsOfGroup(getDihedralGroup(5), eqDihedral, dihedralFrom))
  it('a product', () =>
    lawsOfGroup(getProductGroup(getCyclicGroup(7), getDihedralGroup(5)), eqPair, pairFrom))
})

describe('action laws', () => {
  const plane = vector.map((v) => v.slice(0, 2))
  it('permutations', () => lawsOfAction(getPermutationGroup(SIZE), permutationAction, permutationFrom))
  it('signed permutations', () =>
    lawsOfAction(getSignedPermutationGroup(SIZE), signedPermutationAction, signedFrom))
  it('general linear', () => lawsOfAction(getGeneralLinearGroup(SIZE), matrixAction, matrixFrom))
  it('orthogonal', () => lawsOfAction(getOrthogonalGroup(SIZE), matrixAction, orthogonalFrom))
  it('affine', () => lawsOfAction(getAffineGroup(SIZE), affineAction, affineFrom))
  it('cyclic', () => lawsOfAction(getCyclicGroup(7), getTurnAction(7), cyclicFrom, plane))
  it('dihedral', () => lawsOfAction(getDihedralGroup(5), getDihedralAction(5), dihedralFrom, plane))
})

it('a signed permutation acts as its matrix does', () => {
  fc.assert(
    fc.property(seeds, vector, (seed, v) => {
      const s = signedFrom(seed)
      const byMatrix = matrixAction.act({ matrix: signedPermutationMatrix(s) }, v)
      expect(eqVector.equals(signedPermutationAction.act(s, v), byMatrix)).toBe(true)
    })
  )
})

it('finds all elements that matrices generate, orbits and stabilizers', () => {
  const turn = (angle: number) =>
    orThrow(
      invertibleMatrix([
        [Math.cos(angle), -Math.sin(angle)],
        [Math.sin(angle), Math.cos(angle)]
      ])
    )
  const mirror = orThrow(
    invertibleMatrix([
      [1, 0],
      [0, -1]
    ])
  )
  const generators = [turn((2 * Math.PI) / 5), mirror]
  const group = getGeneralLinearGroup(2)
  const eq = getEqMatrix(TOLERANCE)
  const elements = orThrow(generatedElements(group, eq, generators))
  expect(elements).toHaveLength(10)
  const corner = Float64Array.of(1, 0)
  const orbit = orThrow(orbitUnder(matrixAction, eqVector, generators, corner))
  const stabilizer = stabilizerIn(matrixAction, eqVector, elements, corner)
  expect([orbit.length, stabilizer.length]).toEqual([5, 2])
  expect(generatedElements(group, eq, [turn(1)], 50)).toMatchObject({ left: { _tag: 'TooLarge', limit: 50 } })
  expect(orbitUnder(matrixAction, eqVector, [turn(1)], corner, 50)).toMatchObject({
    left: { _tag: 'TooLarge' }
  })
})

it('refuses what is not in the group', () => {
  expect(
    invertibleMatrix([
      [1, 1],
      [1, 1]
    ])
  ).toMatchObject({ left: { _tag: 'NotInvertible' } })
  expect(invertibleMatrix([[1, 1]])).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
  expect(orthogonalMatrix([[2]])).toMatchObject({ left: { _tag: 'NotInGroup' } })
  expect(orthogonalMatrix([[Number.NaN]])).toMatchObject({ left: { _tag: 'NotFinite' } })
  expect(affineElement([[1]], [1, 2])).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
  expect(affineElement([[0]], [1])).toMatchObject({
    left: { _tag: 'NotInvertible', actual: 'not invertible (σ_min / σ_max = 0.00)' }
  })
  expect(signedPermutation([0, 0], [1, 1])).toMatchObject({ left: { _tag: 'NotInGroup' } })
  expect(signedPermutation([0, 1], [1, 2])).toMatchObject({ left: { _tag: 'NotInGroup' } })
  expect(signedPermutation([0, 1], [1])).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
})

it('shows elements to a person', () => {
  expect(showSignedPermutation.show(orThrow(signedPermutation([1, 0], [1, -1])))).toBe('[+1, -0]')
  expect(
    showMatrix.show(
      orThrow(
        invertibleMatrix([
          [0.5, 0],
          [0, 1 / 3]
        ])
      )
    )
  ).toBe('[[0.5, 0], [0, 0.3333]]')
})

import {
  affine,
  harmonicOscillator,
  linear,
  type Mechanism,
  mechanism,
  rotation,
  scaling,
  translation
} from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { expect, it } from 'vitest'
import {
  affineClass,
  affineFields,
  type Dictionary,
  diagonalClass,
  type Family,
  finiteClass,
  type HypothesisClass,
  imitatorFields,
  knownClass,
  linearClass,
  linearFields,
  memberOf,
  orthogonalClass,
  parametricClass,
  polynomialClass,
  polynomials,
  translationClass
} from '../src/index.js'

const generic = (d: number, seed: number): number[][] => {
  const random = generator(seed)
  return Array.from({ length: d }, () => Array.from({ length: d }, () => random.normal()))
}
/** Rotations about two axes, one after the other. */
const turned = (angle: number, other: number): Mechanism => {
  const [a, b] = [orThrow(rotation(3, 0, 1, angle)), orThrow(rotation(3, 1, 2, other))]
  return { latents: 3, actions: 0, step: (F, z, act) => b.step(F, a.step(F, z, act), act) }
}

const rotations: Family = {
  name: 'rotations of the plane',
  latents: 2,
  step: (F, [x, y], _, [angle]) => {
    const [c, s] = [F.cos(angle), F.sin(angle)]
    return [F.sub(F.mul(c, x), F.mul(s, y)), F.add(F.mul(s, x), F.mul(c, y))]
  }
}
/** Twice the same parameter: its directions repeat each other. */
const redundant: Family = { ...rotations, step: (F, z, a, [x, y]) => rotations.step(F, z, a, [F.add(x, y)]) }
const oscillators: Family = {
  name: 'oscillators of any frequency',
  latents: 2,
  step: (F, [x, v], _, [w]) => {
    const [c, s] = [F.cos(F.mul(w, F.lit(0.6))), F.sin(F.mul(w, F.lit(0.6)))]
    return [F.add(F.mul(c, x), F.div(F.mul(s, v), w)), F.sub(F.mul(c, v), F.mul(F.mul(w, s), x))]
  }
}

const turn = orThrow(rotation(2, 0, 1, 0.7))
const upTo = (degree: number): Dictionary => orThrow(polynomials(degree))

const cases: [string, Mechanism[], HypothesisClass, Dictionary, number][] = [
  ['diagonal(3)', [orThrow(scaling([1, 2, 3]))], diagonalClass, linearFields, 3],
  ['so(3), one generic', [turned(0.7, 1.1)], orthogonalClass, linearFields, 5],
  ['so(3), two generic', [turned(0.7, 1.1), turned(-0.4, 2)], orthogonalClass, linearFields, 4],
  ['linear maps leave every linear field', [orThrow(linear(generic(3, 1)))], linearClass, linearFields, 9],
  [
    'affine maps leave every affine field',
    [orThrow(affine(generic(3, 1), [1, 2, 3]))],
    affineClass,
    affineFields,
    12
  ],
  ['linear maps, affine fields', [orThrow(linear(generic(2, 3)))], linearClass, affineFields, 4],
  [
    'translations leave every affine field',
    [orThrow(translation([1, 2]))],
    translationClass,
    affineFields,
    6
  ],
  [
    'quadratic maps leave affine fields',
    [orThrow(linear(generic(2, 3)))],
    orThrow(polynomialClass(2)),
    affineFields,
    6
  ],
  ['the mechanism alone', [turn], knownClass, linearFields, 2],
  // Another angle has other eigenvalues too.
  ['rotations by an unknown angle', [turn], parametricClass(rotations, [[0.7]]), linearFields, 2],
  ['a redundant family', [turn], parametricClass(redundant, [[0.3, 0.4]]), linearFields, 2],
  // Another frequency has other eigenvalues, and conjugation keeps those: nothing is added.
  [
    'oscillators of any frequency',
    [orThrow(harmonicOscillator({ frequency: 1, dt: 0.6 }))],
    parametricClass(oscillators, [[1]]),
    linearFields,
    2
  ]
]

it.each(cases)('%s', (_, mechanisms, hypothesis, dictionary, dimension) => {
  const found = orThrow(imitatorFields(mechanisms, hypothesis, { dictionary }))
  expect(found.dimension).toBe(dimension)
  expect(found.residual).toBeLessThan(1e-8)
})

it('the dimension is the rank of the projection, not the nullity', () => {
  const found = orThrow(
    imitatorFields([turn], parametricClass(redundant, [[0.3, 0.4]]), { dictionary: linearFields })
  )
  expect(found).toMatchObject({ dimension: 2, nullity: 3, directions: 2 })
})

it('a nonlinear member of a polynomial class', () => {
  // The shear (x, y + x²): quadratic fields conjugate it into cubic maps, except some.
  const shear = orThrow(mechanism({ latents: 2, step: (F, [x, y]) => [x, F.add(y, F.mul(x, x))] }))
  const found = orThrow(imitatorFields([shear], orThrow(polynomialClass(2)), { dictionary: upTo(1) }))
  expect(found.dimension).toBe(6)
})

it('refuses classes that cannot answer', () => {
  const ask = (m: Mechanism[], hypothesis: HypothesisClass) =>
    imitatorFields(m, hypothesis, { dictionary: linearFields })
  expect(ask([turn], finiteClass('quarter turns', [turn, turn]))).toMatchObject({
    left: { _tag: 'NoTangent', class: 'quarter turns', reason: 'it has 2 isolated members' }
  })
  expect(ask([turn], parametricClass({ ...rotations, name: 'still' }, [[]]))).toMatchObject({
    left: { _tag: 'NoTangent' }
  })
  expect(ask([turn], diagonalClass)).toMatchObject({ left: { _tag: 'NotInClass', what: 'mechanism 0' } })
  expect(ask([orThrow(scaling([1, 2]))], orthogonalClass)).toMatchObject({ left: { _tag: 'NotInClass' } })
  expect(ask([orThrow(translation([1, 2]))], linearClass)).toMatchObject({ left: { _tag: 'NotInClass' } })
  expect(ask([turn], parametricClass(rotations, [[0.8]]))).toMatchObject({ left: { _tag: 'NotInClass' } })
  expect(ask([turn, turn], parametricClass(rotations, [[0.7]]))).toMatchObject({
    left: { _tag: 'ShapeMismatch', actual: '1' }
  })
  expect(ask([], linearClass)).toMatchObject({ left: { _tag: 'ShapeMismatch', actual: 'empty' } })
  expect(polynomialClass(-1)).toMatchObject({ left: { _tag: 'InvalidOption' } })
  expect(memberOf({ ...rotations, latents: 3 }, [0.7])).toMatchObject({
    left: { _tag: 'ShapeMismatch', where: expect.stringMatching(/^memberOf, parameters \(0\.7\): /) }
  })
})

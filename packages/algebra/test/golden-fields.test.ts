import {
  affine,
  ballistic,
  harmonicOscillator,
  linear,
  type Mechanism,
  mechanism,
  parallel,
  rotation,
  scaling,
  translation
} from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { expect, it } from 'vitest'
import {
  affineFields,
  type Dictionary,
  type EquivarianceOptions,
  equivarianceFields,
  equivariancesByDegree,
  fieldTexts,
  linearFields,
  polynomials,
  trigonometric,
  union
} from '../src/index.js'

const upTo = (degree: number): Dictionary => orThrow(polynomials(degree))
const unit = (d: number, i: number): number[] => Array.from({ length: d }, (_, j) => (i === j ? 1 : 0))
const cycle = (n: number): Mechanism =>
  orThrow(linear(Array.from({ length: n }, (_, i) => unit(n, (i + n - 1) % n))))
const jordan = (n: number, value: number): Mechanism =>
  orThrow(
    linear(Array.from({ length: n }, (_, i) => unit(n, i).map((x, j) => (j === i + 1 ? 1 : value * x))))
  )
const generic = (d: number, seed: number): Mechanism => {
  const random = generator(seed)
  return orThrow(linear(Array.from({ length: d }, () => Array.from({ length: d }, () => random.normal()))))
}
const turn = orThrow(rotation(2, 0, 1, 0.7))
const cubic = (d: number): Mechanism =>
  orThrow(
    mechanism({
      latents: d,
      step: (F, z) => {
        const square = z.reduce((sum, x) => F.add(sum, F.mul(x, x)), F.one)
        return z.map((x) => F.mul(x, square))
      }
    })
  )
const logistic = orThrow(
  mechanism({ latents: 1, step: (F, [z]) => [F.mul(F.lit(4), F.mul(z, F.sub(F.one, z)))] })
)
const squash = orThrow(mechanism({ latents: 3, step: (F, z) => z.map((x) => F.tanh(F.mul(F.lit(2), x))) }))
const steered = orThrow(
  mechanism({ latents: 2, actions: 1, step: (F, [x, y], [a]) => [F.add(x, a), F.add(y, F.sin(a))] })
)

type Case = [
  name: string,
  mechanisms: Mechanism[],
  dictionary: Dictionary,
  dimension: number,
  options?: Partial<EquivarianceOptions>
]

const cases: Case[] = [
  ['4 distinct eigenvalues', [orThrow(scaling([4, 3, 2, 1]))], linearFields, 4],
  ['3 · I', [orThrow(scaling([3, 3, 3]))], linearFields, 9],
  ['identity', [orThrow(scaling([1, 1, 1]))], linearFields, 9],
  ['diag(2,2,3)', [orThrow(scaling([2, 2, 3]))], linearFields, 5],
  ['rotation by 0.7', [turn], linearFields, 2],
  ['rotation by π', [orThrow(rotation(2, 0, 1, Math.PI))], linearFields, 4],
  ['rotation by 0.7 and a latent at rest', [orThrow(rotation(3, 0, 1, 0.7))], linearFields, 3],
  ['rotation by π and a latent at rest', [orThrow(rotation(3, 0, 1, Math.PI))], linearFields, 5],
  ['a Jordan block of 4', [jordan(4, 2)], linearFields, 4],
  ['Jordan blocks of 2 and 1', [parallel([jordan(2, 2), jordan(1, 2)])], linearFields, 5],
  ['Jordan blocks of 3, 2 and 1', [parallel([jordan(3, 2), jordan(2, 2), jordan(1, 2)])], linearFields, 14],
  ['5-cycle', [cycle(5)], linearFields, 5],
  ['two generic maps', [generic(5, 1), generic(5, 2)], linearFields, 1],
  [
    'two generic maps and a translation',
    [generic(3, 1), generic(3, 2), orThrow(translation([1, 0.5, 2]))],
    affineFields,
    0
  ],
  [
    'diag(1,1,2) and diag(1,3,3)',
    [orThrow(scaling([1, 1, 2])), orThrow(scaling([1, 3, 3]))],
    linearFields,
    3
  ],
  ['harmonic oscillator', [orThrow(harmonicOscillator({ frequency: 1, dt: 0.6 }))], linearFields, 2],
  [
    'harmonic oscillator, half a period',
    [orThrow(harmonicOscillator({ frequency: 1, dt: Math.PI }))],
    linearFields,
    4
  ],
  ['harmonic oscillator, degree 3', [orThrow(harmonicOscillator({ frequency: 1, dt: 0.6 }))], upTo(3), 4],
  ['ballistic', [orThrow(ballistic({ dt: 0.5 }))], linearFields, 2],
  [
    'three ballistic copies',
    [parallel(Array.from({ length: 3 }, () => orThrow(ballistic({ dt: 0.5 }))))],
    linearFields,
    18
  ],
  ['ballistic, affine', [orThrow(ballistic({ dt: 0.5 }))], affineFields, 3],
  ['ballistic with gravity, affine', [orThrow(ballistic({ dt: 0.5, gravity: -9.81 }))], affineFields, 2],
  ['translation of the line', [orThrow(translation([0.7]))], affineFields, 1],
  ['translation of the plane', [orThrow(translation([0.7, 0.3]))], affineFields, 4],
  ['translation in space', [orThrow(translation([0.7, 0.3, 0.5]))], affineFields, 9],
  ['translation of the plane, degree 2', [orThrow(translation([0.7, 0.3]))], upTo(2), 6],
  ['translation of the plane, degree 3', [orThrow(translation([0.7, 0.3]))], upTo(3), 8],
  ['translations by every e_i', [0, 1, 2].map((i) => orThrow(translation(unit(3, i)))), affineFields, 3],
  [
    'rotation about another point',
    [
      orThrow(
        affine(
          [
            [Math.cos(0.7), -Math.sin(0.7)],
            [Math.sin(0.7), Math.cos(0.7)]
          ],
          [1, 2]
        )
      )
    ],
    affineFields,
    2
  ],
  ['rotation and translation', [turn, orThrow(translation([1, 0]))], affineFields, 0],
  [
    'diag(1,2,3) z + (0,1,1)',
    [
      orThrow(
        affine(
          [
            [1, 0, 0],
            [0, 2, 0],
            [0, 0, 3]
          ],
          [0, 1, 1]
        )
      )
    ],
    affineFields,
    4
  ],
  [
    'diag(1,2,3) z + (1,1,1)',
    [
      orThrow(
        affine(
          [
            [1, 0, 0],
            [0, 2, 0],
            [0, 0, 3]
          ],
          [1, 1, 1]
        )
      )
    ],
    affineFields,
    3
  ],
  ['diag(2,4), degree 3', [orThrow(scaling([2, 4]))], upTo(3), 3],
  ['diag(2,3), degree 4', [orThrow(scaling([2, 3]))], upTo(4), 2],
  ['diag(2,½), degree 3', [orThrow(scaling([2, 0.5]))], upTo(3), 4],
  ['z(1+‖z‖²), d = 2, degree 3', [cubic(2)], upTo(3), 1],
  ['z(1+‖z‖²), d = 3, degree 3', [cubic(3)], upTo(3), 3],
  ['logistic, degree 8', [logistic], upTo(8), 0, { box: [[0, 1]] }],
  ['tanh(2z)', [squash], linearFields, 0],
  ['not invertible: diag(1,2,0,0)', [orThrow(scaling([1, 2, 0, 0]))], linearFields, 6],
  ['a contraction, degree 3', [orThrow(scaling([0.01, 0.023]))], upTo(3), 2],
  ['a translation by sampled actions', [steered], affineFields, 2]
]

it.each(cases)('%s', (_, mechanisms, dictionary, dimension, options) => {
  const found = orThrow(equivarianceFields(mechanisms, { dictionary, ...options }))
  expect(found.dimension).toBe(dimension)
  expect(found.decision.nullity).toBe(dimension)
  expect(Math.max(...found.decision.ladder)).toBeLessThanOrEqual(Math.SQRT2 + 1e-12)
})

it('diag(2, 4) has the resonance (0, z_0²)', () => {
  const { fields } = orThrow(equivarianceFields([orThrow(scaling([2, 4]))], { dictionary: upTo(3) }))
  expect(fieldTexts(fields)).toEqual([
    ['z_0', '0'],
    ['0', 'z_1'],
    ['0', 'z_0^2']
  ])
})

it('a translation also commutes with every periodic field', () => {
  const dictionary = union([affineFields, orThrow(trigonometric(0.7, { harmonics: 2 }))])
  const found = orThrow(equivarianceFields([orThrow(translation([0.7]))], { dictionary }))
  // Constants, and sine and cosine of two harmonics.
  expect(found.dimension).toBe(5)
  expect(fieldTexts(found.fields).flat()).toContain('sin(8.97598 z_0)')
  expect(found.flowResidual).toBeLessThan(1e-8)
  const other = union([affineFields, orThrow(trigonometric(0.6))])
  expect(equivarianceFields([orThrow(translation([0.7]))], { dictionary: other })).toMatchObject({
    right: { dimension: 1 }
  })
})

it('a contraction keeps its small scale out of the ladder', () => {
  const { decision } = orThrow(equivarianceFields([orThrow(scaling([0.01, 0.023]))], { dictionary: upTo(3) }))
  const last = decision.ladder[decision.ladder.length - decision.nullity - 1]
  expect(last).toBeGreaterThan(0.05)
  expect(decision.certainty).toBe('clear')
})

it('fields that a mechanism forgets belong to the answer', () => {
  const found = orThrow(equivarianceFields([orThrow(scaling([1, 2, 0, 0]))], { dictionary: linearFields }))
  expect(found.untouched).toBe(4)
})

it('the dimension grows with the degree where the ambiguity is nonlinear', () => {
  const answers = equivariancesByDegree([orThrow(translation([0.7, 0.3]))], [1, 2, 3])
  expect(
    answers.map(({ answer }) => (answer._tag === 'Right' ? answer.right.dimension : answer.left))
  ).toEqual([4, 6, 8])
})

it('an oscillator is not judged from one orbit', () => {
  const oscillator = orThrow(harmonicOscillator({ frequency: 1, dt: 0.6 }))
  // All of these lie on one circle.
  const data = Float64Array.from({ length: 600 }, (_, e) =>
    e % 2 === 0 ? Math.cos(0.3 * e) : -Math.sin(0.3 * (e - 1))
  )
  const options = { dictionary: upTo(3), data: { data, shape: [300, 2] as const } }
  expect(equivarianceFields([oscillator], options)).toMatchObject({ left: { _tag: 'Degenerate' } })
  expect(equivarianceFields([oscillator], { dictionary: upTo(3) })).toMatchObject({ right: { dimension: 4 } })
})

import { gaussian, laplace, randomWalk, scaling, translation } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, it } from 'vitest'
import {
  type Ambiguity,
  type AmbiguityOptions,
  type AmbiguityWitnessOptions,
  type Known,
  linearClass,
  linearFields,
  type Witness,
  witness
} from '../src/index.js'
import { answered, bent, cubic, skewedWalk, turn } from './answers.js'

describe('witness', () => {
  const found = (answer: Ambiguity, time: number, options?: AmbiguityWitnessOptions): Witness =>
    O.getOrElse((): Witness => expect.fail('no witness'))(orThrow(witness(answer, time, options)))

  it.each<[string, Known, AmbiguityOptions | undefined, AmbiguityWitnessOptions | undefined]>([
    ['a flow of linear maps', [turn], { among: 'linear' }, undefined],
    ['a flow of affine maps', [orThrow(translation([1, 2]))], undefined, undefined],
    ['a nonlinear flow', [orThrow(scaling([2, 4]))], cubic, undefined],
    [
      'a nonlinear flow of a matrix',
      [
        {
          matrix: [
            [2, 0],
            [0, 4]
          ]
        }
      ],
      cubic,
      undefined
    ],
    ['a rotation of a bent mechanism', [bent], cubic, undefined],
    ['a finite symmetry', [turn], undefined, { of: 'finite' }],
    ['an isometry of a Gaussian walk', [orThrow(randomWalk(2, gaussian, 0.5))], undefined, undefined],
    ['an isometry in closed form', skewedWalk, undefined, undefined],
    ['a sign of a Laplace walk', [orThrow(randomWalk(2, laplace, 0.5))], undefined, { of: 'finite' }]
  ])('%s is another model', (_, known, options, asked) => {
    const answer = answered(known, options)
    const other = found(answer, 0.3, asked)
    expect(other.residual).toBeLessThan(1e-9)
    const points = Float64Array.from([0.3, -0.2, 0.5, 0.9])
    expect(other.map(points)).not.toEqual(points)
  })

  it('residuals tell what is no ambiguity', () => {
    const answer = answered([turn], { among: 'linear' })
    const wrong = answered([orThrow(scaling([2, 3]))], { among: 'linear' })
    expect(found({ ...answer, known: wrong.known }, 0.3).residual).toBeGreaterThan(1e-3)
    const walk = answered([orThrow(randomWalk(2, gaussian, 0.5))])
    const other = { ...walk, known: [orThrow(randomWalk(2, laplace, 0.5))] }
    expect(found(other, 0.7).residual).toBeGreaterThan(1e-3)
    const nonlinear = answered([orThrow(scaling([2, 4]))], cubic)
    expect(
      found(
        {
          ...nonlinear,
          known: [
            {
              matrix: [
                [2, 0],
                [0, 5]
              ]
            }
          ]
        },
        0.3
      ).residual
    ).toBeGreaterThan(1e-3)
  })

  it('maps as its matrix does', () => {
    const other = found(answered([turn]), 0.5)
    const point = [0.4, -1.5]
    const by = other.matrix?.map((row) => row[0] * point[0] + row[1] * point[1] + row[2])
    expect(Array.from(other.map(Float64Array.from(point)))).toEqual(by)
  })

  it('is none where the group is trivial', () => {
    const answer = answered([turn, orThrow(translation([1, 0]))])
    expect(orThrow(witness(answer, 1))).toEqual(O.none)
    expect(orThrow(witness(answered([orThrow(translation([1]))]), 1, { of: 'finite' }))).toEqual(O.none)
  })

  it('says what it cannot do', () => {
    const answer = answered([turn])
    expect(witness(answer, Number.NaN)).toMatchObject({
      left: { _tag: 'InvalidOption', what: 'time' }
    })
    expect(witness(answer, 1, { weights: [1] })).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
    expect(witness(answer, 1, { weights: [1, Number.NaN] })).toMatchObject({ left: { _tag: 'NotFinite' } })
    expect(witness(answer, 1, { of: 'finite', generator: 9 })).toMatchObject({
      left: { _tag: 'InvalidOption' }
    })
    expect(witness(answer, 1, { samples: 0 })).toMatchObject({ left: { _tag: 'InvalidOption' } })
    const first = answered([turn], { hypothesis: linearClass, dictionary: linearFields })
    expect(witness(first, 1)).toMatchObject({ left: { _tag: 'InvalidOption', what: 'the route' } })
  })
})

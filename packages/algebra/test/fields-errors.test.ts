import { type Mechanism, scaling } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import { expect, it } from 'vitest'
import {
  affineFields,
  constants,
  type EquivarianceOptions,
  equivarianceFields,
  linearFields,
  polynomials
} from '../src/index.js'

const doubling = orThrow(scaling([2, 4]))
const upTo = (degree: number) => orThrow(polynomials(degree))

/** A mechanism that was never checked. */
const unchecked = (step: Mechanism['step']): Mechanism => ({ latents: 2, actions: 0, step })

const circle = Float64Array.from({ length: 400 }, (_, e) =>
  e % 2 === 0 ? Math.cos(0.3 * e) : Math.sin(0.3 * (e - 1))
)

const cases: [string, Mechanism[], EquivarianceOptions, object][] = [
  ['no mechanisms', [], { dictionary: constants }, { _tag: 'ShapeMismatch', actual: 'empty' }],
  [
    'mechanisms of different sizes',
    [doubling, orThrow(scaling([1]))],
    { dictionary: constants },
    { _tag: 'ShapeMismatch', expected: '2', actual: '1' }
  ],
  [
    'another number of outputs',
    [unchecked((_, [x]) => [x])],
    { dictionary: constants },
    { _tag: 'ShapeMismatch', expected: '2, one for each latent', actual: '1' }
  ],
  [
    'outputs that are not finite',
    [unchecked((F, [x, y]) => [F.log(x), y])],
    { dictionary: constants },
    { _tag: 'NotFinite', value: Number.NaN }
  ],
  [
    'a definition that throws',
    [
      unchecked(() => {
        throw new Error('no step')
      })
    ],
    { dictionary: constants },
    { _tag: 'DefinitionThrew', reason: 'no step' }
  ],
  [
    'a dictionary larger than the samples can decide',
    [doubling],
    { dictionary: upTo(5), samples: 40 },
    { _tag: 'TooFewRows', needed: 84, actual: 40 }
  ],
  [
    'points of one orbit',
    [doubling],
    { dictionary: upTo(3), data: { data: circle, shape: [200, 2] } },
    { _tag: 'Degenerate', expected: 'all 10', actual: '7' }
  ],
  [
    'data with other columns',
    [doubling],
    { dictionary: constants, data: { data: circle, shape: [100, 4] } },
    { _tag: 'ShapeMismatch', expected: '2', actual: '4' }
  ],
  [
    'data that is not finite',
    [doubling],
    { dictionary: constants, data: { data: Float64Array.of(1, Number.NaN), shape: [1, 2] } },
    { _tag: 'NotFinite', what: 'data', row: 0, column: 1 }
  ],
  ['a box of other size', [doubling], { dictionary: constants, box: [[0, 1]] }, { _tag: 'ShapeMismatch' }],
  [
    'an empty box',
    [doubling],
    {
      dictionary: constants,
      box: [
        [0, 1],
        [1, 1]
      ]
    },
    { _tag: 'InvalidOption', actual: '[1, 1]' }
  ],
  [
    'a tolerance that calls everything zero',
    [doubling],
    { dictionary: constants, tolerance: 2 },
    { _tag: 'InvalidOption' }
  ],
  [
    'a mechanism without inverse where one is needed',
    [orThrow(scaling([1, 0]))],
    { dictionary: linearFields, needsInverse: true },
    { _tag: 'NotInvertible', actual: 'not invertible (σ_min / σ_max = 0.00)' }
  ],
  [
    'eigenvalues that are neither equal nor different',
    [orThrow(scaling([1, 1.003, 1 + 1e-5, 1 + 5e-8, 1 + 3e-10]))],
    { dictionary: linearFields },
    { _tag: 'Undecided' }
  ],
  [
    'a mechanism that differs where nobody looked',
    [
      unchecked((F, [x, y]) => [
        F.mul(F.lit(2), x),
        F.mul(y, F.where(F.sub(y, F.lit(0.97)), F.lit(3), F.lit(2)))
      ])
    ],
    { dictionary: linearFields, samples: 8, seed: 2 },
    { _tag: 'NotConfirmed' }
  ]
]

it.each(cases)('%s', (_, mechanisms, options, error) => {
  expect(equivarianceFields(mechanisms, options)).toMatchObject({ left: error })
})

it('a stated tolerance decides what is left open', () => {
  const nearly = orThrow(scaling([1, 1 + 1e-7]))
  const options = { dictionary: linearFields, tolerance: 1e-6 }
  expect(equivarianceFields([nearly], options)).toMatchObject({ right: { dimension: 4 } })
})

it('looks on the support of the data where it is told to', () => {
  // log is only defined for positive latents, and so is this mechanism's data.
  const data = Float64Array.from({ length: 400 }, (_, e) => 1 + 0.5 * Math.sin(e * e))
  const squares = unchecked((F, z) => z.map((x) => F.exp(F.mul(F.lit(2), F.log(x)))))
  const options = { dictionary: affineFields, data: { data, shape: [200, 2] as const } }
  expect(equivarianceFields([squares], options)).toMatchObject({ right: { dimension: 0 } })
})

import { type Mechanism, scaling, translation } from '@mechid/mechanisms'
import { undecided } from '@mechid/numerics'
import { orThrow, type Tagged } from '@mechid/values'
import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { inconsistent, notConfirmed } from '../src/errors.js'
import {
  type AlgebraError,
  affineElement,
  ambiguityOf,
  commutant,
  diagonalClass,
  equivarianceFields,
  explain,
  finiteClass,
  finiteImitators,
  generatedElements,
  getCyclicGroup,
  imitatorFields,
  linearFields,
  linearSymmetries,
  mechanismSymmetries,
  memberOf,
  orthogonalMatrix,
  permutationGroup,
  polynomials,
  signedPermutation,
  suggest,
  witness
} from '../src/index.js'
import { blocks, cycle, diagonal, jordan, turn } from './matrices.js'

const doubling = orThrow(scaling([2, 4]))
const unchecked = (step: Mechanism['step']): Mechanism => ({ latents: 2, actions: 0, step })
const short = unchecked((_, [x]) => [x])
const eye = (d: number) => diagonal(...new Array<number>(d).fill(1))
const linear = { dictionary: linearFields }
const circle = Float64Array.from({ length: 400 }, (_, e) =>
  e % 2 === 0 ? Math.cos(0.3 * e) : Math.sin(0.3 * (e - 1))
)

const refused: ReadonlyArray<
  [result: Either<AlgebraError, unknown>, tag: AlgebraError['_tag'], words: string]
> = [
  [
    equivarianceFields([], linear),
    'ShapeMismatch',
    'equivarianceFields: the list of mechanisms is empty, expected one mechanism or more'
  ],
  [
    mechanismSymmetries([doubling, orThrow(scaling([1]))]),
    'ShapeMismatch',
    'mechanismSymmetries: the number of latents of mechanism 1 is 1, expected 2'
  ],
  [
    mechanismSymmetries([{ ...doubling, latents: 0 }]),
    'InvalidOption',
    'mechanismSymmetries: latents is 0, expected an integer, 1 or more'
  ],
  [
    finiteImitators([doubling], []),
    'ShapeMismatch',
    'finiteImitators: the list of hypotheses is empty, expected one hypothesis or more'
  ],
  [
    ambiguityOf([doubling], { actionDomains: [] }),
    'ShapeMismatch',
    'ambiguityOf: the number of lists of action domains is 0, expected 1'
  ],
  [
    ambiguityOf([doubling], { actionDomains: [[{ _tag: 'Choice', values: 2 }]] }),
    'ShapeMismatch',
    'ambiguityOf: the number of action domains of mechanism 0 is 1, expected 0'
  ],
  [
    equivarianceFields([short], linear),
    'ShapeMismatch',
    'equivarianceFields, mechanism 0: the number of values that the mechanism returns is 1, expected 2, one for each latent'
  ],
  [
    equivarianceFields([unchecked((F, [, y]) => [F.lit(Number.NaN), y])], linear),
    'NotFinite',
    expect.stringMatching(
      /^equivarianceFields, mechanism 0: output 0 \(or its slope\) at \([-0-9., ]+\) is NaN, expected finite numbers$/
    )
  ],
  [
    mechanismSymmetries([unchecked((F, [, y]) => [F.lit(Number.POSITIVE_INFINITY), y])]),
    'NotFinite',
    'mechanismSymmetries: what the mechanism returns at every point tried is Infinity, expected finite numbers'
  ],
  [
    equivarianceFields([doubling], {
      ...linear,
      data: { data: Float64Array.of(1, 2, Number.NaN, 4), shape: [2, 2] }
    }),
    'NotFinite',
    'equivarianceFields: data is NaN at row 1, column 0 (counted from 0), expected finite numbers'
  ],
  [
    equivarianceFields([doubling], { ...linear, data: { data: new Float64Array(3), shape: [2, 2] } }),
    'ShapeMismatch',
    'equivarianceFields: data is 3 numbers, expected 4 for shape [2, 2]'
  ],
  [
    equivarianceFields([doubling], { dictionary: orThrow(polynomials(5)), samples: 40 }),
    'TooFewRows',
    'equivarianceFields: 40 rows, at least 84 are needed; that is four equations for each unknown: give more samples or a smaller dictionary'
  ],
  [
    equivarianceFields([doubling], {
      dictionary: orThrow(polynomials(3)),
      data: { data: circle, shape: [200, 2] }
    }),
    'Degenerate',
    'equivarianceFields: the number of the dictionary’s functions that are independent on these samples is 7, expected all 10; sample from a region, not along one orbit'
  ],
  [commutant([[[1, 2]]]), 'ShapeMismatch', 'commutant: map 0 is 1 × 2, expected a square matrix'],
  [
    commutant([
      [
        [1, 2],
        [3, Number.NaN]
      ]
    ]),
    'NotFinite',
    'commutant: map 0 is NaN at row 1, column 1 (counted from 0), expected finite numbers'
  ],
  [
    commutant([jordan(25, 0.5)], { method: 'clusters' }),
    'TooLarge',
    'commutant: the size of a block of the map that its spectrum does not split is 25, expected at most 24'
  ],
  [
    affineElement([[0]], [1]),
    'NotInvertible',
    'affineElement: the matrix is not invertible (σ_min / σ_max = 0.00), expected one that can be inverted'
  ],
  [
    affineElement([[1]], [Number.NEGATIVE_INFINITY]),
    'NotFinite',
    'affineElement: the shift is -Infinity at row 0 (counted from 0), expected finite numbers'
  ],
  [
    orthogonalMatrix([[2]]),
    'NotInGroup',
    'orthogonalMatrix: QᵀQ is 3.00 away from it, expected the identity'
  ],
  [
    permutationGroup(3, [[0, 1, 1]]),
    'NotInGroup',
    'permutationGroup: generator 0 is [0, 1, 1], expected each of 0 to 2 once'
  ],
  [signedPermutation([0, 1], [1, 2]), 'NotInGroup', 'signedPermutation: a sign is 2, expected 1 or -1'],
  [
    generatedElements(getCyclicGroup(9), { equals: (a, b) => a === b }, [1], 5),
    'TooLarge',
    'generatedElements: the number of elements is 6, expected at most 5'
  ],
  [
    imitatorFields([orThrow(translation([1, 2]))], diagonalClass, linear),
    'NotInClass',
    expect.stringMatching(
      /^imitatorFields: mechanism 0 is outside the class \(misfit [0-9.]+\), expected a member of the class "diagonal"$/
    )
  ],
  [
    imitatorFields([doubling], finiteClass('pairs', [doubling, doubling]), linear),
    'NoTangent',
    'imitatorFields: the class "pairs" has no tangent (it has 2 isolated members), expected a class with continuous parameters; for a finite class use finiteImitators'
  ],
  [
    memberOf({ name: 'short', latents: 2, step: (_, [x]) => [x] }, [0.5, 2]),
    'ShapeMismatch',
    'memberOf, parameters (0.5, 2): short: the length of the list that step returns is 1, expected 2'
  ],
  [
    linearSymmetries([{ matrix: blocks(cycle(3), cycle(3)) }], { most: 1 }),
    'SearchLimit',
    'linearSymmetries: whether a signed permutation is a symmetry was not decided within 1 steps; a higher limit may decide it'
  ],
  [
    ambiguityOf([{ matrix: [[1, 2], [3]] }], { dictionary: linearFields }),
    'ShapeMismatch',
    'ambiguityOf, map 0: affine: the length of a row of the matrix is 1, expected 2'
  ],
  [
    ambiguityOf([{ matrix: eye(2), covariance: eye(2) }], { dictionary: linearFields }),
    'InvalidOption',
    'ambiguityOf: map 0 is given with a covariance, expected a kernel, where fields are looked for'
  ],
  [
    suggest(orThrow(ambiguityOf([doubling])), [short]),
    'ShapeMismatch',
    'suggest, candidate 0: ambiguityOf, mechanism 1: the number of values that the mechanism returns is 1, expected 2, one for each latent'
  ],
  [
    witness(orThrow(ambiguityOf([{ matrix: turn(0.7) }])), 1, { weights: [1] }),
    'ShapeMismatch',
    'witness: the length of weights is 1, expected 2'
  ]
]

describe('errors', () => {
  it.each(refused)('have a tag and a sentence: %#', (result, tag, words) => {
    expect(result).toMatchObject({ _tag: 'Left', left: { _tag: tag, message: words } })
  })

  it('tell of decisions with their numbers', () => {
    expect(undecided('here', [1, 0.5, 1e-5, 2e-7], 50, 1000)).toMatchObject({
      ladder: [1, 0.5, 1e-5, 2e-7],
      gap: 50,
      needed: 1000,
      message:
        'here: the rank is undecided: the widest gap between singular values below 1e-4 is a factor 50.0, expected 1.00e+3 or more; the ladder ends 1.00, 0.500, 0.0000100, 2.00e-7; state a tolerance if you know how exact the numbers are'
    })
    expect(undecided('here', [1, 1e-6], 1, 1000, { value: 1e-6, tolerance: 1e-6 }).message).toBe(
      'here: the rank is undecided: the singular value 0.0000010000000 lies at the tolerance 0.00000100; the ladder ends 1.00, 0.00000100; state a tolerance above or below it'
    )
    expect(notConfirmed('here', 'a field', 0.01, 1e-6)).toMatchObject({
      residual: 0.01,
      allowed: 1e-6,
      message:
        'here: the residual of a field on fresh points is 0.0100, expected at most 0.00000100; give more samples, or a mechanism that is smooth on the region'
    })
    expect(inconsistent('here', 'the count', 3, '4')).toMatchObject({
      actual: '3',
      expected: '4',
      message:
        'here: the count is 3, expected 4; the maps are too close to degenerate ones to tell: state how exact they are as a tolerance'
    })
  })

  it('are of one shape', () => {
    const left = refused.flatMap(([result]): Tagged[] => (isLeft(result) ? [result.left] : []))
    expect(left.length).toBe(refused.length)
    for (const { message } of left) expect(message).toMatch(/^[^\n:]+: [^\n]*[^\n.]$/)
  })

  it('end as a sentence where an answer is explained', () => {
    const answer = orThrow(ambiguityOf([doubling]))
    const finite = mechanismSymmetries([])
    const lines = explain({ ...answer, finite })
    expect(lines).toContain(
      'Finite symmetries are not known: mechanismSymmetries: the list of mechanisms is empty, expected one mechanism or more.'
    )
  })
})

import { kernel } from '@mechid/mechanisms'
import { zeros } from '@mechid/numerics'
import { generator } from '@mechid/random'
import { orThrow, type Samples } from '@mechid/values'
import type * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  addActions,
  additivity,
  allRelabellings,
  and,
  beside,
  binaryIdentity,
  binaryMatrix,
  booleanProduct,
  consistency,
  design,
  distinguishing,
  entanglementByJacobian,
  entanglementBySamples,
  entanglementDrawing,
  evidenceOf,
  findWitness,
  type GraphError,
  getPreservingGroup,
  graphFromDocument,
  graphFromGraphology,
  graphFromJson,
  intervene,
  isPreserving,
  namedGraph,
  or,
  permuteGraph,
  predict,
  preservingMatrix,
  randomGraph,
  randomPreservingMap,
  sufficientInfluence,
  toPermutation
} from '../src/index.js'
import { errorText } from './error-text.js'
import { identity } from './tables.js'

const chain = orThrow(namedGraph('TimeDirectedChain', 3))
const open = orThrow(namedGraph('ActionSingle', 6))
const still = orThrow(kernel({ latents: 2, location: (F) => [F.zero, F.zero], scale: 1 }))
const onlyForPeople: never[] = []

/** Whatever JSON or JavaScript may hand over. */
const odd = [2, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, null, undefined, true, '1', {}] as number[]

describe('entries that are neither 0 nor 1', () => {
  it.each(odd)('%s', (entry) => {
    const error = binaryMatrix([
      [1, 0],
      [0, entry]
    ])
    expect(error).toMatchObject({ left: { _tag: 'NotBinary', row: 1, column: 1, actual: String(entry) } })
    expect(predict({ latents: [[entry]] })).toMatchObject({ left: { _tag: 'NotBinary' } })
    expect(predict({ actions: [[1, entry]] })).toMatchObject({ left: { where: 'predict, actions (Ga)' } })
  })
})

describe('what does not fit', () => {
  it.each<[string, E.Either<GraphError, unknown>, string]>([
    ['ragged rows', binaryMatrix([[1, 0], [1]]), 'the length of row 1 is 1, expected 2, as row 0 has'],
    ['no row', binaryMatrix(onlyForPeople), 'at least one row'],
    [
      'Gz not square',
      predict({
        latents: [
          [1, 0, 1],
          [0, 1, 0]
        ]
      }),
      'columns of latents (Gz) is 3'
    ],
    [
      'Gz and Ga of other sizes',
      predict({ latents: [[1]], actions: [[1], [0]] }),
      'rows of actions (Ga) is 2'
    ],
    ['sizes of matrices', and(binaryIdentity(2), binaryIdentity(3)), '3 × 3, expected 2 × 2'],
    ['sizes of matrices', or(binaryIdentity(2), binaryIdentity(3)), '3 × 3, expected 2 × 2'],
    ['sizes of factors', booleanProduct(binaryIdentity(2), binaryIdentity(3)), 'expected 2 × any number'],
    ['sizes side by side', beside(binaryIdentity(2), binaryIdentity(3)), 'expected 2 × any number'],
    ['more actions for other latents', addActions(chain, identity(2)), 'the number of rows is 2, expected 3'],
    [
      'relabelling of other size',
      permuteGraph(orThrow(toPermutation([1, 0])), chain),
      'number of latents is 3, expected 2'
    ],
    [
      'graphs of other sizes',
      consistency(chain, orThrow(namedGraph('TimeDiag', 4))),
      '4 × 4, expected 3 × 3'
    ],
    ['graphs of other parts', allRelabellings(chain, open), 'latents (Gz) of the learned graph is absent'],
    ['matrix of other size', isPreserving([[1]], identity(2), 0), 'number of rows is 1, expected 2'],
    [
      'matrix with NaN',
      isPreserving([[Number.NaN]], identity(1), 0),
      'the matrix is NaN at row 0, column 0 (counted from 0), expected finite'
    ],
    [
      'pattern not square',
      entanglementDrawing([[1, 0]]),
      'entanglementDrawing: the pattern is 1 × 2, expected square'
    ],
    [
      'pattern not binary',
      isPreserving([[1]], [[2]], 0),
      'violations, the pattern: entry [0][0] is 2, expected 0 or 1'
    ],
    ['negative tolerance', isPreserving([[1]], identity(1), -1), 'tolerance is -1'],
    ['tolerance NaN', isPreserving([[1]], identity(1), Number.NaN), 'tolerance is NaN'],
    ['singular matrix', preservingMatrix([[0]], identity(1)), 'singular'],
    ['pattern that is no preorder', randomPreservingMap(generator(1), [[0]]), 'reflexive'],
    ['point of other length', entanglementByJacobian({ latents: 2, apply: (_, z) => z }, [[1]]), 'expected 2']
  ])('%s', (_, result, text) => {
    expect(errorText(result)).toContain(text)
  })
})

describe('permutations that are none', () => {
  it.each<[unknown[], string]>([
    [[], 'ShapeMismatch'],
    [[0, 0], 'NotPermutation'],
    [[1, 2], 'NotPermutation'],
    [[0, -1], 'NotPermutation'],
    [[0.5], 'NotPermutation'],
    [[Number.NaN], 'NotPermutation'],
    [['0'], 'NotPermutation'],
    [[undefined], 'NotPermutation']
  ])('%j', (image, tag) => {
    expect(toPermutation(image as number[])).toMatchObject({ left: { _tag: tag } })
  })
})

describe('kinds of errors', () => {
  const samples = (rows: number, entries: (row: number) => readonly number[]): Samples => ({
    data: Float64Array.from(Array.from({ length: rows }, (_, i) => entries(i)).flat()),
    shape: [rows, 2]
  })
  const varied = samples(40, (i) => [Math.sin(3 * i), Math.cos(5 * i)])
  const upper = [[1, 1]].concat([[0, 1]])

  it.each<[GraphError['_tag'], E.Either<GraphError, unknown>]>([
    ['UnknownName', namedGraph('toString' as 'TimeDiag', 3)],
    ['ShapeMismatch', binaryMatrix([])],
    ['ShapeMismatch', binaryMatrix([[1], []])],
    ['ShapeMismatch', predict({})],
    ['ShapeMismatch', entanglementByJacobian({ latents: 2, apply: (_, z) => z }, [])],
    ['ShapeMismatch', entanglementBySamples(varied, { ...varied, shape: [20, 4] })],
    ['ShapeMismatch', entanglementBySamples({ ...varied, shape: [41, 2] }, varied)],
    ['ShapeMismatch', additivity(still, { spread: [1] })],
    ['ShapeMismatch', intervene(still, [{ kind: 'perfect', targets: [], regimes: [] }])],
    ['ShapeMismatch', graphFromGraphology({ nodes: [], edges: [] })],
    [
      'TooFewRows',
      entanglementBySamples(
        samples(9, () => [0, 1]),
        samples(9, () => [0, 1])
      )
    ],
    [
      'Degenerate',
      entanglementBySamples(
        samples(40, (i) => [i, i]),
        varied
      )
    ],
    [
      'NotFinite',
      entanglementBySamples(
        varied,
        samples(40, (i) => [i, 1 / i])
      )
    ],
    ['NotFinite', entanglementByJacobian({ latents: 1, apply: (F, [x]) => [F.log(x)] }, [[0]])],
    ['NotFinite', isPreserving([[Number.NaN]], identity(1), 0)],
    [
      'NotFinite',
      intervene(still, [{ kind: 'perfect', targets: [0], regimes: [{ location: [Number.NaN], scale: [1] }] }])
    ],
    ['NotBinary', binaryMatrix([[2]])],
    ['NotPermutation', toPermutation([1, 1])],
    ['NotPreserving', preservingMatrix([[1, 0]].concat([[1, 1]]), upper)],
    ['NotInvertible', preservingMatrix([[0]], identity(1))],
    ['Impossible', design(open, { forbidden: [4] })],
    ['Impossible', design(open, { forbidden: [3, 4] })],
    ['SearchLimit', allRelabellings(open, open, { limit: 1 })],
    ['Unreadable', graphFromJson('{')],
    ['Unreadable', graphFromDocument({ latents: [[2]] })]
  ])('%s', (tag, result) => {
    expect(result).toMatchObject({ left: { _tag: tag } })
    const [where, words] = errorText(result).split(': ')
    expect(where).toMatch(/^[a-z]/)
    expect(words).not.toMatch(/\n|\.$/)
    expect(() => orThrow(result)).toThrow(errorText(result))
  })

  it('name the place that is wrong', () => {
    expect(
      entanglementBySamples(
        varied,
        samples(40, (i) => [i, 1 / i])
      )
    ).toMatchObject({
      left: { where: 'entanglementBySamples', what: 'truth', value: Infinity, row: 0, column: 1 }
    })
    expect(preservingMatrix([[1, 0]].concat([[0.5, 1]]), upper)).toMatchObject({
      left: { where: 'preservingMatrix', row: 1, column: 0, actual: '0.5' }
    })
    expect(toPermutation([0, 0])).toMatchObject({
      left: { size: 2, position: 1, actual: '0', fault: 'repeated' }
    })
    expect(graphFromDocument({ latents: [[2]] })).toMatchObject({
      left: { what: 'latents[0][0]', actual: '2', expected: '0 or 1' }
    })
    expect(design(open, { forbidden: [3, 4] })).toMatchObject({ left: { reasons: { length: 2 } } })
  })

  it('end a group whose member has lost its inverse', () => {
    const lost = { pattern: identity(1), matrix: zeros(1, 1) }
    expect(() => orThrow(getPreservingGroup(identity(1))).inverse(lost)).toThrow(
      'getPreservingGroup: the matrix is singular to rounding, expected an invertible one'
    )
  })
})

describe('parameters out of range', () => {
  it.each<[string, E.Either<GraphError, unknown>]>([
    ['size', namedGraph('TimeDiag', 0)],
    ['size', namedGraph('ActionBlockDiag', 5)],
    ['edgeProbability', randomGraph(generator(1), { size: 3, edgeProbability: Number.NaN })],
    ['size', randomGraph(generator(1), { size: 2.5, edgeProbability: 0 })],
    ['limit', consistency(chain, chain, { limit: Number.NaN })],
    ['maximumTargets', design(open, { maximumTargets: Number.NaN })],
    ['maximumActions', design(open, { maximumActions: -1 })],
    ['a forbidden target', design(open, { forbidden: [1.5] })],
    ['a cost', design(open, { costs: [1, 1, 1, 1, 1, Number.NaN] })],
    ['a latent', evidenceOf(chain, 3)],
    ['a latent', distinguishing(chain, 0, -1)],
    ['points', sufficientInfluence(still, { points: Number.NaN })],
    ['places', findWitness(still, { places: 0 })],
    ['degree', findWitness(still, { degree: 4 as 3 })],
    [
      'a target',
      intervene(still, [{ kind: 'perfect', targets: [2], regimes: [{ location: [0], scale: [1] }] }])
    ]
  ])('%s', (parameter, result) => {
    expect(result).toMatchObject({ left: { _tag: 'InvalidOption' } })
    expect(errorText(result)).toContain(parameter)
  })
})

describe('a kernel that is not defined on all of its domain', () => {
  const half = orThrow(
    kernel({ latents: 2, actions: 1, location: (F, _past, [a]) => [F.log(a), F.sin(a)], scale: 1 })
  )
  it.each<[string, E.Either<GraphError, unknown>]>([
    ['sufficientInfluence', sufficientInfluence(half)],
    ['findWitness', findWitness(half)]
  ])('%s', (_, result) => {
    expect(errorText(result)).toMatch(
      /the kernel is location NaN and scale 1 of z0 at .*actions \[-.*expected finite locations/
    )
  })
})

describe('designs that are impossible', () => {
  it.each<[Parameters<typeof design>[1], string]>([
    [
      { maximumActions: 3 },
      'design: what was asked for is impossible, since 3 actions are too few: 6 latents that nothing tells apart need sets of actions none within another, and 3 actions have at most 3 such sets (Sperner); 4 or more are needed'
    ],
    [
      { maximumActions: 5, maximumTargets: 2 },
      'design: what was asked for is impossible, since 5 actions are too few: each of 6 latents that nothing tells apart needs an action of its own or two, of at most 2 targets each; 6 or more are needed'
    ],
    [
      { forbidden: [4] },
      'design: what was asked for is impossible, since all that bears on z4 bears on z0, z1, z2, z3, z5 as well, only an action on z4 could tell it apart, and none may reach it'
    ]
  ])('%j', (options, text) => {
    expect(errorText(design(open, options))).toBe(text)
  })

  it('where only the exact search shows it', () => {
    const graph = orThrow(namedGraph('ActionBlockNonDiag', 6))
    const fewest = orThrow(design(graph, { maximumTargets: 2 })).actions.length
    expect(errorText(design(graph, { maximumTargets: 2, maximumActions: fewest - 1 }))).toContain(
      `${fewest - 1} actions are too few`
    )
  })
})

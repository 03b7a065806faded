import { kernel, orThrow as sound } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  addActions,
  allWitnesses,
  and,
  beside,
  consistency,
  design,
  entanglementByJacobian,
  findWitness,
  fromRows,
  type GraphError,
  graphFromRows,
  identity,
  intervene,
  isPreserving,
  message,
  multiply,
  namedGraph,
  or,
  orThrow,
  permutation,
  permuteGraph,
  preservingMatrix,
  randomGraph,
  randomPreservingMap,
  structuralHamming,
  sufficientInfluence
} from '../src/index.js'

const chain = orThrow(namedGraph('TimeDirectedChain', 3))
const open = orThrow(namedGraph('ActionSingle', 6))
const still = sound(kernel({ latents: 2, location: (F) => [F.zero, F.zero], scale: 1 }))
const onlyForPeople: never[] = []

/** Whatever JSON or JavaScript may hand over. */
const odd = [2, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, null, undefined, true, '1', {}] as number[]

describe('entries that are neither 0 nor 1', () => {
  it.each(odd)('%s', (entry) => {
    const error = fromRows([
      [1, 0],
      [0, entry]
    ])
    expect(error).toMatchObject({ left: { _tag: 'NotBinary', row: 1, column: 1, actual: String(entry) } })
    expect(graphFromRows({ latents: [[entry]] })).toMatchObject({ left: { _tag: 'NotBinary' } })
    expect(graphFromRows({ actions: [[1, entry]] })).toMatchObject({ left: { where: 'actions (Ga)' } })
  })
})

describe('what does not fit', () => {
  it.each<[string, E.Either<GraphError, unknown>, string]>([
    ['ragged rows', fromRows([[1, 0], [1]]), 'row 1 has 1 entries, expected 2'],
    ['no row', fromRows(onlyForPeople), 'at least one row'],
    [
      'Gz not square',
      graphFromRows({
        latents: [
          [1, 0, 1],
          [0, 1, 0]
        ]
      }),
      'columns of latents (Gz) is 3'
    ],
    [
      'Gz and Ga of other sizes',
      graphFromRows({ latents: [[1]], actions: [[1], [0]] }),
      'rows of actions (Ga) is 2'
    ],
    ['sizes of matrices', and(identity(2), identity(3)), '3 × 3, expected 2 × 2'],
    ['sizes of matrices', or(identity(2), identity(3)), '3 × 3, expected 2 × 2'],
    ['sizes of factors', multiply(identity(2), identity(3)), 'expected 2 × any number'],
    ['sizes side by side', beside(identity(2), identity(3)), 'expected 2 × any number'],
    ['more actions for other latents', addActions(chain, identity(2)), 'the number of rows is 2, expected 3'],
    [
      'relabelling of other size',
      permuteGraph(orThrow(permutation([1, 0])), chain),
      'number of rows is 3, expected 2'
    ],
    [
      'graphs of other sizes',
      consistency(chain, orThrow(namedGraph('TimeDiag', 4))),
      '4 × 4, expected 3 × 3'
    ],
    ['graphs of other parts', allWitnesses(chain, open), 'latents (Gz) of the learned graph is absent'],
    ['learned graph of other size', structuralHamming(chain, orThrow(namedGraph('TimeDiag', 4))), '4'],
    ['matrix of other size', isPreserving([[1]], identity(2), 0), 'number of rows is 1, expected 2'],
    [
      'matrix with NaN',
      isPreserving([[Number.NaN]], identity(1), 0),
      'entry [0][0] is NaN, expected a finite'
    ],
    ['negative tolerance', isPreserving([[1]], identity(1), -1), 'tolerance is -1'],
    ['tolerance NaN', isPreserving([[1]], identity(1), Number.NaN), 'tolerance is NaN'],
    ['singular matrix', preservingMatrix([[0]], identity(1)), 'singular'],
    ['pattern that is no preorder', randomPreservingMap(generator(1), orThrow(fromRows([[0]]))), 'reflexive'],
    ['point of other length', entanglementByJacobian({ latents: 2, apply: (_, z) => z }, [[1]]), 'expected 2']
  ])('%s', (_, result, text) => {
    expect(E.match(message, () => 'no error')(result)).toContain(text)
  })
})

describe('permutations that are none', () => {
  it.each<[unknown[], string]>([
    [[], 'Empty'],
    [[0, 0], 'NotPermutation'],
    [[1, 2], 'NotPermutation'],
    [[0, -1], 'NotPermutation'],
    [[0.5], 'NotPermutation'],
    [[Number.NaN], 'NotPermutation'],
    [['0'], 'NotPermutation'],
    [[undefined], 'NotPermutation']
  ])('%j', (image, tag) => {
    expect(permutation(image as number[])).toMatchObject({ left: { _tag: tag } })
  })
})

describe('parameters out of range', () => {
  it.each<[string, E.Either<GraphError, unknown>]>([
    ['size', namedGraph('TimeDiag', 0)],
    ['size', namedGraph('ActionBlockDiag', 5)],
    ['name', namedGraph('toString' as 'TimeDiag', 3)],
    ['edgeProbability', randomGraph(generator(1), { size: 3, edgeProbability: Number.NaN })],
    ['size', randomGraph(generator(1), { size: 2.5, edgeProbability: 0 })],
    ['limit', consistency(chain, chain, { limit: Number.NaN })],
    ['maximumTargets', design(open, { maximumTargets: Number.NaN })],
    ['maximumActions', design(open, { maximumActions: -1 })],
    ['a forbidden target', design(open, { forbidden: [1.5] })],
    ['a cost', design(open, { costs: [1, 1, 1, 1, 1, Number.NaN] })],
    ['points', sufficientInfluence(still, { points: Number.NaN })],
    ['places', findWitness(still, { places: 0 })],
    ['degree', findWitness(still, { degree: 4 as 3 })],
    [
      'a target',
      intervene(still, [{ kind: 'perfect', targets: [2], regimes: [{ location: [0], scale: [1] }] }])
    ]
  ])('%s', (parameter, result) => {
    expect(result).toMatchObject({ left: { _tag: 'InvalidParameter' } })
    expect(E.match(message, () => '')(result)).toContain(parameter)
  })
})

describe('a kernel that is not defined on all of its domain', () => {
  const half = sound(
    kernel({ latents: 2, actions: 1, location: (F, _past, [a]) => [F.log(a), F.sin(a)], scale: 1 })
  )
  it.each<[string, E.Either<GraphError, unknown>]>([
    ['sufficientInfluence', sufficientInfluence(half)],
    ['findWitness', findWitness(half)]
  ])('%s', (_, result) => {
    expect(E.match(message, () => 'no error')(result)).toMatch(
      /the kernel is location NaN and scale 1 of z0 at .*actions \[-.*expected finite locations/
    )
  })
})

describe('designs that are impossible', () => {
  it.each<[Parameters<typeof design>[1], string]>([
    [
      { maximumActions: 3 },
      'design: impossible. 3 actions are too few: 6 latents that nothing tells apart need sets of actions none within another, and 3 actions have at most 3 such sets (Sperner); 4 or more are needed.'
    ],
    [
      { maximumActions: 5, maximumTargets: 2 },
      'design: impossible. 5 actions are too few: each of 6 latents that nothing tells apart needs an action of its own or two, of at most 2 targets each; 6 or more are needed.'
    ],
    [
      { forbidden: [4] },
      'design: impossible. All that bears on z4 bears on z0, z1, z2, z3, z5 as well, only an action on z4 could tell, and none may reach it.'
    ]
  ])('%j', (options, text) => {
    expect(E.match(message, () => 'no error')(design(open, options))).toBe(text)
  })

  it('where only the exact search shows it', () => {
    const graph = orThrow(namedGraph('ActionBlockNonDiag', 6))
    const fewest = orThrow(design(graph, { maximumTargets: 2 })).actions.length
    expect(
      E.match(message, () => 'no error')(design(graph, { maximumTargets: 2, maximumActions: fewest - 1 }))
    ).toContain(`${fewest - 1} actions are too few`)
  })
})

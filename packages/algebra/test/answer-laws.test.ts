import { gaussian, type Mechanism, randomWalk, scaling } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { type AmbiguityOptions, ambiguityOf, type Known, linearClass } from '../src/index.js'
import { answered, bent, cubic, skewedWalk, turn } from './answers.js'

describe('laws', () => {
  const random = generator(7)
  const matrices = (count: number): number[][][] =>
    Array.from({ length: count }, () => {
      // Block structure with equal eigenvalues now and then, so that answers differ.
      const values = Array.from({ length: 4 }, () => 1 + random.integer(2))
      return values.map((v, i) =>
        values.map((_, j) => (i === j ? v : i < j && random.uniform() < 0.3 ? 1 : 0))
      )
    })

  it('relabelled latents have the relabelled answer', () => {
    for (const matrix of matrices(12)) {
      const order = Array.from(random.permutation(4))
      const relabelled = order.map((i) => order.map((j) => matrix[i][j]))
      const before = answered([{ matrix }], { among: 'linear' })
      const after = answered([{ matrix: relabelled }], { among: 'linear' })
      expect(after.dimension).toBe(before.dimension)
      const graphBefore = before.entanglement
      expect(after.entanglement).toEqual(order.map((i) => order.map((j) => graphBefore[i][j])))
      expect(after.statuses.map(({ kind }) => kind)).toEqual(order.map((i) => before.statuses[i].kind))
      expect(orThrow(after.finite).order).toBe(orThrow(before.finite).order)
    }
  })

  it('a further mechanism never enlarges the ambiguity', () => {
    for (const matrix of matrices(8)) {
      for (const other of matrices(2)) {
        const one = answered([{ matrix }])
        const both = answered([{ matrix }, { matrix: other, shift: [0, 1, 0, 0] }])
        expect(both.dimension).toBeLessThanOrEqual(one.dimension)
        expect(orThrow(one.finite).order % orThrow(both.finite).order).toBe(0n)
        const [wide, narrow] = [one.entanglement, both.entanglement]
        narrow.forEach((row, i) => {
          row.forEach((entry, j) => {
            expect(entry).toBeLessThanOrEqual(wide[i][j])
          })
        })
      }
    }
  })
})

describe('bad input', () => {
  const left = (known: Known, options?: AmbiguityOptions): string => {
    const result = ambiguityOf(known, options)
    return E.isLeft(result) ? result.left._tag : 'an answer'
  }
  // Differences from 1 to 1e-12 without a gap.
  const spreadOut = [1, 1e-2, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12, 0].map((e) => 1 + e)
  const broken: Mechanism = { latents: 2, actions: 0, step: (_, [x]) => [x] }
  const throwing: Mechanism = {
    latents: 1,
    actions: 0,
    step: () => {
      throw new Error('no')
    }
  }
  it.each<[string, Known, AmbiguityOptions | undefined, string]>([
    ['an empty list', [], undefined, 'ShapeMismatch'],
    [
      'several kinds',
      [
        turn,
        {
          matrix: [
            [1, 0],
            [0, 1]
          ]
        }
      ] as unknown as Known,
      undefined,
      'InvalidOption'
    ],
    ['latents that differ', [turn, orThrow(scaling([1, 2, 3]))], undefined, 'ShapeMismatch'],
    [
      'a matrix that is not square',
      [
        {
          matrix: [
            [1, 2, 3],
            [4, 5, 6]
          ]
        }
      ],
      undefined,
      'ShapeMismatch'
    ],
    [
      'a matrix with NaN',
      [
        {
          matrix: [
            [1, Number.NaN],
            [0, 1]
          ]
        }
      ],
      undefined,
      'NotFinite'
    ],
    [
      'a covariance for one map alone',
      [
        ...skewedWalk,
        {
          matrix: [
            [1, 0],
            [0, 1]
          ]
        }
      ] as Known,
      undefined,
      'InvalidOption'
    ],
    ['too few outputs', [broken], undefined, 'ShapeMismatch'],
    ['a definition that throws', [throwing], undefined, 'DefinitionThrew'],
    ['a box that does not fit', [bent], { box: [[0, 1]] }, 'ShapeMismatch'],
    ['action domains that do not fit', [turn], { actionDomains: [] }, 'ShapeMismatch'],
    ['a dictionary too large for the samples', [bent], { ...cubic, samples: 10 }, 'TooFewRows'],
    [
      'a class for kernels',
      [orThrow(randomWalk(2, gaussian, 1))],
      { hypothesis: linearClass },
      'InvalidOption'
    ],
    [
      'eigenvalues at every distance',
      [{ matrix: spreadOut.map((x, i) => spreadOut.map((_, j) => (i === j ? x : 0))) }],
      { among: 'linear' },
      'Undecided'
    ]
  ])('%s', (_, known, options, tag) => {
    expect(left(known, options)).toBe(tag)
  })

  it('a stated tolerance decides what rounding cannot', () => {
    const matrix = [
      [1, 0],
      [0, 1 + 1e-6]
    ]
    expect(answered([{ matrix }], { among: 'linear' })).toMatchObject({
      dimension: 2,
      evidence: { decision: { certainty: 'narrow' } }
    })
    expect(answered([{ matrix }], { among: 'linear', tolerance: 1e-5 }).dimension).toBe(4)
  })
})

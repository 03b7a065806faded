import {
  ballistic,
  gaussian,
  kernel,
  laplace,
  parallel,
  randomWalk,
  rotation,
  scaling,
  translation
} from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { type AmbiguityOptions, ambiguityOf, explain, fitGroup, type Known } from '../src/index.js'
import { answered, cubic, turn } from './answers.js'

describe('both theories together', () => {
  it('sparsity rules out the rotations of a Gaussian walk', () => {
    const walk = [orThrow(randomWalk(3, gaussian, 0.5))]
    expect(answered(walk).dimension).toBe(6)
    const both = answered(walk, { within: 'graph' })
    expect(both.statuses.map(({ kind }) => kind)).toEqual(['shift', 'shift', 'shift'])
    expect(both).toMatchObject({ dimension: 3, bound: 'attained' })
    expect(explain(both).join(' ')).toContain('preserves the graph as well')
  })

  it('equivariance rules out element-wise maps that sparsity leaves', () => {
    const sparse = orThrow(
      kernel({
        latents: 2,
        lags: 1,
        location: (F, [x, y]) => [F.tanh(x), F.add(F.mul(F.lit(0.5), x), F.sin(y))],
        scale: 0.4,
        noise: laplace
      })
    )
    expect(answered([sparse], { within: 'graph' })).toMatchObject({ dimension: 0 })
  })

  it('holds fields of any dictionary to a pattern', () => {
    const resonant = [orThrow(scaling([2, 4]))]
    const pattern = [
      [1, 0],
      [0, 1]
    ]
    const both = answered(resonant, { ...cubic, within: pattern })
    expect(both.dimension).toBe(2)
    expect(both.statuses.map(({ kind }) => kind)).toEqual(['scale', 'scale'])
    const free = [
      [1, 0],
      [1, 1]
    ]
    expect(answered(resonant, { ...cubic, within: free }).dimension).toBe(3)
  })

  it('names what is wrong', () => {
    expect(ambiguityOf([turn], { within: 'graph' })).toMatchObject({ left: { _tag: 'InvalidOption' } })
    const odd = [[1, 0]].concat([[2, 1]])
    expect(ambiguityOf([turn], { within: odd })).toMatchObject({
      left: { _tag: 'NotBinary', row: 1, column: 0 }
    })
    expect(ambiguityOf([turn], { within: [[1]] })).toMatchObject({
      left: { _tag: 'ShapeMismatch' }
    })
  })
})

describe('fitGroup', () => {
  it('is the group of linear and affine answers', () => {
    const group = orThrow(fitGroup(answered([turn])))
    expect(group.covers).toBe('group')
    expect(group.basis.length).toBe(2)
    expect(group.origin).toEqual([
      [1, 0, 0],
      [0, 1, 0]
    ])
    expect(group.finite.length).toBe(4)
    const nothing = orThrow(fitGroup(answered([turn, orThrow(translation([1, 0]))])))
    expect(nothing).toMatchObject({
      basis: [],
      finite: [
        [
          [1, 0],
          [0, 1]
        ]
      ],
      covers: 'group',
      allFinite: true
    })
  })

  it('is a hull around isometries', () => {
    // Rotations of the plane span scaled ones; in space, all matrices.
    const plane = orThrow(fitGroup(answered([orThrow(randomWalk(2, gaussian, 1))])))
    expect([plane.covers, plane.basis.length, plane.finite.length]).toEqual(['hull', 4, 8])
    const space = orThrow(fitGroup(answered([orThrow(randomWalk(3, gaussian, 1))])))
    expect([space.covers, space.basis.length, space.finite.length]).toEqual(['hull', 12, 48])
  })

  it('leaves out what is nonlinear, and says so', () => {
    const group = orThrow(fitGroup(answered([orThrow(scaling([2, 4]))], cubic)))
    expect([group.covers, group.basis.length]).toEqual(['affine part', 2])
  })

  it('does not list groups that are too large', () => {
    const group = orThrow(
      fitGroup(answered([orThrow(scaling(new Array<number>(8).fill(2)))], { among: 'linear' }))
    )
    expect([group.allFinite, group.finite.length]).toEqual([false, 1])
  })
})

describe('explain', () => {
  it.each<[string, Known, AmbiguityOptions | undefined, ReadonlyArray<string>]>([
    [
      'exact',
      [turn, orThrow(translation([1, 0]))],
      undefined,
      [
        'Among affine maps, identified exactly.',
        'No continuous ambiguity is left.',
        'z_0, z_1 are identified exactly.',
        'No signed permutation of the latents is a symmetry.'
      ]
    ],
    [
      'diagonal',
      [orThrow(scaling([2, 3]))],
      { among: 'linear' },
      [
        'Among linear maps, disentangled: each latent is identified by itself, up to what is said below.',
        '2 dimensions of continuous ambiguity, the flows of (z_0, 0), (0, z_1).',
        'z_0, z_1 are identified up to a factor.',
        '4 signed permutations are symmetries: they change the sign of z_0, z_1.'
      ]
    ],
    [
      'a resonance',
      [orThrow(scaling([2, 4]))],
      cubic,
      [
        'Among polynomial fields up to degree 3, not disentangled: 1 of 2 latents stay entangled with others.',
        '3 dimensions of continuous ambiguity, the flows of (z_0, 0), (0, z_1), (0, z_0^2).',
        'z_0 is identified up to an element-wise map.',
        'z_1 is mixed with z_0, one way.'
      ]
    ]
  ])('%s', (_, known, options, lines) => {
    expect(explain(answered(known, options)).slice(0, lines.length)).toEqual(lines)
  })

  it('tells together what is mixed together', () => {
    const [verdict, , ...lines] = explain(answered([orThrow(rotation(3, 0, 1, 0.7))], { among: 'linear' }))
    expect(verdict).toBe('Among linear maps, not disentangled: 2 of 3 latents stay entangled with others.')
    expect(lines.slice(0, 2)).toEqual([
      'z_2 is identified up to a factor.',
      'z_0, z_1 are mixed with each other.'
    ])
    const copies = parallel([orThrow(ballistic({ dt: 0.5 })), orThrow(ballistic({ dt: 0.5 }))])
    expect(explain(answered([copies], { among: 'linear' }))).toEqual(
      expect.arrayContaining([
        'z_0, z_2 are mixed with each other, and with z_1, z_3, one way.',
        'z_1, z_3 are mixed with each other.'
      ])
    )
  })

  it('tells the route, the evidence and the dimension by degree', () => {
    const lines = explain(answered([orThrow(translation([0.7, 0.3]))], { degrees: [1, 2, 3] }))
    expect(lines).toContain('Dimension by degree of polynomial fields: 1: 4, 2: 6, 3: 8.')
    expect(lines).toContain(
      'Why affine maps: every mechanism is affine in its latents, by its definition. Exact among affine maps; nonlinear ones may leave more open.'
    )
    expect(lines[lines.length - 1]).toMatch(
      /^4 of 6 singular values count as zero \(tolerance .*\): clear\. Residual on fresh points/
    )
  })
})

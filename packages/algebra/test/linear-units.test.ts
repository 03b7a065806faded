/** What linear, affine and Gaussian answers may not depend on: units, the order of what is known, sizes. */
import { gaussian, harmonicOscillator, type Kernel, kernel, translation } from '@mechid/mechanisms'
import { inverse, ofRows, toRows } from '@mechid/numerics'
import { type Generator, generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, it } from 'vitest'
import {
  type AffineMap,
  type Ambiguity,
  affineCommutant,
  algebraStructure,
  algebraSupport,
  ambiguityOf,
  commutant,
  fitGroup,
  type Known,
  type LinearMap,
  linearGaussianFields,
  linearSymmetries,
  suggest,
  witness
} from '../src/index.js'
import { answered } from './answers.js'
import { blocks, diagonal, jordan, product, type Rows, turn } from './matrices.js'

const generic = (n: number, random: Generator): Rows =>
  Array.from({ length: n }, () => Array.from({ length: n }, () => random.normal()))

/** D M D⁻¹. */
const inUnitsOf = (units: ReadonlyArray<number>, m: Rows): Rows =>
  m.map((row, i) => row.map((x, j) => (x * units[i]) / units[j]))

const walk = (...scales: number[]): Kernel =>
  orThrow(
    kernel({
      latents: scales.length,
      lags: 1,
      location: (_, z) => z,
      scale: (F) => scales.map((s) => F.lit(s)),
      noise: gaussian
    })
  )

const generics = [generic(3, generator(1)), generic(3, generator(2))]

interface Found {
  readonly dimension: number
  readonly certainty: 'clear' | 'narrow'
  readonly inDoubt?: number
}

/** `clear`, or `narrow` with the value that is in doubt. */
const table: ReadonlyArray<readonly [string, () => E.Either<{ message: string }, Found>, number, number?]> = [
  ['diag(1e8, 1, 2)', () => linear([diagonal(1e8, 1, 2)]), 3],
  [
    '[[1, 5e-10], [0, 1]]',
    () =>
      linear([
        [
          [1, 5e-10],
          [0, 1]
        ]
      ]),
    2
  ],
  [
    'two generic maps, a latent in units of 1e5',
    () => linear(generics.map((m) => inUnitsOf([1e5, 1, 1], m))),
    1
  ],
  [
    'two generic maps, a latent in units of 1e-6',
    () => linear(generics.map((m) => inUnitsOf([1, 1e-6, 1], m))),
    1
  ],
  ['shifts (1e8, 0) and (0, 1)', () => affine(shiftBy(1e8, 0), shiftBy(0, 1)), 2],
  ['a shift of 1e-9', () => affine({ matrix: [[1]], shift: [1e-9] }), 1],
  ['diag(1, 1 + 1e-8)', () => linear([diagonal(1, 1 + 1e-8)]), 4, 7.07e-9],
  ['diag(1, 1 + 1e-8), tolerance 1e-12', () => linear([diagonal(1, 1 + 1e-8)], 1e-12), 2],
  ['diag(1, 1 + 1e-8), tolerance 1e-6', () => linear([diagonal(1, 1 + 1e-8)], 1e-6), 4],
  ['diag(1, 2) of size 1e160', () => linear([diagonal(1e160, 2e160)]), 2],
  ['diag(1, 2) of size 1e-200', () => linear([diagonal(1e-200, 2e-200)]), 2],
  [
    'a Jordan block with 1e150 beside 1e-150',
    () =>
      linear([
        [
          [1e-150, 1e150],
          [0, 1e-150]
        ]
      ]),
    2
  ],
  [
    'maps of size 1e100 and 1e-100',
    () => linear([diagonal(1e100, 1e100, 2e100), diagonal(1e-100, 3e-100, 3e-100)]),
    3
  ],
  ['covariance diag(1, 1e-10)', () => noisy(diagonal(1, 1), diagonal(1, 1e-10)), 3],
  ['covariance diag(1e-20, 1)', () => noisy(diagonal(1, 1), diagonal(1e-20, 1)), 3],
  ['a walk with scales 1 and .005', () => answer([walk(1, 0.005)]), 3],
  [
    'an oscillator of frequency 200',
    () => answer([orThrow(harmonicOscillator({ frequency: 200, dt: 0.003 }))]),
    2
  ],
  [
    'an oscillator of frequency 1e4',
    () => answer([orThrow(harmonicOscillator({ frequency: 1e4, dt: 6e-5 }))]),
    2
  ],
  ['translation([1e-9])', () => answer([orThrow(translation([1e-9]))]), 1]
]

const decided = E.map(
  ({ dimension, decision }: { dimension: number; decision: Omit<Found, 'dimension'> }): Found => ({
    dimension,
    ...decision
  })
)
const linear = (maps: Rows[], tolerance?: number) =>
  decided(commutant(maps, tolerance === undefined ? {} : { tolerance }))
const affine = (...maps: AffineMap[]) => decided(affineCommutant(maps))
const shiftBy = (...shift: number[]): AffineMap => ({ matrix: diagonal(...shift.map(() => 1)), shift })
const noisy = (matrix: Rows, covariance: Rows) =>
  decided(linearGaussianFields([{ matrix, covariance, shift: matrix.map(() => 0) }]))
const answer = (known: Known) =>
  E.map(({ dimension, evidence: { decision } }: Ambiguity): Found => ({ dimension, ...decision }))(
    ambiguityOf(known)
  )

describe('units and tolerances', () => {
  it.each(table.map(([name, found, dimension, doubt]) => ({ name, found, dimension, doubt })))(
    '$name',
    ({ found, dimension, doubt }) => {
      const { certainty, inDoubt, dimension: actual } = orThrow(found())
      expect([actual, certainty]).toEqual([dimension, doubt === undefined ? 'clear' : 'narrow'])
      if (doubt !== undefined) expect((inDoubt ?? 0) / doubt).toBeCloseTo(1, 2)
    }
  )

  it.each<[string, Known]>([
    ['an oscillator of frequency 200', [orThrow(harmonicOscillator({ frequency: 200, dt: 0.003 }))]],
    ['an oscillator of frequency 1e4', [orThrow(harmonicOscillator({ frequency: 1e4, dt: 6e-5 }))]],
    ['a walk with scales 1 and .005', [walk(1, 0.005)]]
  ])('both latents of %s are entangled', (_, known) => {
    expect(answered(known).statuses.map(({ kind }) => kind)).toEqual(['entangled', 'entangled'])
    expect(answered(known, { among: 'linear' }).statuses.map(({ kind }) => kind)).toEqual([
      'entangled',
      'entangled'
    ])
  })

  it('a value at the stated tolerance is named', () => {
    const ladder = orThrow(commutant([diagonal(1, 1.5)])).decision.ladder
    expect(commutant([diagonal(1, 1.5)], { tolerance: ladder[0] })).toMatchObject({
      left: { _tag: 'Undecided', message: expect.stringContaining('lies at the tolerance') }
    })
  })

  it('errors of estimates are a tolerance in the units that they come in', () => {
    const near = diagonal(1, 1 + 1e-6)
    expect(orThrow(commutant([near], { errors: [1e-4] })).dimension).toBe(4)
    expect(orThrow(commutant([near], { errors: [1e-9] })).dimension).toBe(2)
    expect(commutant([near], { errors: [1e-9, 1] })).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
  })

  it('a map that is zero up to rounding has every symmetry', () => {
    const rest = (0.1 + 0.2 - 0.3) / 3
    const zero = [
      {
        matrix: [
          [rest, 2 * rest],
          [-rest, rest]
        ]
      }
    ]
    expect(orThrow(linearSymmetries(zero)).order).toBe(8n)
    expect(orThrow(linearSymmetries([{ matrix: diagonal(1e12, 1, 2) }])).order).toBe(8n)
    expect(orThrow(linearSymmetries([{ matrix: diagonal(1e-200, 2e-200) }])).order).toBe(4n)
  })

  it('the residual of a witness is rounding where the map commutes to rounding', () => {
    for (const known of [[{ matrix: turn(0.7) }], [{ matrix: inUnitsOf([1, 1e6], turn(0.7)) }]])
      for (const time of [1e-9, 0.3, 2]) {
        const other = orThrow(witness(answered(known), time))
        expect(O.isSome(other) && other.value.residual < 1e-6 * Math.max(1e-6, Math.min(1, time))).toBe(true)
      }
  })
})

/** What an answer says, without numbers that units change. */
const said = (found: Ambiguity) => ({
  dimension: found.dimension,
  kinds: found.statuses.map(({ kind, with: others }) => [kind, ...others]),
  closed: found.closed,
  bound: found.bound
})

const exponents = (d: number, most: number) =>
  fc.array(fc.double({ min: -most, max: most, noNaN: true }), { minLength: d, maxLength: d })

/** 10^±6: they round every entry. */
const scalesOf = (d: number) => exponents(d, 6).map((list) => list.map((x) => 10 ** x))
/** 2^±20: they round nothing. */
const binaryScalesOf = (d: number) => exponents(d, 20).map((list) => list.map((x) => 2 ** Math.round(x)))

/** Maps that leave something open, and some that leave little. */
const structured: ReadonlyArray<readonly [string, ReadonlyArray<Rows>]> = [
  ['diag(1, 1, 2)', [diagonal(1, 1, 2)]],
  ['a Jordan block and a number', [blocks(jordan(2, 0.5), [[2]])]],
  ['a Jordan block of 3', [jordan(3, 1)]],
  ['a rotation and a latent at rest', [blocks(turn(0.7), [[1]])]],
  ['a generic map', [generics[0]]],
  ['two generic maps', generics],
  [
    'a triangular map',
    [
      [
        [1, 0.5, 0.25],
        [0, 2, 0.5],
        [0, 0, 1]
      ]
    ]
  ],
  ['two maps that share a plane', [blocks(turn(1), [[3]]), blocks(turn(2), [[0.5]])]]
]

describe('answers are the same in all units, over twelve orders of magnitude', () => {
  it.each(structured)('%s, linear and affine', (_, maps) => {
    const shifts = [
      [1, 0.5, 0],
      [0, 0.25, 1]
    ]
    fc.assert(
      fc.property(scalesOf(3), (units) => {
        const own = maps.map((m) => inUnitsOf(units, m))
        expect(
          said(
            answered(
              own.map((matrix) => ({ matrix })),
              { among: 'linear' }
            )
          )
        ).toEqual(
          said(
            answered(
              maps.map((matrix) => ({ matrix })),
              { among: 'linear' }
            )
          )
        )
        const shifted = (list: ReadonlyArray<Rows>, by: ReadonlyArray<number>): LinearMap[] =>
          list.map((matrix, k) => ({ matrix, shift: shifts[k].map((x, i) => x * by[i]) }))
        expect(said(answered(shifted(own, units)))).toEqual(said(answered(shifted(maps, [1, 1, 1]))))
      }),
      { numRuns: 15 }
    )
  })

  it.each(structured)('%s, and as surely where nothing is rounded', (_, maps) => {
    const asked = (list: ReadonlyArray<Rows>) => {
      const { dimension, decision } = orThrow(commutant(list))
      return [dimension, decision.certainty]
    }
    fc.assert(
      fc.property(binaryScalesOf(3), (units) => {
        expect(asked(maps.map((m) => inUnitsOf(units, m)))).toEqual(asked(maps))
      }),
      { numRuns: 30 }
    )
  })

  it.each(structured)('%s, with noise', (_, maps) => {
    const covariances: Rows[] = [
      [
        [1, 0.5, 0],
        [0.5, 2, 0],
        [0, 0, 1]
      ],
      [
        [1, 0, 0.25],
        [0, 1, 0],
        [0.25, 0, 3]
      ]
    ]
    const kernels = (units: ReadonlyArray<number>): LinearMap[] =>
      maps.map((m, k) => ({
        matrix: inUnitsOf(units, m),
        covariance: covariances[k].map((row, i) => row.map((x, j) => x * units[i] * units[j]))
      }))
    fc.assert(
      fc.property(scalesOf(3), (units) => {
        expect(said(answered(kernels(units)))).toEqual(said(answered(kernels([1, 1, 1]))))
      }),
      { numRuns: 10 }
    )
  })

  it.each(structured)('%s: structure and support', (_, maps) => {
    const read = (list: ReadonlyArray<Rows>) => {
      const algebra = orThrow(commutant(list))
      const { factors, radical, components } = orThrow(algebraStructure(algebra))
      return {
        factors: factors.map(({ type, size }) => `${type}${size}`),
        radical: radical.length,
        components,
        support: orThrow(algebraSupport(algebra)).support
      }
    }
    fc.assert(
      fc.property(scalesOf(3), (units) => {
        expect(read(maps.map((m) => inUnitsOf(units, m)))).toEqual(read(maps))
      }),
      { numRuns: 10 }
    )
  })
})

describe('what is made of an answer is the same in all units', () => {
  const turning = (units: ReadonlyArray<number>): LinearMap[] => [{ matrix: inUnitsOf(units, turn(0.7)) }]
  const walking = (units: ReadonlyArray<number>): LinearMap[] => [
    { matrix: diagonal(1, 1), covariance: diagonal(...units.map((u) => u * u)) }
  ]

  it('suggestions', () => {
    fc.assert(
      fc.property(scalesOf(2), (units) => {
        const candidates: LinearMap[] = [
          { matrix: inUnitsOf(units, turn(1)) },
          { matrix: inUnitsOf(units, diagonal(1, 2)) },
          { matrix: diagonal(1, 1), shift: [units[0], 0] }
        ]
        const found = orThrow(suggest(answered(turning(units)), candidates))
        expect([found.chosen, found.dimension]).toEqual([[2], 0])
      }),
      { numRuns: 15 }
    )
  })

  it('groups to fit over', () => {
    fc.assert(
      fc.property(scalesOf(2), (units) => {
        const linear = orThrow(fitGroup(answered(turning(units))))
        expect([linear.covers, linear.basis.length]).toEqual(['group', 2])
        // Rotations and shifts: their hull has scaled rotations besides.
        const walk = orThrow(fitGroup(answered(walking(units))))
        expect([walk.covers, walk.basis.length]).toEqual(['hull', 4])
      }),
      { numRuns: 15 }
    )
  })

  it('signed permutations where units are changed by a sign alone', () => {
    const signs = inUnitsOf([1, -1], turn(0.7))
    expect(orThrow(linearSymmetries([{ matrix: signs }])).order).toBe(
      orThrow(linearSymmetries([{ matrix: turn(0.7) }])).order
    )
  })
})

describe('dimensions', () => {
  const dimension = (maps: ReadonlyArray<Rows>): number => orThrow(commutant(maps)).dimension

  it.each(structured)('of %s are the same in other coordinates', (_, maps) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const s = generic(3, generator(seed)).map((row, i) => row.map((x, j) => 0.2 * x + (i === j ? 1 : 0)))
        const back = toRows(orThrow(inverse('test', ofRows(s))))
        expect(dimension(maps.map((m) => product(product(s, m), back)))).toBe(dimension(maps))
      }),
      { numRuns: 15 }
    )
  })

  it('do not depend on the order of what is known', () => {
    const all = structured.flatMap(([, maps]) => maps)
    const pair = fc.tuple(fc.nat(all.length - 1), fc.nat(all.length - 1), scalesOf(3))
    fc.assert(
      fc.property(pair, ([a, b, units]) => {
        const maps = [all[a], all[b]].map((m) => inUnitsOf(units, m))
        expect(dimension([...maps].reverse())).toBe(dimension(maps))
        const known = maps.map((matrix) => ({ matrix }))
        expect(said(answered([...known].reverse()))).toEqual(said(answered(known)))
      }),
      { numRuns: 40 }
    )
  })

  it('never grow with a further mechanism', () => {
    const all = structured.flatMap(([, maps]) => maps)
    const three = fc.tuple(fc.nat(all.length - 1), fc.nat(all.length - 1), scalesOf(3))
    fc.assert(
      fc.property(three, ([a, b, units]) => {
        const [one, other] = [all[a], inUnitsOf(units, all[b])]
        const least = Math.min(dimension([one]), dimension([other]))
        expect(dimension([one, other])).toBeLessThanOrEqual(least)
      }),
      { numRuns: 60 }
    )
  })
})

describe('a Gaussian walk', () => {
  it.each([
    [50, 1275],
    [12, 78]
  ])('of %i latents has the rotations and shifts', (d, expected) => {
    const found = answered([walk(...Array.from({ length: d }, (_, i) => 1 + i))])
    expect(found.dimension).toBe(expected)
    expect(found.evidence.residual).toBeLessThan(1e-12)
    expect(found.statuses.every(({ kind }) => kind === 'entangled')).toBe(true)
    expect(orThrow(found.finite).order).toBe(2n ** BigInt(d))
  })

  it('with a drift keeps the rotations about it', () => {
    const matrix = diagonal(...new Array<number>(20).fill(1))
    const map: LinearMap = { matrix, covariance: matrix, shift: Array.from({ length: 20 }, (_, i) => i - 3) }
    expect(answered([map]).dimension).toBe((19 * 18) / 2 + 20)
  })

  it('whose mean turns keeps what commutes with the turning, at any size', () => {
    const planes = blocks(...Array.from({ length: 6 }, () => turn(0.7)))
    const noise = diagonal(...new Array<number>(12).fill(2))
    // u(6)
    expect(answered([{ matrix: planes, covariance: noise }]).dimension).toBe(36)
  })
})

import { type Dense, identityMatrix, inverse, multiply, ofRows } from '@mechid/numerics'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AlgebraStructure, algebraStructure, algebraSupport, commutant } from '../src/index.js'
import {
  blocks,
  cycle,
  diagonal,
  jordan,
  oscillator,
  product,
  type Rows,
  reflection,
  turn
} from './matrices.js'

const generic = (n: number, seed: number): Rows => {
  const random = generator(seed)
  return Array.from({ length: n }, () => Array.from({ length: n }, () => random.normal()))
}
const rowsOf = ({ data, shape: [n, m] }: Dense): Rows =>
  Array.from({ length: n }, (_, i) => Array.from(data.subarray(i * m, (i + 1) * m)))
/** S M S⁻¹ */
const inOtherCoordinates = (m: Rows, seed: number): Rows => {
  const s = generic(m.length, seed)
  return product(product(s, m), rowsOf(orThrow(inverse('similar', ofRows(s)))))
}
const kronecker = (a: Rows, n: number): Rows =>
  Array.from({ length: a.length * n }, (_, i) =>
    Array.from({ length: a.length * n }, (_, j) =>
      i % n === j % n ? a[Math.floor(i / n)][Math.floor(j / n)] : 0
    )
  )
/** Multiplication by the quaternions i and j from the left. */
const QUATERNIONS: Rows[] = [
  [
    [0, -1, 0, 0],
    [1, 0, 0, 0],
    [0, 0, 0, -1],
    [0, 0, 1, 0]
  ],
  [
    [0, 0, -1, 0],
    [0, 0, 0, 1],
    [1, 0, 0, 0],
    [0, -1, 0, 0]
  ]
]

const factorsOf = ({ factors }: AlgebraStructure): string =>
  factors
    .map(({ type, size }) => (size === 1 ? type : `${type}${size}`))
    .sort()
    .join(' ')

interface Golden {
  readonly name: string
  readonly maps: Rows[]
  readonly dimension: number
  readonly radical: number
  readonly factors: string
  readonly components: bigint
  readonly blocks: number
}

const golden = (
  name: string,
  maps: Rows[],
  dimension: number,
  radical: number,
  factors: string,
  components: bigint,
  blockCount: number
): Golden => ({ name, maps, dimension, radical, factors, components, blocks: blockCount })

const GOLDEN = [
  golden(
    '4 distinct real eigenvalues',
    [inOtherCoordinates(diagonal(1, 2, 3, 4), 3)],
    4,
    0,
    'R R R R',
    16n,
    4
  ),
  golden('diag(1, 2, 3)', [diagonal(1, 2, 3)], 3, 0, 'R R R', 8n, 3),
  golden('a multiple of the identity', [diagonal(3, 3, 3)], 9, 0, 'R3', 2n, 3),
  golden('10 equal latents', [diagonal(...new Array(10).fill(1))], 100, 0, 'R10', 2n, 10),
  golden('diag(2, 2, 3)', [diagonal(2, 2, 3)], 5, 0, 'R R2', 4n, 3),
  golden('rotation by 0.7', [turn(0.7)], 2, 0, 'C', 1n, 1),
  golden('rotation by π', [turn(Math.PI)], 4, 0, 'R2', 2n, 2),
  golden('rotation by 0.7 and a latent at rest', [blocks(turn(0.7), [[1]])], 3, 0, 'C R', 2n, 2),
  golden('rotation by π and a latent at rest', [blocks(turn(Math.PI), [[1]])], 5, 0, 'R R2', 4n, 3),
  golden('the same rotation twice', [blocks(turn(0.7), turn(0.7))], 8, 0, 'C2', 1n, 2),
  golden('one Jordan block of 4', [jordan(4, 2)], 4, 3, 'R', 2n, 1),
  golden('Jordan blocks of 2 and 1', [blocks(jordan(2, 2), [[2]])], 5, 3, 'R R', 4n, 2),
  golden('Jordan blocks of 3, 2, 1', [blocks(jordan(3, 2), jordan(2, 2), [[2]])], 14, 11, 'R R R', 8n, 3),
  golden('4-cycle', [cycle(4)], 4, 0, 'C R R', 4n, 3),
  golden('5-cycle', [cycle(5)], 5, 0, 'C C R', 2n, 3),
  golden('4-cycle and reflection', [cycle(4), reflection(4)], 3, 0, 'R R R', 8n, 3),
  golden('5-cycle and reflection', [cycle(5), reflection(5)], 3, 0, 'R R R', 8n, 3),
  golden('6-cycle and reflection', [cycle(6), reflection(6)], 4, 0, 'R R R R', 16n, 4),
  golden('two generic 5 × 5', [generic(5, 1), generic(5, 2)], 1, 0, 'R', 2n, 1),
  golden('diag(1, 1, 2)', [diagonal(1, 1, 2)], 5, 0, 'R R2', 4n, 3),
  golden('diag(1, 1, 2) and diag(1, 3, 3)', [diagonal(1, 1, 2), diagonal(1, 3, 3)], 3, 0, 'R R R', 8n, 3),
  golden('oscillator, ωt = 0.6', [oscillator(2, 0.3)], 2, 0, 'C', 1n, 1),
  golden('oscillator, ωt = π', [oscillator(2, Math.PI / 2)], 4, 0, 'R2', 2n, 2),
  golden('ballistic motion', [jordan(2, 1)], 2, 1, 'R', 2n, 1),
  golden('three ballistic motions', [kronecker(jordan(2, 1), 3)], 18, 9, 'R3', 2n, 3),
  golden('quaternions', QUATERNIONS, 4, 0, 'H', 1n, 1),
  golden(
    'quaternions twice',
    QUATERNIONS.map((q) => blocks(q, q)),
    16,
    0,
    'H2',
    1n,
    2
  )
]

const structureOf = (maps: ReadonlyArray<Rows>): AlgebraStructure =>
  orThrow(algebraStructure(orThrow(commutant(maps))))

const summary = (found: AlgebraStructure) => ({
  dimension: found.dimension,
  radical: found.radical.length,
  factors: factorsOf(found),
  components: found.components,
  blocks: found.blocks.length
})

describe('structure of the commutant', () => {
  it.each(GOLDEN)('of $name', ({ name, maps, ...expected }) => {
    expect(summary(structureOf(maps))).toEqual(expected)
  })

  it.each(GOLDEN.filter(({ maps }) => maps[0].length <= 6))(
    'of $name does not depend on coordinates',
    ({ name, maps, ...expected }) => {
      expect(summary(structureOf(maps.map((m) => inOtherCoordinates(m, 11))))).toEqual(expected)
    }
  )
})

it.each(GOLDEN)('the blocks for $name are a decomposition by idempotents', ({ maps }) => {
  const { blocks: found, radical, closedUnderTranspose } = structureOf(maps)
  const d = maps[0].length
  const idempotents = found.map(({ embed, project }) => multiply(embed, project))
  const sum = new Float64Array(d * d)
  for (const e of idempotents) for (let k = 0; k < sum.length; k++) sum[k] += e.data[k]
  identityMatrix(d).data.forEach((x, k) => {
    expect(sum[k]).toBeCloseTo(x, 8)
  })
  for (const e of idempotents) {
    const again = multiply(e, e).data
    again.forEach((x, k) => {
      expect(x).toBeCloseTo(e.data[k], 8)
    })
    for (const m of maps) {
      const right = multiply(ofRows(m), e).data
      multiply(e, ofRows(m)).data.forEach((x, k) => {
        expect(x).toBeCloseTo(right[k], 7)
      })
    }
    if (closedUnderTranspose)
      for (let k = 0; k < d * d; k++)
        expect(e.data[k]).toBeCloseTo(e.data[(k % d) * d + Math.floor(k / d)], 8)
  }
  for (const n of radical) {
    let power = n
    for (let k = 1; k < d; k++) power = multiply(power, n)
    expect(Math.max(...power.data.map(Math.abs))).toBeLessThan(1e-8)
  }
})

it.each<[string, Rows, string]>([
  ['an 8-cycle', cycle(8), 'C C C R R'],
  ['Jordan blocks of 3, 2, 1', blocks(jordan(3, 2), jordan(2, 2), [[2]]), 'R R R']
])('the factors for %s are found in oblique coordinates, too', (_, m, expected) => {
  for (let seed = 0; seed < 25; seed++) {
    const found = structureOf([inOtherCoordinates(m, seed)])
    expect(factorsOf(found)).toBe(expected)
  }
})

it('central blocks are joined by the radical alone', () => {
  const apart = structureOf([diagonal(1, 2)])
  expect(apart.centralBlocks).toEqual([[0], [1]])
  const joined = structureOf([blocks(jordan(2, 2), [[2]])])
  expect(joined.factors).toHaveLength(2)
  expect(joined.centralBlocks).toEqual([[0, 1]])
})

it('dimensions add up for random eigenvalues', () => {
  const values = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(values, fc.integer(), (entries, seed) => {
      const {
        dimension,
        factors,
        blocks: found
      } = structureOf([inOtherCoordinates(diagonal(...entries), seed)])
      const sizes = [1, 2, 3].map((v) => entries.filter((x) => x === v).length).filter((n) => n > 0)
      expect(dimension).toBe(sizes.reduce((sum, n) => sum + n * n, 0))
      expect(factors.map(({ size }) => size).sort()).toEqual(sizes.sort())
      expect(found).toHaveLength(entries.length)
    }),
    { numRuns: 30 }
  )
})

it('stays quick where the algebra is large', () => {
  const found = structureOf([generic(40, 5)])
  expect(found.dimension).toBe(40)
  expect(found.radical).toHaveLength(0)
})

describe('support', () => {
  const supportOf = (...maps: Rows[]) => orThrow(algebraSupport(orThrow(commutant(maps))))

  it('tells which latents are identified up to scale', () => {
    const found = supportOf(diagonal(1, 2, 2))
    expect(found.support).toEqual([
      [1, 0, 0],
      [0, 1, 1],
      [0, 1, 1]
    ])
    expect(found.upToScale).toEqual([0])
    expect(found.blocks.blocks).toEqual([[0], [1, 2]])
    expect(supportOf(diagonal(1, 2, 3)).upToScale).toEqual([0, 1, 2])
    expect(supportOf(turn(0.7)).upToScale).toEqual([])
  })

  it('orders blocks where identification is triangular', () => {
    const found = supportOf(jordan(2, 1))
    expect(found.upToScale).toEqual([1])
    expect(found.blocks.blocks).toEqual([[0], [1]])
    expect(found.blocks.covers).toEqual([
      [0, 1],
      [0, 0]
    ])
  })
})

describe('what cannot be decided is an error', () => {
  it('a rank, with its ladder', () => {
    // Differences of eigenvalues run from 1 to 1e-12 without a gap.
    const eigenvalues = [1, 1e-2, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12, 0].map((e) => 1 + e)
    const found = commutant([diagonal(...eigenvalues)])
    expect(found).toMatchObject({ left: { _tag: 'Undecided', where: 'commutant' } })
    if (found._tag === 'Left' && found.left._tag === 'Undecided') expect(found.left.ladder).toHaveLength(64)
  })

  it('an entry of the support', () => {
    const algebra = orThrow(commutant([diagonal(1, 2, 3)]))
    const odd = ofRows([
      [1, 1e-2, 1e-4],
      [1e-6, 1, 1e-8],
      [1e-10, 1e-12, 1]
    ])
    const found = algebraSupport({ ...algebra, basis: [odd] })
    expect(found).toMatchObject({ left: { _tag: 'Undecided', where: 'algebraSupport' } })
  })

  it('what is no algebra', () => {
    const algebra = orThrow(commutant([diagonal(1, 2)]))
    const basis = [
      identityMatrix(2),
      ofRows([
        [0, 1],
        [0, 0]
      ]),
      ofRows([
        [0, 0],
        [1, 0]
      ])
    ]
    expect(algebraStructure({ ...algebra, basis })).toMatchObject({ left: { _tag: 'InvalidOption' } })
    expect(algebraStructure({ ...algebra, basis: basis.slice(1) })).toMatchObject({
      left: { _tag: 'InvalidOption' }
    })
    expect(algebraStructure({ ...algebra, basis: [] })).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
    expect(algebraSupport({ ...algebra, basis: [] })).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
  })
})

import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  type AmbiguityGroup,
  affineMaps,
  exact,
  linearMaps,
  type MetricError,
  type ModuloGroup,
  moduloGroup,
  moduloIsometry,
  permutations,
  product,
  scalars,
  scalings,
  scalingsAndShifts,
  shifts,
  signedPermutations,
  signFlips
} from '../src/index.js'

const N = 400

const normal = (): Float64Array => {
  const data = new Float64Array(2 * N)
  generator(3).fillNormal(data)
  return data
}

/** z and ẑ with z = A ẑ + c. */
const pair = (A: number[][], c = [0, 0]) => {
  const zHat = normal()
  const z = new Float64Array(2 * N)
  for (let r = 0; r < N; r++) {
    for (let i = 0; i < 2; i++) z[2 * r + i] = A[i][0] * zHat[2 * r] + A[i][1] * zHat[2 * r + 1] + c[i]
  }
  return [
    { data: z, shape: [N, 2] as const },
    { data: zHat, shape: [N, 2] as const }
  ] as const
}

const score = (pairOf: ReturnType<typeof pair>, ambiguity: AmbiguityGroup): ModuloGroup =>
  orThrow(moduloGroup(...pairOf, ambiguity))

const I = [
  [1, 0],
  [0, 1]
]
const J = [
  [0, -1],
  [1, 0]
]
const scaledRotations = { basis: [I, J] }
const diagonals = {
  basis: [
    [
      [1, 0],
      [0, 0]
    ],
    [
      [0, 0],
      [0, 1]
    ]
  ]
}
const signs = [1, -1].flatMap((p) =>
  [1, -1].map((q) => [
    [p, 0],
    [0, q]
  ])
)

describe('moduloGroup', () => {
  it('undoes what is in the group, and shows which map it was', () => {
    const rotated = pair([
      [0.6, -1.2],
      [1.2, 0.6]
    ])
    const { value, map } = score(rotated, scaledRotations)
    expect(value).toBeCloseTo(1, 10)
    expect(map[0][0]).toBeCloseTo(0.6, 8)
    expect(map[1][0]).toBeCloseTo(1.2, 8)
    expect(score(rotated, diagonals).value).toBeLessThan(0.4)
    expect(score(rotated, { basis: [I] }).value).toBeLessThan(0.4)
  })

  it('knows shifts and finite parts', () => {
    const shifted = pair(I, [3, -1])
    const shifts = {
      basis: [
        [
          [0, 0, 1],
          [0, 0, 0]
        ],
        [
          [0, 0, 0],
          [0, 0, 1]
        ]
      ]
    }
    const free = [...diagonals.basis.map((b) => b.map((row) => [...row, 0])), ...shifts.basis]
    expect(score(shifted, { basis: free }).value).toBeCloseTo(1, 10)
    expect(score(shifted, diagonals).value).toBeLessThan(0)
    expect(score(shifted, { ...shifts, origin: I }).value).toBeCloseTo(1, 10)
    expect(
      score(
        pair(
          [
            [2, 0],
            [0, 1]
          ],
          [3, -1]
        ),
        { ...shifts, origin: I }
      ).value
    ).toBeLessThan(0.95)
    const flipped = pair([
      [1, 0],
      [0, -1]
    ])
    expect(score(flipped, { basis: [], finite: signs }).value).toBeCloseTo(1, 10)
    expect(score(flipped, { basis: [] }).value).toBeLessThan(0)
  })

  it('fits on one half and scores on the other', () => {
    const [z, zHat] = pair(I)
    const noisy = { ...z, data: z.data.map((value, i) => (i < 8 ? value + 100 * (i % 2) : value)) }
    const evaluation = { fit: [0, 1, 2, 3], score: Int32Array.from({ length: 100 }, (_, i) => 100 + i) }
    expect(orThrow(moduloGroup(noisy, zHat, diagonals, { evaluation })).value).toBeLessThan(0.5)
  })

  it('refuses maps and latents of other sizes', () => {
    const wrong = (ambiguity: AmbiguityGroup): MetricError | undefined => {
      const result = moduloGroup(...pair(I), ambiguity)
      return result._tag === 'Left' ? result.left : undefined
    }
    expect(wrong({ basis: [[[1, 0]]] })).toMatchObject({ _tag: 'ShapeMismatch', what: 'basis[0]' })
    expect(wrong({ basis: [], finite: [[[1], [1]]] })).toMatchObject({ what: 'finite[0]' })
    const [z] = pair(I)
    const one = { data: new Float64Array(N).map((_, i) => i), shape: [N, 1] as const }
    expect(moduloGroup(z, one, { basis: [I] })).toMatchObject({
      left: { where: 'moduloGroup', what: 'zHat' }
    })
  })
})

describe('named ambiguities', () => {
  const ROOT = Math.SQRT1_2
  const rotated = pair([
    [ROOT, -ROOT],
    [ROOT, ROOT]
  ])
  const swapped = pair(
    [
      [0, -1],
      [1, 0]
    ],
    [5, 0]
  )

  it('have as many elements as they should', () => {
    expect([2, 3].map((d) => signedPermutations(d).length)).toEqual([8, 48])
    expect(new Set(signedPermutations(3).map((m) => JSON.stringify(m))).size).toBe(48)
    expect([permutations(4).length, signFlips(4).length]).toEqual([24, 16])
    const sizes = [
      exact(),
      scalars(3),
      scalings(3),
      shifts(3),
      scalingsAndShifts(3),
      linearMaps(3),
      affineMaps(3)
    ]
    expect(sizes.map(({ basis }) => basis.length)).toEqual([0, 1, 3, 3, 6, 9, 12])
  })

  it('tell each other apart', () => {
    const value = (ambiguity: AmbiguityGroup): number => score(swapped, ambiguity).value
    expect(value(product(signedPermutations(2), shifts(2)))).toBeCloseTo(1, 10)
    expect(value(product(permutations(2), scalingsAndShifts(2)))).toBeCloseTo(1, 10)
    expect(value(affineMaps(2))).toBeCloseTo(1, 8)
    expect(value({ basis: [], finite: signedPermutations(2) })).toBeLessThan(0)
    expect(value(product(signFlips(2), shifts(2)))).toBeLessThan(0.5)
    expect(value(scalingsAndShifts(2))).toBeLessThan(0.1)
    expect(score(rotated, linearMaps(2)).value).toBeCloseTo(1, 8)
    expect(score(rotated, scalars(2)).value).toBeLessThan(0.9)
  })

  it('know isometries of any size', () => {
    const isometry = (data: ReturnType<typeof pair>, group: 'orthogonal' | 'signed permutations') =>
      orThrow(moduloIsometry(...data, group)).value
    expect(isometry(rotated, 'orthogonal')).toBeCloseTo(1, 10)
    expect(isometry(rotated, 'signed permutations')).toBeLessThan(0.6)
    expect(isometry(swapped, 'orthogonal')).toBeCloseTo(1, 10)
    expect(isometry(swapped, 'signed permutations')).toBeCloseTo(1, 10)
    const stretched = pair([
      [2, 0],
      [0, 1]
    ])
    expect(isometry(stretched, 'orthogonal')).toBeLessThan(0.9)
    const [z] = stretched
    const one = { data: new Float64Array(N).map((_, i) => i), shape: [N, 1] as const }
    expect(moduloIsometry(z, one, 'orthogonal')).toMatchObject({
      left: { where: 'moduloIsometry', what: 'zHat' }
    })
  })
})

import {
  affine,
  gaussian,
  type Kernel,
  kernel,
  laplace,
  linear,
  type Mechanism,
  mechanism,
  type Noise,
  uniform
} from '@mechid/mechanisms'
import { multiply, ofRows } from '@mechid/numerics'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  kernelSymmetries,
  type LinearMap,
  linearSymmetries,
  mechanismSymmetries,
  permutationGroup,
  type SignedPermutation,
  type SignedSymmetries,
  signedPermutationMatrix,
  signedToPoints
} from '../src/index.js'
import { blocks, cycle, diagonal, product, type Rows, turn } from './matrices.js'

const factorial = (n: number): bigint => (n < 2 ? 1n : BigInt(n) * factorial(n - 1))
const eye = (d: number): Rows => diagonal(...new Array(d).fill(1))
const elementwise = (d: number, factors: number[] = new Array(d).fill(2)): Mechanism =>
  orThrow(mechanism({ latents: d, step: (F, z) => z.map((x, i) => F.tanh(F.mul(F.lit(factors[i]), x))) }))
const autoregressive = (coefficients: number[], scales: number[], noise: Noise): Kernel =>
  orThrow(
    kernel({
      latents: coefficients.length,
      lags: 1,
      location: (F, past) => past.map((x, i) => F.mul(F.lit(coefficients[i]), x)),
      scale: (F) => scales.map(F.lit),
      noise
    })
  )
const ones = (d: number): number[] => new Array(d).fill(1)

/** Schreier–Sims must find the order that the search states. */
const orderByChain = ({ latents, generators }: SignedSymmetries): bigint =>
  orThrow(permutationGroup(2 * latents, generators.map(signedToPoints))).order

const LINEAR: Array<[string, LinearMap[], bigint]> = [
  ['a 5-cycle', [{ matrix: cycle(5) }], 10n],
  ['a 6-cycle', [{ matrix: cycle(6) }], 12n],
  ['a 30-cycle', [{ matrix: cycle(30) }], 60n],
  ['diag(1, 2, 3)', [{ matrix: diagonal(1, 2, 3) }], 8n],
  ['diag(1, −1)', [{ matrix: diagonal(1, -1) }], 4n],
  ['the identity', [{ matrix: eye(4) }], 384n],
  ['10 equal latents', [{ matrix: eye(10) }], 1024n * factorial(10)],
  ['a rotation of the plane', [{ matrix: turn(0.7) }], 4n],
  ['three equal rotations', [{ matrix: blocks(turn(0.7), turn(0.7), turn(0.7)) }], 64n * 6n],
  ['a translation along one axis', [{ matrix: eye(3), shift: [1, 0, 0] }], 8n],
  ['a translation along the diagonal', [{ matrix: eye(3), shift: [1, 1, 1] }], 6n],
  ['a translation and a cycle', [{ matrix: eye(3), shift: [1, 1, 1] }, { matrix: cycle(3) }], 3n],
  [
    'Gaussian AR(1) with distinct coefficients',
    [{ matrix: diagonal(0.5, 0.6, 0.7), covariance: eye(3) }],
    8n
  ],
  ['equal coefficients, unequal variances', [{ matrix: diagonal(0.5, 0.5), covariance: diagonal(1, 2) }], 4n]
]

describe('linear maps', () => {
  it.each(LINEAR)('%s', (_, maps, expected) => {
    const found = orThrow(linearSymmetries(maps))
    expect(found.order).toBe(expected)
    expect(orderByChain(found)).toBe(expected)
    expect(found.residual).toBeLessThan(1e-9)
  })

  const withoutNoise = LINEAR.filter(([, maps]) => maps.every(({ covariance }) => covariance === undefined))
  it.each(withoutNoise)('%s, as if it were any mechanism', (_, maps, expected) => {
    const mechanisms = maps.map(({ matrix, shift = matrix.map(() => 0) }) => orThrow(affine(matrix, shift)))
    const found = orThrow(mechanismSymmetries(mechanisms))
    expect(found.order).toBe(expected)
    expect(orderByChain(found)).toBe(expected)
  })
})

it.each<[string, Mechanism, bigint]>([
  ['tanh(2z), d = 3', elementwise(3), 48n],
  ['tanh(2z), d = 10', elementwise(10), 1024n * factorial(10)],
  ['tanh of distinct multiples', elementwise(3, [1, 2, 3]), 8n],
  ['two equal of three', elementwise(3, [1, 2, 2]), 16n]
])('elementwise %s', (_, m, expected) => {
  const found = orThrow(mechanismSymmetries([m]))
  expect(found.order).toBe(expected)
  expect(found.residual).toBeLessThan(1e-12)
})

it('even functions, actions and further mechanisms leave less', () => {
  const squares = orThrow(mechanism({ latents: 2, step: (F, z) => z.map((x) => F.mul(x, x)) }))
  expect(orThrow(mechanismSymmetries([squares])).order).toBe(2n)
  const pushed = orThrow(
    mechanism({ latents: 3, actions: 1, step: (F, z, [a]) => [F.add(z[0], a), z[1], z[2]] })
  )
  expect(orThrow(mechanismSymmetries([pushed])).order).toBe(8n)
  expect(orThrow(mechanismSymmetries([elementwise(3), pushed])).order).toBe(8n)
  const distinct = elementwise(3, [1, 2, 3])
  expect(orThrow(mechanismSymmetries([distinct, pushed])).order).toBe(4n)
})

it('actions of finitely many values are drawn from them', () => {
  const m = orThrow(
    mechanism({
      latents: 2,
      actions: 1,
      step: (F, [x, y], [a]) => [x, F.add(y, F.sin(F.mul(F.lit(Math.PI), a)))]
    })
  )
  // sin(π a) vanishes at integers alone.
  const actionDomains = [[{ _tag: 'Choice' as const, values: 3 }]]
  expect(orThrow(mechanismSymmetries([m], { actionDomains })).order).toBe(8n)
  expect(orThrow(mechanismSymmetries([m])).order).toBe(2n)
  expect(mechanismSymmetries([m], { actionDomains: [[]] })).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
})

it.each<[string, Kernel, bigint]>([
  ['a Laplace walk, d = 2', autoregressive(ones(2), ones(2), laplace), 8n],
  ['a Laplace walk of distinct scales, d = 3', autoregressive(ones(3), [1, 2, 3], laplace), 8n],
  ['a Laplace walk, d = 10', autoregressive(ones(10), ones(10), laplace), 1024n * factorial(10)],
  ['a uniform walk, d = 3', autoregressive(ones(3), ones(3), uniform), 48n],
  ['Gaussian AR(1), d = 3, distinct', autoregressive([0.5, 0.6, 0.7], ones(3), gaussian), 8n],
  ['Gaussian AR(1), d = 3, equal', autoregressive([0.5, 0.5, 0.5], ones(3), gaussian), 48n]
])('kernel: %s', (_, k, expected) => {
  const found = orThrow(kernelSymmetries([k]))
  expect(found.order).toBe(expected)
  expect(found.residual).toBeLessThan(1e-9)
})

it('a static kernel steered by actions, and two kernels together', () => {
  const steered = orThrow(
    kernel({ latents: 2, actions: 2, location: (F, _, a) => a.map((x) => F.sin(x)), scale: 0.5 })
  )
  expect(orThrow(kernelSymmetries([steered])).order).toBe(1n)
  const walks = [autoregressive(ones(3), ones(3), gaussian), autoregressive(ones(3), [1, 1, 2], gaussian)]
  expect(orThrow(kernelSymmetries(walks)).order).toBe(16n)
})

const commutes = (s: SignedPermutation, m: Rows): boolean => {
  const matrix = signedPermutationMatrix(s)
  const other = multiply(ofRows(m), matrix).data
  return multiply(matrix, ofRows(m)).data.every((x, e) => x === other[e])
}
const signedPermutations = (d: number): SignedPermutation[] => {
  const orders = (rest: number[]): number[][] =>
    rest.length === 0
      ? [[]]
      : rest.flatMap((i) => orders(rest.filter((j) => j !== i)).map((tail) => [i, ...tail]))
  return orders(Array.from({ length: d }, (_, i) => i)).flatMap((image) =>
    Array.from({ length: 2 ** d }, (_, bits) => ({
      image: Int32Array.from(image),
      signs: Int8Array.from(image, (_, i) => ((bits >> i) & 1 ? -1 : 1))
    }))
  )
}

it('the search agrees with trying all, both ways', () => {
  const all = signedPermutations(3)
  const entry = fc.integer({ min: -1, max: 1 })
  const matrix = fc.array(fc.array(entry, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 })
  fc.assert(
    fc.property(matrix, (m) => {
      const expected = BigInt(all.filter((s) => commutes(s, m)).length)
      const direct = orThrow(linearSymmetries([{ matrix: m }]))
      expect(direct.order).toBe(expected)
      expect(orderByChain(direct)).toBe(expected)
      expect(direct.generators.every((s) => commutes(s, m))).toBe(true)
      expect(orThrow(mechanismSymmetries([orThrow(linear(m))])).order).toBe(expected)
    }),
    { numRuns: 60 }
  )
})

it('does not depend on the order of the latents', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = generator(seed)
      const p = ofRows(eye(6))
      const order = random.permutation(6)
      const relabel: Rows = eye(6).map((_, i) => Array.from(p.data.subarray(order[i] * 6, order[i] * 6 + 6)))
      const back = relabel[0].map((_, j) => relabel.map((row) => row[j]))
      const m = product(product(relabel, blocks(cycle(3), cycle(3))), back)
      expect(orThrow(linearSymmetries([{ matrix: m }])).order).toBe(72n)
    }),
    { numRuns: 10 }
  )
})

it('estimated mechanisms need a tolerance', () => {
  const noisy = [
    [0.5, 1e-4],
    [-2e-4, 0.5001]
  ]
  expect(orThrow(linearSymmetries([{ matrix: noisy }])).order).toBe(2n)
  expect(orThrow(linearSymmetries([{ matrix: noisy }], { tolerance: 1e-2 })).order).toBe(8n)
  const m = orThrow(linear(noisy))
  expect(orThrow(mechanismSymmetries([m])).order).toBe(2n)
  expect(orThrow(mechanismSymmetries([m], { tolerance: 1e-2 })).order).toBe(8n)
})

it('small outputs are not taken for equal ones', () => {
  const tiny = orThrow(linear(diagonal(1e-12, 2e-12)))
  expect(orThrow(mechanismSymmetries([tiny])).order).toBe(4n)
})

it('regular graphs, where refinement alone tells nothing', () => {
  const pairs = [0, 1, 2, 3, 4].flatMap((i) => [0, 1, 2, 3, 4].filter((j) => i < j).map((j) => [i, j]))
  const petersen = pairs.map((p) => pairs.map((q) => (p.some((x) => q.includes(x)) ? 0 : 1)))
  // S5, and −1 for all latents at once.
  expect(orThrow(linearSymmetries([{ matrix: petersen }])).order).toBe(240n)
  expect(orThrow(mechanismSymmetries([orThrow(linear(petersen))])).order).toBe(240n)
})

it('what fails at fresh points is not passed off as a symmetry', () => {
  // Odd but for a corner of the box that few samples meet.
  const corner = orThrow(
    mechanism({ latents: 1, step: (F, [x]) => [F.add(x, F.where(F.sub(x, F.lit(0.995)), F.one, F.zero))] })
  )
  expect(mechanismSymmetries([corner], { samples: 4000 })).toMatchObject({
    left: { _tag: 'NotConfirmed', where: 'mechanismSymmetries' }
  })
})

describe('bad input', () => {
  const short: Mechanism = { latents: 2, actions: 0, step: (_, z) => z.slice(1) }
  it.each<[string, unknown, string]>([
    ['a mechanism that returns too few latents', mechanismSymmetries([short]), 'ShapeMismatch'],
    ['no mechanism', mechanismSymmetries([]), 'ShapeMismatch'],
    ['mechanisms of unequal size', mechanismSymmetries([elementwise(2), elementwise(3)]), 'ShapeMismatch'],
    [
      'a mechanism that is nowhere defined',
      mechanismSymmetries([{ ...short, step: (F, z) => z.map(() => F.lit(Number.NaN)) }]),
      'NotFinite'
    ],
    [
      'a mechanism that throws',
      mechanismSymmetries([
        {
          ...short,
          step: () => {
            throw new Error('no')
          }
        }
      ]),
      'DefinitionThrew'
    ],
    ['no tolerance', mechanismSymmetries([elementwise(2)], { tolerance: 0 }), 'InvalidOption'],
    ['an empty box', mechanismSymmetries([elementwise(2)], { radius: 0 }), 'InvalidOption'],
    ['half a sample', mechanismSymmetries([elementwise(2)], { samples: 0.5 }), 'InvalidOption'],
    ['too small a budget', mechanismSymmetries([elementwise(6)], { most: 3 }), 'SearchLimit'],
    ['no kernel', kernelSymmetries([]), 'ShapeMismatch'],
    [
      'a kernel of too few locations',
      kernelSymmetries([{ ...autoregressive(ones(2), ones(2), gaussian), location: (F) => [F.zero] }]),
      'ShapeMismatch'
    ],
    ['no map', linearSymmetries([]), 'ShapeMismatch'],
    ['a map that is not square', linearSymmetries([{ matrix: [[1, 2]] }]), 'ShapeMismatch'],
    ['a map that is not finite', linearSymmetries([{ matrix: [[Number.NaN]] }]), 'NotFinite'],
    ['maps of unequal size', linearSymmetries([{ matrix: eye(2) }, { matrix: eye(3) }]), 'ShapeMismatch'],
    ['a shift too long', linearSymmetries([{ matrix: eye(2), shift: [1, 2, 3] }]), 'ShapeMismatch'],
    [
      'a singular covariance',
      linearSymmetries([{ matrix: eye(2), covariance: diagonal(1, 0) }]),
      'NotInvertible'
    ],
    [
      'too few refinements',
      linearSymmetries([{ matrix: blocks(cycle(3), cycle(3)) }], { most: 1 }),
      'SearchLimit'
    ]
  ])('%s', (_, result, tag) => {
    expect(result).toMatchObject({ left: { _tag: tag } })
  })
})

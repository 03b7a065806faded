import { getPermutationGroup } from '@mechid/causal-graph'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  alternatingGroup,
  contains,
  cyclicGroup,
  dihedralGroup,
  elementsOf,
  hyperoctahedralGroup,
  orbitOfPoint,
  type PermutationGroup,
  permutationGroup,
  pointOrbits,
  pointStabilizer,
  randomElement,
  symmetricGroup
} from '../src/index.js'

/** Points from 1, as in the literature. */
const fromCycles = (size: number, cycles: ReadonlyArray<ReadonlyArray<number>>): number[] => {
  const image = Array.from({ length: size }, (_, i) => i)
  for (const cycle of cycles)
    cycle.forEach((p, k) => {
      image[p - 1] = cycle[(k + 1) % cycle.length] - 1
    })
  return image
}

const factorial = (n: number): bigint => (n < 2 ? 1n : BigInt(n) * factorial(n - 1))

const MATHIEU = [
  [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  [
    [3, 7, 11, 8],
    [4, 10, 5, 6]
  ]
]
const MATHIEU_12 = [
  [1, 12],
  [2, 11],
  [3, 6],
  [4, 8],
  [5, 9],
  [7, 10]
]
/** The six faces of Rubik's cube, on 48 stickers. */
const CUBE = [
  '1 3 8 6/2 5 7 4/9 33 25 17/10 34 26 18/11 35 27 19',
  '9 11 16 14/10 13 15 12/1 17 41 40/4 20 44 37/6 22 46 35',
  '17 19 24 22/18 21 23 20/6 25 43 16/7 28 42 13/8 30 41 11',
  '25 27 32 30/26 29 31 28/3 38 43 19/5 36 45 21/8 33 48 24',
  '33 35 40 38/34 37 39 36/3 9 46 32/2 12 47 29/1 14 48 27',
  '41 43 48 46/42 45 47 44/14 22 30 38/15 23 31 39/16 24 32 40'
].map((face) => face.split('/').map((cycle) => cycle.split(' ').map(Number)))

const generated = (size: number, ...generators: number[][][]): PermutationGroup =>
  orThrow(
    permutationGroup(
      size,
      generators.map((cycles) => fromCycles(size, cycles))
    )
  )

it.each<[string, PermutationGroup, bigint]>([
  ['S1', symmetricGroup(1), 1n],
  ['S2', symmetricGroup(2), 2n],
  ['S6', symmetricGroup(6), 720n],
  ['S20', symmetricGroup(20), factorial(20)],
  ['A3', alternatingGroup(3), 3n],
  ['A10', alternatingGroup(10), factorial(10) / 2n],
  ['the cyclic group of 12 turns', cyclicGroup(12), 12n],
  ['the dihedral group of the heptagon', dihedralGroup(7), 14n],
  ['signed permutations of 10 latents', hyperoctahedralGroup(10), 1024n * factorial(10)],
  ['M11', generated(11, ...MATHIEU), 7920n],
  ['M12', generated(12, ...MATHIEU, MATHIEU_12), 95040n],
  ["Rubik's cube", generated(48, ...CUBE), 43252003274489856000n],
  ['the trivial group', orThrow(permutationGroup(4, [])), 1n]
])('the order of %s', (_, { order }, expected) => {
  expect(order).toBe(expected)
})

/** All products of generators, by trying: what the chain must agree with. */
const bruteForce = (size: number, generators: ReadonlyArray<ReadonlyArray<number>>): Set<string> => {
  const start = Array.from({ length: size }, (_, i) => i)
  const found = new Map([[start.join(), start]])
  for (const g of found.values())
    for (const s of generators) {
      const next = g.map((i) => s[i])
      found.set(next.join(), next)
    }
  return new Set(found.keys())
}

const arbitraryGroup = fc.integer({ min: 2, max: 6 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    generators: fc.array(
      fc.shuffledSubarray(
        Array.from({ length: size }, (_, i) => i),
        { minLength: size }
      ),
      { minLength: 1, maxLength: 3 }
    )
  })
)

describe('a group of random generators', () => {
  it('has the order, elements and members that trying finds', () => {
    fc.assert(
      fc.property(arbitraryGroup, ({ size, generators }) => {
        const all = bruteForce(size, generators)
        const group = orThrow(permutationGroup(size, generators))
        expect(group.order).toBe(BigInt(all.size))
        const listed = [...elementsOf(group)].map(({ image }) => image.join())
        expect(new Set(listed)).toEqual(all)
        expect(listed).toHaveLength(all.size)
        const random = generator(1)
        for (let k = 0; k < 10; k++) {
          const image = random.permutation(size)
          expect(contains(group, { image })).toBe(all.has(image.join()))
          expect(all.has(randomElement(group, random).image.join())).toBe(true)
        }
      }),
      { numRuns: 60 }
    )
  })

  it('obeys the orbit-stabilizer theorem', () => {
    fc.assert(
      fc.property(arbitraryGroup, fc.nat(), ({ size, generators }, n) => {
        const group = orThrow(permutationGroup(size, generators))
        const point = n % size
        const orbit = orThrow(orbitOfPoint(group, point))
        const stabilizer = orThrow(pointStabilizer(group, [point]))
        expect(BigInt(orbit.length) * stabilizer.order).toBe(group.order)
        for (const g of stabilizer.generators) {
          expect(g.image[point]).toBe(point)
          expect(contains(group, g)).toBe(true)
        }
        expect(pointOrbits(group).flat().sort()).toEqual(Array.from({ length: size }, (_, i) => i))
        expect(pointOrbits(group).find((each) => each.includes(point))).toEqual(orbit)
      })
    )
  })

  it('is closed', () => {
    fc.assert(
      fc.property(arbitraryGroup, fc.integer(), ({ size, generators }, seed) => {
        const group = orThrow(permutationGroup(size, generators))
        const { concat, inverse } = getPermutationGroup(size)
        const random = generator(seed)
        const [g, h] = [randomElement(group, random), randomElement(group, random)]
        expect(contains(group, concat(g, inverse(h)))).toBe(true)
      })
    )
  })
})

it('draws elements uniformly', () => {
  const random = generator(3)
  const counts = new Map<string, number>()
  const group = symmetricGroup(3)
  for (let k = 0; k < 6000; k++) {
    const key = randomElement(group, random).image.join()
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  // Each is binomial with mean 1000 and standard deviation 29.
  expect([...counts.values()].every((n) => Math.abs(n - 1000) < 150)).toBe(true)
  expect(counts.size).toBe(6)
})

it('lists elements of a huge group only as far as asked', () => {
  const some: unknown[] = []
  for (const element of elementsOf(symmetricGroup(30))) {
    some.push(element)
    if (some.length === 3) break
  }
  expect(some).toHaveLength(3)
})

it('refuses what is no permutation, or a point outside', () => {
  expect(permutationGroup(3, [[0, 1, 1]])).toMatchObject({ left: { _tag: 'NotInGroup' } })
  expect(permutationGroup(3, [[0, 1]])).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
  expect(permutationGroup(0, [])).toMatchObject({ left: { _tag: 'InvalidOption' } })
  expect(pointStabilizer(symmetricGroup(3), [3])).toMatchObject({ left: { _tag: 'InvalidOption' } })
  expect(E.isLeft(orbitOfPoint(symmetricGroup(3), -1))).toBe(true)
  expect(contains(symmetricGroup(3), { image: Int32Array.of(0, 1) })).toBe(false)
})

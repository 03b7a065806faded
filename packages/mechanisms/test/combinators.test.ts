import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  affine,
  causalGraph,
  compose,
  gaussian,
  identity,
  iterate,
  kernel,
  kernelSampler,
  laplace,
  linear,
  logDensity,
  logistic,
  type Mechanism,
  mechanism,
  type Noise,
  number,
  parallel,
  permutation,
  randomWalk,
  rotation,
  switchOn,
  translation,
  uniform
} from '../src/index.js'

const real = fc.double({ min: -4, max: 4, noNaN: true })
const vector = fc.tuple(real, real)
const anyAffine: fc.Arbitrary<Mechanism> = fc
  .tuple(vector, vector, vector)
  .map(([row1, row2, shift]) => orThrow(affine([row1, row2], shift)))

const apply = (m: Mechanism, z: readonly number[], a: readonly number[] = []): readonly number[] =>
  m.step(number, z, a)

const expectClose = (x: readonly number[], y: readonly number[]): void => {
  x.forEach((value, i) => {
    expect(Math.abs(value - y[i])).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(value)))
  })
}

describe('composition', () => {
  it('is associative, with the identity', () => {
    fc.assert(
      fc.property(anyAffine, anyAffine, anyAffine, vector, (f, g, h, z) => {
        const left = orThrow(compose(orThrow(compose(f, g)), h))
        const right = orThrow(compose(f, orThrow(compose(g, h))))
        expectClose(apply(left, z), apply(right, z))
        expect(apply(orThrow(compose(f, identity(2))), z)).toEqual(apply(f, z))
        expect(apply(orThrow(compose(identity(2), f)), z)).toEqual(apply(f, z))
      })
    )
  })

  it('iterates', () => {
    fc.assert(
      fc.property(anyAffine, vector, (f, z) => {
        expect(apply(orThrow(iterate(f, 0)), z)).toEqual(z)
        expect(apply(orThrow(iterate(f, 3)), z)).toEqual(apply(f, apply(f, apply(f, z))))
      })
    )
  })

  it('refuses what does not fit', () => {
    expect(compose(identity(2), identity(3))).toMatchObject({
      left: { _tag: 'ShapeMismatch', expected: '2', actual: '3' }
    })
    expect(iterate(identity(1), -1)).toMatchObject({ left: { _tag: 'InvalidOption' } })
    expect(switchOn([])).toMatchObject({ left: { _tag: 'ShapeMismatch', actual: 'empty' } })
  })
})

it('a block product moves each block by its own mechanism', () => {
  const both = parallel([orThrow(translation([1, 2])), orThrow(permutation([1, 0]))])
  expect(apply(both, [0, 0, 5, 6])).toEqual([1, 2, 6, 5])
})

it('a switch takes the mechanism that the action names', () => {
  const turn = orThrow(rotation(2, 0, 1, Math.PI / 2))
  const chosen = orThrow(switchOn([identity(2), orThrow(translation([1, 0])), turn]))
  expect(chosen.actions).toBe(1)
  expect(apply(chosen, [1, 0], [0])).toEqual([1, 0])
  expect(apply(chosen, [1, 0], [1])).toEqual([2, 0])
  expectClose(apply(chosen, [1, 0], [2]), [0, 1])
})

describe('noise', () => {
  const laws: Noise[] = [gaussian, laplace, logistic, uniform]
  it.each(laws)('$name: density integrates to one, with the stated variance', (noise) => {
    const [low, high, n] = [-40, 40, 400_000]
    const h = (high - low) / n
    let [mass, second] = [0, 0]
    for (let i = 0; i < n; i++) {
      const u = low + (i + 0.5) * h
      const p = Math.exp(noise.logDensity(number, u)) * h
      mass += p
      second += p * u * u
    }
    expect(mass).toBeCloseTo(1, 6)
    expect(second).toBeCloseTo(noise.variance, 5)
  })

  it.each(laws)('$name: draws have mean 0 and the stated variance', (noise) => {
    const random = generator(7)
    const n = 100_000
    let [sum, square] = [0, 0]
    for (let i = 0; i < n; i++) {
      const u = noise.sample(random)
      sum += u
      square += u * u
    }
    // Six standard errors; the fourth moment of these laws is at most 24.
    expect(Math.abs(sum / n)).toBeLessThan(6 * Math.sqrt(noise.variance / n))
    expect(Math.abs(square / n - noise.variance)).toBeLessThan(6 * Math.sqrt(24 / n))
  })
})

describe('kernels', () => {
  const k = orThrow(
    kernel({
      latents: 2,
      actions: 1,
      lags: 1,
      location: (F, [x, y], [a]) => [F.add(x, a), F.mul(F.lit(0.5), y)],
      scale: (F, [x]) => [F.lit(0.1), F.exp(F.mul(F.lit(0.1), x))],
      noise: [gaussian, laplace]
    })
  )

  it('sums the log densities of its latents', () => {
    const expected =
      -0.5 * ((1.05 - 1) / 0.1) ** 2 -
      0.5 * Math.log(2 * Math.PI) -
      Math.log(0.1) -
      Math.abs(0.4 - 0.15) / Math.exp(0.07) -
      Math.log(2) -
      0.07
    expect(logDensity(number, k, [1.05, 0.4], [0.7, 0.3], [0.3])).toBeCloseTo(expected, 10)
  })

  it('reads its graph off both location and scale', () => {
    expect(causalGraph(k)).toEqual({
      latents: [
        [1, 0],
        [1, 1]
      ],
      actions: [[1], [0]]
    })
  })

  it('draws the same whatever the size of the blocks', () => {
    const rows = 50
    const past = new Float64Array(rows * 2).fill(0.5)
    const a = new Float64Array(rows).fill(1)
    const drawn = [7, 1024].map((size) => {
      const out = new Float64Array(rows * 2)
      kernelSampler(k, size)(rows, past, a, generator(5), out)
      return out
    })
    expect(drawn[0]).toEqual(drawn[1])
  })

  it('walks at random', () => {
    const walk = orThrow(randomWalk(2, gaussian, 0.5))
    const rows = 20_000
    const out = new Float64Array(rows * 2)
    kernelSampler(walk)(rows, new Float64Array(rows * 2).fill(3), new Float64Array(0), generator(1), out)
    const mean = out.reduce((sum, x) => sum + x, 0) / out.length
    const variance = out.reduce((sum, x) => sum + (x - mean) ** 2, 0) / out.length
    expect(Math.abs(mean - 3)).toBeLessThan(0.02)
    expect(Math.abs(variance - 0.25)).toBeLessThan(0.01)
  })

  it.each([
    ['a step that returns too little', mechanism({ latents: 2, step: (_, [x]) => [x] }), 'ShapeMismatch'],
    [
      'a step that throws',
      mechanism({
        latents: 1,
        step: () => {
          throw new Error('no')
        }
      }),
      'DefinitionThrew'
    ],
    [
      'an output that is never a number',
      mechanism({ latents: 1, step: (F) => [F.lit(Number.NaN)] }),
      'NeverDefined'
    ],
    ['a scale of zero', kernel({ latents: 1, location: (F) => [F.zero], scale: 0 }), 'NeverDefined'],
    ['no latents', mechanism({ latents: 0, step: () => [] }), 'InvalidOption'],
    ['a matrix that is not square', linear([[1, 2]]), 'ShapeMismatch'],
    ['a permutation that is none', permutation([0, 0]), 'InvalidOption'],
    [
      'noises for other latents',
      kernel({ latents: 1, location: (F) => [F.zero], scale: 1, noise: [gaussian, laplace] }),
      'ShapeMismatch'
    ]
  ])('refuses %s, with a sentence', (_, result, tag) => {
    expect(result).toMatchObject({ _tag: 'Left', left: { _tag: tag } })
    if (result._tag === 'Left') expect(result.left.message).toMatch(/^\S.*: .+, expected .*[^.]$/)
  })
})

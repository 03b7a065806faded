import { gaussian, type Kernel, kernel, laplace, type Noise, randomWalk, uniform } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import { expect, it } from 'vitest'
import {
  affineFields,
  constants,
  type Dictionary,
  kernelEquivarianceFields,
  linearFields,
  linearGaussianFields,
  polynomials
} from '../src/index.js'

const upTo = (degree: number): Dictionary => orThrow(polynomials(degree))

/** z'_i = coefficient_i z_i + scale_i u_i. */
const autoregression = (coefficients: number[], scales: number[], noise: Noise = gaussian): Kernel =>
  orThrow(
    kernel({
      latents: coefficients.length,
      lags: 1,
      location: (F, past) => coefficients.map((m, i) => F.mul(F.lit(m), past[i])),
      scale: (F) => scales.map((s) => F.lit(s)),
      noise
    })
  )

const steered = orThrow(
  kernel({ latents: 3, actions: 1, location: (F, _, [a]) => [a, F.zero, F.zero], scale: 0.8 })
)
const steeredNonlinearly = orThrow(
  kernel({
    latents: 2,
    actions: 1,
    location: (F, _, [a]) => [F.sin(a), F.cos(F.mul(F.lit(2), a))],
    scale: 0.5
  })
)
const atRest = (d: number): Kernel =>
  orThrow(kernel({ latents: d, location: (F) => new Array(d).fill(F.zero), scale: 1 }))
const second = orThrow(
  kernel({
    latents: 2,
    lags: 2,
    location: (F, [x, y, , v]) => [F.add(x, F.mul(F.lit(0.3), v)), y],
    scale: 0.5
  })
)

const cases: [string, Kernel[], Dictionary, number][] = [
  ['Gaussian walk, d = 2', [orThrow(randomWalk(2, gaussian, 0.5))], affineFields, 3],
  ['Gaussian walk, d = 2, degree 3', [orThrow(randomWalk(2, gaussian, 0.5))], upTo(3), 3],
  ['Gaussian walk, d = 3', [orThrow(randomWalk(3, gaussian, 0.5))], affineFields, 6],
  ['Gaussian walk of small steps, d = 3', [orThrow(randomWalk(3, gaussian, 0.01))], affineFields, 6],
  ['Laplace walk, degree 3', [orThrow(randomWalk(2, laplace, 0.5))], upTo(3), 2],
  ['Laplace walk, distinct scales', [autoregression([1, 1, 1], [0.3, 0.5, 0.7], laplace)], affineFields, 3],
  ['Gaussian AR(1), distinct', [autoregression([0.9, 0.5, -0.3], [1, 1, 1])], affineFields, 0],
  ['Gaussian AR(1), distinct, degree 3', [autoregression([0.9, 0.5], [1, 1])], upTo(3), 0],
  ['Gaussian AR(1), one coefficient 1', [autoregression([1, 0.5, -0.3], [1, 1, 1])], affineFields, 1],
  [
    'AR(1) 0.5·I, unequal variances',
    [autoregression([0.5, 0.5, 0.5], [1, Math.SQRT2, Math.sqrt(3)])],
    affineFields,
    3
  ],
  [
    'walks with covariances I and diag(1,4)',
    [autoregression([1, 1], [1, 1]), autoregression([1, 1], [1, 2])],
    affineFields,
    2
  ],
  ['standard normal without time, d = 3', [atRest(3)], affineFields, 3],
  ['normal with one mean that an action moves', [steered], affineFields, 1],
  ['normal with two means that one action moves', [steeredNonlinearly], affineFields, 0],
  ['two lags: a shift of y would move x two steps later', [second], affineFields, 1]
]

it.each(cases)('%s', (_, kernels, dictionary, dimension) => {
  const found = orThrow(kernelEquivarianceFields(kernels, { dictionary }))
  expect(found.dimension).toBe(dimension)
  expect(found.residual).toBeLessThan(1e-8)
  expect(found.flowResidual).toBeLessThan(1e-6)
})

const diagonal = (entries: number[]): number[][] =>
  entries.map((entry, i) => entries.map((_, j) => (i === j ? entry : 0)))

it.each([
  [
    [1, 1],
    [1, 1]
  ],
  [
    [0.9, 0.5, -0.3],
    [1, 1, 1]
  ],
  [
    [1, 0.5, 0.5],
    [1, 2, 2]
  ],
  [
    [0.5, 0.5, 0.5],
    [1, 2, 3]
  ],
  [
    [1, 1, -1],
    [0.5, 0.5, 0.5]
  ]
])('the closed form agrees at coefficients %j, scales %j', (coefficients, scales) => {
  const closed = linearGaussianFields([
    {
      matrix: diagonal(coefficients),
      shift: coefficients.map(() => 0),
      covariance: diagonal(scales.map((s) => s * s))
    }
  ])
  const sampled = kernelEquivarianceFields([autoregression(coefficients, scales)], {
    dictionary: affineFields
  })
  expect(orThrow(sampled).dimension).toBe(orThrow(closed).dimension)
})

it('refuses kernels that are none', () => {
  const walk = orThrow(randomWalk(2, gaussian, 0.5))
  const ask = (kernels: Kernel[], dictionary: Dictionary = constants) =>
    kernelEquivarianceFields(kernels, { dictionary })
  expect(ask([])).toMatchObject({ left: { _tag: 'ShapeMismatch', actual: 'empty' } })
  expect(ask([walk, orThrow(randomWalk(3, gaussian, 1))])).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
  expect(ask([orThrow(randomWalk(2, uniform, 1))])).toMatchObject({
    left: { _tag: 'InvalidOption', actual: '-Infinity' }
  })
  expect(ask([{ ...walk, location: (F) => [F.zero] }])).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
  expect(ask([{ ...walk, scale: (F) => [F.lit(-1), F.one] }])).toMatchObject({ left: { _tag: 'NotFinite' } })
  expect(kernelEquivarianceFields([walk], { dictionary: linearFields, samples: 10 })).toMatchObject({
    left: { _tag: 'TooFewRows', needed: 16 }
  })
})

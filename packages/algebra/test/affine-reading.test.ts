import {
  compose,
  dampedOscillator,
  flow,
  gaussian,
  kernel,
  type Mechanism,
  mechanism,
  rotation,
  scaling,
  switchOn,
  translation
} from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import { expect, it } from 'vitest'
import { ambiguityOf, type Known } from '../src/index.js'

const one = (step: Mechanism['step'], actions = 0): Mechanism =>
  orThrow(mechanism({ latents: 2, actions, step }))
const routeOf = (known: Known): string => orThrow(ambiguityOf(known)).route

it.each<[string, Mechanism]>([
  ['sums, differences, factors', one((F, [x, y]) => [F.sub(F.mul(F.lit(2), x), y), F.neg(F.add(x, F.one))])],
  ['quotients by constants', one((F, [x, y]) => [F.div(x, F.lit(4)), F.mul(y, F.sin(F.lit(1)))])],
  ['zero times a curve', one((F, [x, y]) => [x, F.add(y, F.mul(F.zero, F.sin(x)))])],
  ['powers 1 and 0', one((F, [x, y]) => [F.pow(x, 1), F.add(F.mul(F.lit(2), y), F.pow(x, 0))])],
  ['functions of actions', one((F, [x, y], [a]) => [F.mul(x, F.exp(a)), F.add(y, F.max(a, F.zero))], 1)],
  ['a choice by action', orThrow(switchOn([orThrow(scaling([1, 2])), orThrow(scaling([3, 1]))]))],
  ['a flow of a linear field', orThrow(flow('spiral', 2, (F, [x, y]) => [F.sub(F.neg(y), x), x], 0.4, 4))],
  ['a composition', orThrow(compose(orThrow(rotation(2, 0, 1, 0.3)), orThrow(translation([1, 2]))))],
  ['a damped oscillator', orThrow(dampedOscillator({ frequency: 1, damping: 0.2, dt: 0.3 }))]
])('affine: %s', (_, m) => {
  expect(routeOf([m])).toBe('affine')
})

it.each<[string, Mechanism]>([
  ['a product of latents', one((F, [x, y]) => [F.mul(x, y), y])],
  ['a sine', one((F, [x, y]) => [F.sin(x), y])],
  ['an absolute value', one((F, [x, y]) => [F.add(F.abs(x), F.mul(F.lit(3), x)), y])],
  ['terms that cancel', one((F, [x, y]) => [F.sub(F.pow(F.add(x, F.one), 2), F.mul(x, x)), y])]
])('not affine by its definition: %s', (_, m) => {
  expect(routeOf([m])).toBe('fields')
})

it('terms that cancel give the same answer by fields', () => {
  const plain = orThrow(ambiguityOf([one((F, [x, y]) => [F.add(F.mul(F.lit(2), x), F.one), y])]))
  const hidden = orThrow(
    ambiguityOf([one((F, [x, y]) => [F.sub(F.pow(F.add(x, F.one), 2), F.mul(x, x)), y])], { degrees: [1] })
  )
  expect(hidden.byDegree.map(({ dimension }) => orThrow(dimension))).toEqual([plain.dimension])
})

it('choices are all taken, so that a rare one counts', () => {
  // Fifty choices turn, one alone pushes.
  const turns = Array.from({ length: 50 }, () => orThrow(rotation(2, 0, 1, 0.7)))
  const rare = orThrow(switchOn([...turns, orThrow(translation([1, 0]))]))
  const actionDomains = [[{ _tag: 'Choice' as const, values: 51 }]]
  expect(orThrow(ambiguityOf([rare], { actionDomains })).dimension).toBe(0)
})

it('tells linear-Gaussian kernels from others', () => {
  const of = (definition: Partial<Parameters<typeof kernel>[0]>): string =>
    routeOf([
      orThrow(
        kernel({ latents: 2, lags: 1, location: (_, past) => [past[0], past[1]], scale: 1, ...definition })
      )
    ])
  expect(of({})).toBe('linear-Gaussian')
  expect(of({ noise: gaussian, scale: (F) => [F.lit(1), F.lit(2)] })).toBe('linear-Gaussian')
  expect(of({ location: (F, [x, y]) => [F.tanh(x), y] })).toBe('density')
  expect(of({ scale: (F, [x]) => [F.exp(x), F.one] })).toBe('density')
  expect(of({ lags: 2, location: (F, past) => [F.add(past[0], past[2]), past[1]] })).toBe('density')
})

it('coefficients that are not finite are errors', () => {
  const m = one((F, [x, y], [a]) => [F.mul(x, F.log(a)), y], 1)
  expect(ambiguityOf([m])).toMatchObject({ left: { _tag: 'NotFinite' } })
})

import { orThrow } from '@mechid/values'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  affineFields,
  constants,
  type Dictionary,
  evaluateFields,
  type FieldSpace,
  fieldJacobians,
  fieldTexts,
  functionFields,
  givenFields,
  linearFields,
  polynomials,
  type Region,
  readableFields,
  trigonometric,
  union,
  type VectorFields
} from '../src/index.js'

const region: Region = {
  latents: 2,
  centre: Float64Array.of(0.5, -3),
  halfWidth: Float64Array.of(2, 0.25)
}
const on = (dictionary: Dictionary): FieldSpace => orThrow(dictionary.on(region))

const waves = orThrow(trigonometric([2, 0.5], { harmonics: 2 }))
const exponentials = functionFields('exponentials', (F, z) => z.map((x) => F.exp(x)))
const turning = givenFields('turning', [(F, [x, y]) => [F.neg(y), x]])

const dictionaries: ReadonlyArray<readonly [Dictionary, number]> = [
  [constants, 2],
  [linearFields, 4],
  [affineFields, 6],
  [orThrow(polynomials(3)), 20],
  [waves, 16],
  [exponentials, 4],
  [turning, 1]
]

/** One field with the given coefficients over the functions. */
const single = (space: FieldSpace, weights: (e: number) => number): VectorFields => ({
  latents: 2,
  dimension: 1,
  space,
  coefficients: Float64Array.from({ length: 2 * space.functions.count }, (_, e) => weights(e))
})

it.each(dictionaries)('$description holds as many fields as it should', (dictionary, size) => {
  expect(on(dictionary).size).toBe(size)
})

it.each(dictionaries)('slopes of $description are those of its values', (dictionary) => {
  const fields = single(on(dictionary), (e) => Math.sin(e + 1))
  fc.assert(
    fc.property(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 1 }),
      (x, y, j) => {
        const z = [0.5 + 2 * x, -3 + 0.25 * y]
        const h = 1e-5
        const moved = (s: number) => Float64Array.from(z, (value, i) => value + (i === j ? s * h : 0))
        const [low, high] = [evaluateFields(fields, moved(-1)), evaluateFields(fields, moved(1))]
        const slopes = fieldJacobians(fields, Float64Array.from(z))
        for (let i = 0; i < 2; i++) {
          const slope = slopes[i * 2 + j]
          expect(Math.abs((high[i] - low[i]) / (2 * h) - slope)).toBeLessThan(1e-5 * (1 + Math.abs(slope)))
        }
      }
    )
  )
})

it.each(dictionaries)('the names of $description span the same functions', (dictionary) => {
  const { functions } = on(dictionary)
  const value = (name: string, x: number, y: number): number => {
    const script = name
      .replaceAll('^', '**')
      .replace(/(?<=[\w)]) (?=[sc\d(]|z_)/g, '*')
      .replace(/\b(sin|cos|exp)\b/g, 'Math.$1')
      .replaceAll('z_0', `(${x})`)
      .replaceAll('z_1', `(${y})`)
    return new Function(`return ${script}`)() as number
  }
  const weights = Float64Array.from({ length: functions.count }, (_, f) => Math.cos(f))
  const named = functions.named(weights)
  for (const [x, y] of [
    [0.3, -3.1],
    [2.2, -2.8]
  ]) {
    const values = functions.values(Float64Array.of(x, y), 1)
    const direct = weights.reduce((sum, w, f) => sum + w * values[f], 0)
    const told = named.reduce((sum, w, f) => sum + w * value(functions.names[f], x, y), 0)
    expect(told).toBeCloseTo(direct, 3)
  }
})

it('a union counts what its parts share once', () => {
  expect(on(union([affineFields, constants])).size).toBe(6)
  expect(on(union([affineFields, waves])).size).toBe(22)
  expect(on(union([affineFields, turning])).size).toBe(6)
  expect(on(union([constants, turning])).size).toBe(3)
})

it('fields are told with few and round coefficients', () => {
  const space = on(affineFields)
  const mixed: VectorFields = {
    ...single(space, () => 0),
    dimension: 2,
    // Of 1, (z_0 − 0.5)/2 and (z_1 + 3)/0.25: 3 e_0 + 2 e_1, then their difference.
    coefficients: Float64Array.of(3, 0, 0, 2, 0, 0, 1, 0, 0, -1, 0, 0)
  }
  expect(fieldTexts(mixed)).toEqual([
    ['1', '0'],
    ['0', '1']
  ])
  expect(fieldTexts(single(space, (e) => (e === 1 ? 2 : 0)))).toEqual([['-0.5 + z_0', '0']])

  // As fields, they have the values that the texts say, and are told as they are.
  const valuesAt = (fields: VectorFields): number[] =>
    Array.from(evaluateFields(readableFields(fields), Float64Array.of(0.7, -2)))
  valuesAt(mixed).forEach((value, e) => {
    expect(value).toBeCloseTo([1, 0, 0, 1][e], 12)
  })
  const [x, y] = valuesAt(single(space, (e) => (e === 1 ? 2 : 0)))
  expect([x, y]).toEqual([expect.closeTo(0.2, 12), expect.closeTo(0, 12)])
  expect(fieldTexts(readableFields(mixed))).toEqual(fieldTexts(mixed))
})

it('refuses dictionaries that are none', () => {
  expect(polynomials(-1)).toMatchObject({ left: { _tag: 'InvalidOption' } })
  expect(trigonometric(0)).toMatchObject({ left: { _tag: 'InvalidOption' } })
  expect(union([]).on(region)).toMatchObject({ left: { _tag: 'ShapeMismatch', actual: 'empty' } })
  expect(orThrow(trigonometric([1, 2, 3])).on(region)).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
  expect(givenFields('short', [(F) => [F.one]]).on(region)).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
  const broken = functionFields('broken', () => {
    throw new Error('no')
  })
  expect(broken.on(region)).toMatchObject({ left: { _tag: 'DefinitionThrew', reason: 'no' } })
})

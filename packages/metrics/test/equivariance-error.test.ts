import { orThrow, type Samples } from '@mechid/values'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equivarianceError, equivarianceErrorOf, type RowMap } from '../src/index.js'
import { normals, transformed } from './inputs.js'

const rotation =
  (angle: number): RowMap =>
  (z: Samples) =>
    transformed(z, 2, ([x, y]) => [
      Math.cos(angle) * x - Math.sin(angle) * y,
      Math.sin(angle) * x + Math.cos(angle) * y
    ])

const z = normals(200, 2, 1)
const shear: RowMap = (rows) => transformed(rows, 2, ([x, y]) => [x + y, y])

describe('equivariance error', () => {
  it('is 0 for maps that commute, and not for others', () => {
    const learned: RowMap = (rows) => transformed(rotation(0.3)(rows), 2, ([x, y]) => [2 * x, 2 * y])
    expect(orThrow(equivarianceErrorOf(z, { learned, mechanism: rotation(1) })).value).toBeCloseTo(0, 12)
    expect(orThrow(equivarianceErrorOf(z, { learned: shear, mechanism: rotation(1) })).value).toBeGreaterThan(
      0.1
    )
  })

  it('is 1 for a learned mechanism that moves nothing, 2 for one that goes the wrong way', () => {
    const mechanism: RowMap = (rows) => transformed(rows, 2, ([x, y]) => [x + 1, y])
    const learned: RowMap = shear
    const still = orThrow(equivarianceErrorOf(z, { learned, mechanism, learnedMechanism: (rows) => rows }))
    expect(still).toEqual({ value: 1, rootMeanSquare: 1 })
    const back: RowMap = (rows) => transformed(rows, 2, ([x, y]) => [x - 1, y])
    expect(orThrow(equivarianceErrorOf(z, { learned, mechanism, learnedMechanism: back })).value).toBeCloseTo(
      2,
      10
    )
  })

  it('does not see the scale of the learned space', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (seed, s) => {
          const [start, moved, predicted] = [0, 1, 2].map((offset) => normals(20, 3, seed + offset))
          const scaled = (rows: Samples) => transformed(rows, 3, (row) => row.map((x) => s * x + 1))
          const plain = orThrow(equivarianceError({ start, moved, predicted }))
          const other = orThrow(
            equivarianceError({ start: scaled(start), moved: scaled(moved), predicted: scaled(predicted) })
          )
          expect(other.value).toBeCloseTo(plain.value, 8)
          expect(other.rootMeanSquare).toBeCloseTo(plain.rootMeanSquare, 8)
        }
      )
    )
  })

  it('is a number worked out by hand', () => {
    const rows = (...data: number[]): Samples => ({ data: Float64Array.from(data), shape: [2, 2] })
    const triple = { start: rows(0, 0, 0, 0), moved: rows(3, 4, 0, 1), predicted: rows(3, 1, 0, 1) }
    expect(orThrow(equivarianceError(triple)).value).toBeCloseTo(3 / 6, 12)
    expect(orThrow(equivarianceError(triple)).rootMeanSquare).toBeCloseTo(Math.sqrt(9 / 26), 12)
  })

  it('refuses what does not move, does not fit, or is not a number', () => {
    const other = normals(200, 3, 2)
    const still = equivarianceError({ start: z, moved: z, predicted: shear(z) })
    expect(still).toMatchObject({ left: { _tag: 'Degenerate' } })
    if (still._tag === 'Left') expect(still.left.message).toContain('to differ from a(z) on some row')
    expect(equivarianceError({ start: z, moved: other, predicted: z })).toMatchObject({
      left: { _tag: 'ShapeMismatch', where: 'equivarianceError', what: 'moved = a(m(z))' }
    })
    const broken: RowMap = (rows) => transformed(rows, 2, () => [Number.NaN, 0])
    expect(equivarianceErrorOf(z, { learned: (rows) => rows, mechanism: broken })).toMatchObject({
      left: { _tag: 'NotFinite' }
    })
  })
})

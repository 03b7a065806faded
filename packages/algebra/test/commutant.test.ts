import { orThrow } from '@mechid/values'
import { expect, it } from 'vitest'
import { affineCommutant, commutant } from '../src/index.js'
import { blocks, cycle, diagonal, jordan, type Rows, turn } from './matrices.js'

const dimension = (...maps: Rows[]): number => orThrow(commutant(maps)).dimension

it.each<[string, Rows[], number]>([
  ['4 distinct real eigenvalues', [diagonal(4, 3, 2, 1)], 4],
  ['a multiple of the identity', [diagonal(3, 3, 3)], 9],
  ['diag(2, 2, 3)', [diagonal(2, 2, 3)], 5],
  ['rotation by 0.7', [turn(0.7)], 2],
  ['rotation by π', [turn(Math.PI)], 4],
  ['rotation by 0.7 and a latent at rest', [blocks(turn(0.7), [[1]])], 3],
  ['rotation by π and a latent at rest', [blocks(turn(Math.PI), [[1]])], 5],
  ['one Jordan block of 4', [jordan(4, 2)], 4],
  ['Jordan blocks of 2 and 1', [blocks(jordan(2, 2), [[2]])], 5],
  ['Jordan blocks of 3, 2 and 1', [blocks(jordan(3, 2), jordan(2, 2), [[2]])], 14],
  ['5-cycle', [cycle(5)], 5],
  ['diag(1,1,2) and diag(1,3,3)', [diagonal(1, 1, 2), diagonal(1, 3, 3)], 3],
  ['ballistic motion', [jordan(2, 1)], 2]
])('commutant of %s', (_, maps, expected) => {
  expect(dimension(...maps)).toBe(expected)
})

it.each<[string, Rows, number[], number]>([
  ['a translation of the plane', diagonal(1, 1), [1, 0.5], 4],
  ['a translation of space', diagonal(1, 1, 1), [1, 0.5, 0], 9],
  ['ballistic motion', jordan(2, 1), [0, 0], 3],
  ['ballistic motion under gravity', jordan(2, 1), [0.5, 1], 2],
  ['diag(1,2,3) z + (0,1,1)', diagonal(1, 2, 3), [0, 1, 1], 4],
  ['diag(1,2,3) z + (1,1,1)', diagonal(1, 2, 3), [1, 1, 1], 3],
  ['a rotation about another point', turn(0.7), [1, 2], 2]
])('affine commutant of %s', (_, matrix, shift, expected) => {
  expect(affineCommutant([{ matrix, shift }])).toMatchObject({ right: { dimension: expected } })
})

it('a rotation and a translation together leave nothing open', () => {
  const both = affineCommutant([
    { matrix: turn(0.7), shift: [0, 0] },
    { matrix: diagonal(1, 1), shift: [1, 0] }
  ])
  expect(both).toMatchObject({ right: { dimension: 0 } })
})

it('translations along every axis leave the translations open', () => {
  const all = affineCommutant(
    [0, 1, 2].map((i) => ({ matrix: diagonal(1, 1, 1), shift: [0, 1, 2].map((j) => (i === j ? 1 : 0)) }))
  )
  expect(all).toMatchObject({ right: { dimension: 3 } })
})

it('refuses maps that are none', () => {
  expect(commutant([[[1, 2]]])).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
  expect(commutant([[[Number.NaN]]])).toMatchObject({ left: { _tag: 'NotFinite' } })
  expect(commutant([])).toMatchObject({ left: { _tag: 'ShapeMismatch', actual: 'empty' } })
  expect(commutant([[[1]], diagonal(1, 2)])).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
})

import { describe, expect, it } from 'vitest'
import { latentsOfCodes } from '../src/index.js'

const map = { matrix: Float64Array.of(2, 0, 1, -1), centre: Float64Array.of(1, 3) }

describe('latentsOfCodes', () => {
  it.each([[[4, 2]], [[2, 2, 2]]])('maps every row of codes of shape %j', (shape) => {
    const data = Float32Array.of(1, 3, 2, 3, 1, 4, 0, 0)
    expect(latentsOfCodes({ data, shape }, map)).toEqual({
      _tag: 'Right',
      right: { data: Float64Array.of(0, 0, 2, 1, 0, -1, -2, 2), shape }
    })
  })

  it.each([
    [[8], 'rank 2 or 3'],
    [[2, 4], 'the width of the codes is 4, expected 2, as the map has'],
    [[5, 2], '8 numbers']
  ])('refuses codes of shape %j', (shape, words) => {
    const answer = latentsOfCodes({ data: new Float64Array(8), shape }, map)
    expect(answer).toMatchObject({ _tag: 'Left', left: { _tag: 'ShapeMismatch' } })
    if (answer._tag === 'Left') expect(answer.left.message).toContain(words)
  })
})

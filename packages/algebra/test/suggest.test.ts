import { gaussian, randomWalk, rotation, scaling, translation } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { suggest, suggestGeneric } from '../src/index.js'
import { answered, bent, cubic, turn } from './answers.js'

describe('suggest', () => {
  it('takes the fewest that leave the least', () => {
    const answer = answered([orThrow(scaling([1, 1, 1]))])
    const candidates = [
      orThrow(translation([1, 0, 0])),
      orThrow(scaling([2, 2, 2])),
      orThrow(rotation(3, 0, 1, 0.7)),
      orThrow(scaling([2, 3, 4])),
      orThrow(translation([1, 1, 1]))
    ]
    const found = orThrow(suggest(answer, candidates))
    expect(found).toMatchObject({ chosen: [3, 4], dimension: 0, dimensions: [3, 0], search: 'exact' })
    expect(found.answer.dimension).toBe(0)
    expect(orThrow(suggest(answer, candidates, { most: 1 }))).toMatchObject({ chosen: [3], dimension: 3 })
  })

  it('tells a mechanism that does not help', () => {
    const found = orThrow(suggest(answered([turn]), [orThrow(rotation(2, 0, 1, 0.3))]))
    expect(found).toMatchObject({ chosen: [], dimension: 2, names: [] })
  })

  it('goes greedily through a long list', () => {
    const random = generator(3)
    const moves = Array.from({ length: 13 }, () =>
      orThrow(translation(Array.from({ length: 3 }, () => random.normal())))
    )
    const found = orThrow(suggest(answered([orThrow(scaling([1, 1, 1]))]), moves, { most: 2 }))
    expect(found).toMatchObject({ search: 'greedy', dimensions: [9, 6], dimension: 6 })
  })

  it('works along resonances, within the dictionary', () => {
    const answer = answered([orThrow(scaling([2, 4]))], cubic)
    expect(orThrow(suggest(answer, [orThrow(scaling([3, 9])), orThrow(scaling([2, 5]))]))).toMatchObject({
      chosen: [1],
      dimension: 2
    })
  })

  it('stays among affine maps where the answer was', () => {
    const answer = answered([orThrow(scaling([2, 4]))])
    expect(orThrow(suggest(answer, [bent]))).toMatchObject({
      dimension: 0,
      answer: { among: 'affine fields' }
    })
  })

  it('tries a generic translation and a generic linear map', () => {
    expect(orThrow(suggestGeneric(answered([turn])))).toMatchObject({
      names: ['a generic translation'],
      dimension: 0
    })
    expect(orThrow(suggestGeneric(answered([orThrow(translation([1, 0]))])))).toMatchObject({
      names: ['a generic linear map'],
      dimension: 0
    })
    const matrix = [
      [1, 0],
      [0, 1]
    ]
    expect(orThrow(suggestGeneric(answered([{ matrix }])))).toMatchObject({
      names: ['a generic translation', 'a generic linear map'].sort(),
      dimension: 0
    })
  })

  it('names what is wrong', () => {
    const answer = answered([turn])
    expect(suggest(answer, [])).toMatchObject({ left: { _tag: 'ShapeMismatch', actual: 'empty' } })
    expect(suggest(answer, [orThrow(scaling([1, 2, 3]))])).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
    expect(suggest(answer, [orThrow(randomWalk(2, gaussian, 1))])).toMatchObject({
      left: { _tag: 'InvalidOption' }
    })
    expect(suggest(answer, [turn], { most: -1 })).toMatchObject({
      left: { _tag: 'InvalidOption', what: 'most' }
    })
    expect(suggestGeneric(answered([orThrow(randomWalk(2, gaussian, 1))]))).toMatchObject({
      left: { _tag: 'InvalidOption' }
    })
  })
})

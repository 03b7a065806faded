import { describe, expect, it } from 'vitest'
import { checkStandardization, closestWord, unknownName } from '../src/index.js'

describe('closestWord', () => {
  it.each([
    ['sed', ['seed', 'seeds', 'edges'], 'seed'],
    ['SPEED', ['force', 'speed'], 'speed'],
    ['temprature', ['pressure', 'temperature'], 'temperature'],
    ['x11', ['x1', 'x12', 'y11'], 'x1'],
    ['a', ['b', 'c'], undefined],
    ['ab', ['xy'], undefined],
    ['x0', ['a0', 'z0'], undefined],
    ['X0', ['x0'], 'x0'],
    ['humidity', ['speed', 'force'], undefined],
    ['speed', [], undefined]
  ])('takes %j among %j for %j', (word, known, meant) => {
    expect(closestWord(word, known)).toBe(meant)
  })

  it('is what an unknown name may have meant, beside a list that has an end', () => {
    const known = Array.from({ length: 5000 }, (_, i) => `gene${i}`)
    const { message } = unknownName('cells.csv', 'geme4999', known)
    expect(message).toMatch(/did you mean "gene4999"\?$/)
    expect(message.length).toBeLessThan(400)
  })
})

describe('checkStandardization', () => {
  it('passes one of as many columns, and names what does not fit', () => {
    const standardization = { mean: [1, -2], scale: [0, 3] }
    expect(checkStandardization('here', standardization, 2)).toEqual({
      _tag: 'Right',
      right: standardization
    })
    expect(checkStandardization('here', standardization, 3)).toMatchObject({
      left: { _tag: 'ShapeMismatch', message: expect.stringContaining('is 2, expected 3') }
    })
    expect(checkStandardization('here', { mean: [1], scale: [Number.NaN] }, 1)).toMatchObject({
      left: { _tag: 'InvalidOption', what: 'standardization.scale[0]' }
    })
  })
})

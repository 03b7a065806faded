import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { flowPicture } from '../src/page/known/flow.js'
import { defaultOf, library } from '../src/page/known/library.js'
import { matrixOf, numberOf } from '../src/page/known/typed-numbers.js'
import { knownAnswer } from '../src/page/questions/known-answer.js'
import type { KnownAnswer } from '../src/page/questions/protocol.js'
import type { KnownChoice } from '../src/page/state/state.js'

const answer = (...known: ReadonlyArray<KnownChoice>): KnownAnswer => {
  const found = knownAnswer(known)
  if (E.isLeft(found)) throw new Error(found.left.message)
  return found.right
}

const fault = (...known: ReadonlyArray<KnownChoice>): string => {
  const found = knownAnswer(known)
  return E.isLeft(found) ? found.left.message : 'an answer'
}

describe('numbers that are typed', () => {
  it.each([
    ['0.5', 0.5],
    [' −2 ', -2],
    ['1/4', 0.25],
    ['1e-3', 0.001]
  ])('%j is read', (text, value) => {
    expect(numberOf(text, 'n')).toEqual(E.right(value))
  })

  it.each(['', 'x', '1/', '1/0', '1/2/3', 'Infinity'])('%j is refused', (text) => {
    expect(numberOf(text, 'n')).toMatchObject({
      left: { message: expect.stringMatching(/^n: .* no number/) }
    })
  })

  it('make a matrix if it is square', () => {
    expect(matrixOf('1 2\n\n3,4', 'm')).toEqual(
      E.right([
        [1, 2],
        [3, 4]
      ])
    )
    expect(matrixOf('1 2; 3', 'm')).toEqual(
      E.left({ message: 'm: row 2 has 1 numbers; with 2 rows each needs 2.' })
    )
  })
})

describe('what known mechanisms leave open', () => {
  it.each(library.map(({ kind }) => kind))('is answered for %s as it is at first', (kind) => {
    const { flows, dimension, statuses, latents } = answer(defaultOf(kind))
    expect(statuses).toHaveLength(latents)
    expect(flows).toHaveLength(Math.min(dimension, 12))
  })

  it('is drawn as the text says', () => {
    const { flows, dimension, suggestion } = answer(defaultOf('rotation'))
    expect(dimension).toBe(2)
    expect(flows.map(({ text }) => text)).toEqual([
      ['z_0', 'z_1'],
      ['z_1', '-z_0']
    ])
    // Outwards, and round.
    for (const { at, by } of flows[0].arrows) expect(at[0] * by[1] - at[1] * by[0]).toBeCloseTo(0, 9)
    for (const { at, by } of flows[1].arrows) expect(at[0] * by[0] + at[1] * by[1]).toBeCloseTo(0, 9)
    expect(suggestion).toContain('a generic translation')
  })

  it('is less where more is known', () => {
    const both = answer(defaultOf('rotation'), defaultOf('translation'))
    expect([both.dimension, both.flows, both.suggestion]).toEqual([0, [], undefined])
  })

  it('says what is wrong with what was typed', () => {
    expect(fault({ kind: 'rotation', fields: ['two', '1'] })).toBe('latents: "two" is no number.')
    expect(fault({ kind: 'rotation', fields: ['9', '1'] })).toBe(
      'latents: "9" is no whole number from 2 to 8.'
    )
    expect(fault({ kind: 'permutation', fields: ['0 0'] })).toContain('each of 0 to 1 once')
    expect(fault(defaultOf('rotation'), { kind: 'translation', fields: ['1 2 3'] })).toContain(
      'number of latents'
    )
  })
})

describe('a flow', () => {
  it('is drawn along one latent where there is no other', () => {
    const { axes, arrows, lines } = flowPicture((z) => z, ['z_0'], { centre: [0], halfWidth: [2] })
    expect([axes, lines]).toEqual([[0], []])
    expect(arrows.at(-1)?.by[0]).toBeCloseTo(1, 9)
  })

  it('is drawn in the plane where it moves', () => {
    const field = (z: Float64Array): Float64Array => Float64Array.of(0, -z[2], z[1])
    const box = { centre: [0, 0, 0], halfWidth: [1, 1, 1] }
    expect(flowPicture(field, [], box).axes).toEqual([1, 2])
  })
})

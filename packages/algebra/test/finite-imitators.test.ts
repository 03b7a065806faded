import { linear, type Mechanism, translation } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { finiteImitators, showSignedPermutation } from '../src/index.js'
import { diagonal } from './matrices.js'

const scaling = (...factors: number[]): Mechanism => orThrow(linear(diagonal(...factors)))
const moving = (...shift: number[]): Mechanism => orThrow(translation(shift))

describe('finite imitators', () => {
  it('of a mechanism that stands alone in its class are its symmetries', () => {
    const m = scaling(1, 2)
    const found = orThrow(finiteImitators([m], [m]))
    expect(found.symmetries.order).toBe(4n)
    expect(found).toMatchObject({ order: 4n, isGroup: true, imitations: [{ imitators: [0] }] })
  })

  it('add a coset for each hypothesis that a relabelling reaches', () => {
    const m = scaling(1, 2)
    const found = orThrow(finiteImitators([m], [m, scaling(2, 1), scaling(2, 3)]))
    expect(found.order).toBe(8n)
    expect(found.isGroup).toBe(true)
    expect(found.imitations.map(({ imitators }) => imitators)).toEqual([[0], [1]])
    expect(showSignedPermutation.show(found.imitations[1].map)).toMatch(/^\[[+-]1, [+-]0\]$/)
  })

  it('share one map among several mechanisms', () => {
    const hypotheses = [moving(1, 0), moving(0, 1), moving(-1, 0)]
    const one = orThrow(finiteImitators([moving(1, 0)], hypotheses))
    // The symmetries of (1, 0) mirror the other latent.
    expect([one.symmetries.order, one.order]).toEqual([2n, 6n])
    const both = orThrow(finiteImitators([moving(1, 0), moving(0, 1)], hypotheses))
    expect(both.symmetries.order).toBe(1n)
    // (0,1) and (1,0); (0,1) and (−1,0); (1,0) and (0,1); (−1,0) and (0,1).
    expect(both.order).toBe(4n)
  })

  it('need not form a group', () => {
    const found = orThrow(finiteImitators([moving(1, 2, 3)], [moving(1, 2, 3), moving(3, 1, 2)]))
    expect(found.order).toBe(2n)
    expect(found.isGroup).toBe(false)
    const closed = orThrow(
      finiteImitators([moving(1, 2, 3)], [moving(1, 2, 3), moving(3, 1, 2), moving(2, 3, 1)])
    )
    expect(closed).toMatchObject({ order: 3n, isGroup: true })
  })

  it('count a hypothesis that is listed twice once', () => {
    const found = orThrow(finiteImitators([scaling(1, 2)], [scaling(1, 2), scaling(2, 1), scaling(1, 2)]))
    expect(found.order).toBe(8n)
  })

  it('are none where the class holds nothing alike', () => {
    const found = orThrow(finiteImitators([scaling(1, 2)], [scaling(2, 3)]))
    expect(found).toMatchObject({ order: 0n, isGroup: false, imitations: [] })
  })

  it('refuse what does not fit', () => {
    const m = scaling(1, 2)
    expect(finiteImitators([m], [])).toMatchObject({
      left: { _tag: 'ShapeMismatch', what: 'the list of hypotheses', actual: 'empty' }
    })
    expect(finiteImitators([m], [scaling(1, 2, 3)])).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
    expect(finiteImitators([m], [{ ...m, actions: 1 }])).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
    expect(finiteImitators([m], [{ ...m, step: (_, z) => z.slice(1) }])).toMatchObject({
      left: { _tag: 'ShapeMismatch' }
    })
  })
})

import { describe, expect, it } from 'vitest'
import { generator, windowedPermutation } from '../src/index.js'

/** Groups of three consecutive numbers. */
const grouping = (groups: number) => ({
  groups,
  count: 3 * groups,
  members: (group: number, visit: (member: number) => void): void => {
    for (let i = 0; i < 3; i++) visit(3 * group + i)
  }
})

describe('windowedPermutation', () => {
  it('is an order of all things, with few groups in use at a time', () => {
    const order = windowedPermutation(generator(1), grouping(10), 4)
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i))
    // Ten groups in windows of at most four: three windows, of 3, 3 and 4 groups.
    for (const [from, to] of [
      [0, 9],
      [9, 18],
      [18, 30]
    ]) {
      const used = new Set(Array.from(order.subarray(from, to), (member) => Math.floor(member / 3)))
      expect(used.size).toBe((to - from) / 3)
    }
  })

  it('mixes the members of a window, and depends on the stream alone', () => {
    const order = windowedPermutation(generator(2), grouping(100), 50)
    const groups = Array.from(order.subarray(0, 150), (member) => Math.floor(member / 3))
    const together = groups.filter((group, i) => i > 0 && groups[i - 1] === group).length
    expect(together).toBeLessThan(15)
    expect(windowedPermutation(generator(2), grouping(100), 50)).toEqual(order)
    expect(windowedPermutation(generator(3), grouping(100), 50)).not.toEqual(order)
  })

  it('is a permutation of everything where one window holds all groups', () => {
    expect(windowedPermutation(generator(4), grouping(5), 5)).toEqual(generator(4).permutation(15))
  })
})

import { describe, expect, it } from 'vitest'
import { prefixed, withoutPrefix } from '../src/index.js'

describe('names with prefixes', () => {
  it('come apart as they were put together', () => {
    const [a, b] = [{ w: 1, 'b/w': 2 }, { w: 3 }]
    const both = { ...prefixed(a, 'a/'), ...prefixed(b, 'b/') }
    expect(both).toEqual({ 'a/w': 1, 'a/b/w': 2, 'b/w': 3 })
    expect([withoutPrefix(both, 'a/'), withoutPrefix(both, 'b/')]).toEqual([a, b])
  })
})

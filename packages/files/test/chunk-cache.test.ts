import { describe, expect, it } from 'vitest'
import { chunkCache } from '../src/index.js'

describe('the cache of chunks', () => {
  it('overwrites the chunk used longest ago, and survives a failure', async () => {
    const loads: number[] = []
    const cache = chunkCache(
      2,
      () => ({ chunk: -1 }),
      async (chunk, into) => {
        loads.push(chunk)
        if (chunk === 13) throw new Error('unlucky')
        into.chunk = chunk
      }
    )
    for (const chunk of [1, 2]) await cache.load(chunk)
    expect(cache.held(1)).toEqual({ chunk: 1 })
    await cache.load(3)
    expect([cache.held(1)?.chunk, cache.held(2), cache.held(3)?.chunk, cache.size()]).toEqual([
      1,
      undefined,
      3,
      2
    ])
    await expect(cache.load(13)).rejects.toThrow('unlucky')
    expect([cache.held(13), cache.size()]).toEqual([undefined, 1])
    await cache.load(4)
    expect([cache.size(), loads]).toEqual([2, [1, 2, 3, 13, 4]])
  })
})

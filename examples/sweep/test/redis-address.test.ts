/** The URL of Redis: what it says, and that nothing repeats it. */
import { type AddressInfo, createServer } from 'node:net'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { addressOf, checkReachable, reasonWithout } from '../src/redis.js'

const read = (url: string) => {
  const address = addressOf('the file', url)
  if (E.isLeft(address)) throw new Error(address.left.message)
  return address.right
}

describe('the URL of Redis', () => {
  it.each([
    ['redis://localhost', { host: 'localhost', port: 6379 }, 'localhost:6379'],
    [
      'redis://:p%23%40w@10.0.0.7:6400/3',
      { host: '10.0.0.7', port: 6400, password: 'p#@w', db: 3 },
      '10.0.0.7:6400'
    ],
    [
      'rediss://sweeper:pw@queue.example:6380',
      {
        host: 'queue.example',
        port: 6380,
        username: 'sweeper',
        password: 'pw',
        tls: { servername: 'queue.example' }
      },
      'queue.example:6380'
    ],
    // A name for the certificate would not be right for a number.
    ['rediss://127.0.0.1', { host: '127.0.0.1', port: 6379, tls: {} }, '127.0.0.1:6379'],
    ['redis://[::1]:7000/', { host: '::1', port: 7000 }, '[::1]:7000']
  ])('%s', (url, options, place) => {
    expect(read(url)).toEqual({ options, place })
  })

  it.each([
    'redis://:se#cret@host:6379',
    'redis://:se?cret@host:6379',
    'redis://:secret@host/none',
    'http://:secret@host',
    'redis://:se%cret@host',
    ':secret@host:6379',
    'secret'
  ])('%s is refused without being repeated', (url) => {
    const address = addressOf('the file', url)
    expect(address).toMatchObject({ left: { message: expect.stringMatching(/^the file holds /) } })
    expect(JSON.stringify(address)).not.toMatch(/se.?cret/)
  })

  it('does not come back in what a server says', () => {
    const reason = new Error('WRONGPASS not top-secret, and not top-secret either')
    expect(reasonWithout(read('redis://:top-secret@host'), reason)).toBe(
      'WRONGPASS not ***, and not *** either'
    )
  })

  it('of somebody who listens and does not answer is given up', async () => {
    const silent = createServer()
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const reachable = await checkReachable(read(`redis://:secret@127.0.0.1:${port}`), 300)
    silent.close()
    expect(reachable).toMatchObject({
      left: { message: `Redis at 127.0.0.1:${port} cannot be used: no answer within 0.3 s` }
    })
  })

  it('that nobody answers at is told within seconds', async () => {
    const before = Date.now()
    // Nothing listens at port 1.
    const reachable = await checkReachable(read('redis://:secret@127.0.0.1:1'))
    expect(Date.now() - before).toBeLessThan(10_000)
    expect(reachable).toMatchObject({
      left: { message: 'Redis at 127.0.0.1:1 cannot be used: connect ECONNREFUSED 127.0.0.1:1' }
    })
  })
})

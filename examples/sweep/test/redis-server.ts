/** A Redis of the test's own: on a free port of this machine, with a password and an append-only file. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, openSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Redis } from 'ioredis'

/** The server's program; undefined where there is none. */
export const redisProgram = ['redis-server', 'valkey-server'].find(
  (name) => spawnSync(name, ['--version']).status === 0
)

/** With a character that has to be escaped in a URL. */
export const PASSWORD = 'not-to-be#seen'

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

export interface Certificate {
  readonly certificate: string
  readonly key: string
}

export interface RedisServer {
  readonly port: number
  readonly url: string
  readonly client: () => Redis
  readonly start: () => Promise<void>
  readonly end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>
}

const PATIENCE = 100

/** `program` is that of {@link redisProgram}. With a certificate it speaks TLS alone. */
export const redisServer = async (
  program: string,
  folder: string,
  tls?: Certificate
): Promise<RedisServer> => {
  mkdirSync(folder, { recursive: true })
  const port = await freePort()
  const lines = [
    'bind 127.0.0.1',
    ...(tls === undefined
      ? [`port ${port}`]
      : [
          'port 0',
          `tls-port ${port}`,
          `tls-cert-file ${tls.certificate}`,
          `tls-key-file ${tls.key}`,
          'tls-auth-clients no'
        ]),
    `dir ${folder}`,
    // In quotes, since # begins a comment.
    `requirepass "${PASSWORD}"`,
    'appendonly yes',
    'appendfsync always',
    'save ""'
  ]
  const configuration = join(folder, 'redis.conf')
  writeFileSync(configuration, `${lines.join('\n')}\n`, { mode: 0o600 })
  const log = openSync(join(folder, 'log'), 'a')
  let server: ChildProcess | undefined
  const client = (): Redis =>
    new Redis({
      host: '127.0.0.1',
      port,
      password: PASSWORD,
      ...(tls === undefined ? {} : { tls: { rejectUnauthorized: false } }),
      retryStrategy: (times) => (times < PATIENCE ? 100 : null)
    })
  return {
    port,
    url: `redis${tls === undefined ? '' : 's'}://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`,
    client,
    start: async () => {
      server = spawn(program, [configuration], { stdio: ['ignore', log, log] })
      const probe = client()
      // It answers once the append-only file is loaded; until then the connection is tried again.
      probe.on('error', () => undefined)
      await probe.ping()
      probe.disconnect()
    },
    end: (signal) =>
      new Promise((resolve) => {
        if (server === undefined) return resolve()
        server.on('close', () => resolve())
        server.kill(signal)
        server = undefined
      })
  }
}

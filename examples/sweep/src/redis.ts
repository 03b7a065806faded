/** The address of Redis or Valkey: read from a place that others do not see, and checked. It is never shown. */
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { reasonOf } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { Redis } from 'ioredis'
import { type QueueError, queueError } from './errors.js'

/** The environment variable that has the URL. */
export const URL_VARIABLE = 'MECHID_REDIS_URL'

/** How to connect. */
export interface RedisAddress {
  readonly options: {
    readonly host: string
    readonly port: number
    readonly username?: string
    readonly password?: string
    readonly db?: number
    /** Present: by TLS. `servername` is what the certificate must be for. */
    readonly tls?: { readonly servername?: string }
  }
  /** Host and port, for messages: no name of a user, no password. */
  readonly place: string
}

const EXPECTED = 'expected redis://[user:password@]host[:port][/database], or rediss:// for TLS'
const DEFAULT_PORT = 6379

/** The parts of a URL. Messages do not repeat any of it: what is no URL may still hold a password. */
export const addressOf = (where: string, text: string): E.Either<QueueError, RedisAddress> => {
  if (!URL.canParse(text)) return E.left(queueError(`${where} holds no URL; ${EXPECTED}`))
  const { protocol, hostname, port, username, password, pathname, hash, search } = new URL(text)
  if (protocol !== 'redis:' && protocol !== 'rediss:') {
    return E.left(queueError(`${where} holds a URL of another kind; ${EXPECTED}`))
  }
  const database = /^\/?(\d*)$/.exec(pathname)?.[1]
  // A # or ? in a password that is not escaped cuts the URL short.
  if (hostname === '' || database === undefined || hash !== '' || search !== '') {
    return E.left(
      queueError(
        `${where} holds a URL that is no address of Redis; ${EXPECTED}, with special characters of the password escaped (%23 for #)`
      )
    )
  }
  const host = hostname.replace(/^\[|\]$/g, '')
  const decoded = E.tryCatch(
    () => ({ username: decodeURIComponent(username), password: decodeURIComponent(password) }),
    () => queueError(`${where} holds a URL with a % that escapes nothing; write %25 for % itself`)
  )
  return E.map(
    (credentials: { readonly username: string; readonly password: string }): RedisAddress => ({
      options: {
        host,
        port: port === '' ? DEFAULT_PORT : Number(port),
        ...(credentials.username === '' ? {} : { username: credentials.username }),
        ...(credentials.password === '' ? {} : { password: credentials.password }),
        ...(database === '' ? {} : { db: Number(database) }),
        ...(protocol === 'rediss:' ? { tls: isIP(host) === 0 ? { servername: host } : {} } : {})
      },
      place: `${hostname}:${port === '' ? DEFAULT_PORT : port}`
    })
  )(decoded)
}

/** The address in a file or, without one, in the environment. */
export const readAddress = (file: string | undefined): E.Either<QueueError, RedisAddress> => {
  if (file === undefined) {
    const url = process.env[URL_VARIABLE]
    return url === undefined || url === ''
      ? E.left(
          queueError(
            `the variable ${URL_VARIABLE} is not set; ${EXPECTED}, there or in a file for --redis-url-file`
          )
        )
      : addressOf(`the variable ${URL_VARIABLE}`, url)
  }
  const text = E.tryCatch(
    () => readFileSync(file, 'utf8').trim(),
    (thrown) => queueError(`--redis-url-file: ${reasonOf(thrown)}`)
  )
  return E.isLeft(text) ? text : addressOf(file, text.right)
}

/** The reason of a failed connection, without the password should a server repeat it. */
export const reasonWithout = ({ options }: RedisAddress, thrown: unknown): string => {
  const { code } = thrown as { readonly code?: unknown }
  const reason = reasonOf(thrown) || (typeof code === 'string' ? code : 'no reason given')
  const { password } = options
  return password === undefined ? reason : reason.replaceAll(password, '***')
}

const CONNECT_MS = 4000
const PATIENCE_MS = 8000

const patience = (ms: number): { readonly over: Promise<never>; readonly cancel: () => void } => {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms)
  })
  return { over, cancel: () => clearTimeout(timer) }
}

/** Whether Redis answers within `ms` milliseconds; it is tried once. */
export const checkReachable = async (
  address: RedisAddress,
  ms = PATIENCE_MS
): Promise<E.Either<QueueError, void>> => {
  const client = new Redis({
    ...address.options,
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null
  })
  let last: unknown
  client.on('error', (error) => {
    last = error
  })
  const { over, cancel } = patience(ms)
  try {
    await Promise.race([client.connect().then(() => client.ping()), over])
    return E.right(undefined)
  } catch (thrown) {
    // What closes the connection comes as an event; the command itself only says that it is closed.
    const reason = reasonWithout(address, last ?? thrown)
    return E.left(queueError(`Redis at ${address.place} cannot be used: ${reason}`))
  } finally {
    cancel()
    client.disconnect()
  }
}

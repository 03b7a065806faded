/** A sweep over several workers by a real Redis, which the test starts and stops. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runName } from '@mechid/example-terminal'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { figures, type Running, resultsIn, run, start } from './program.js'
import { type Certificate, PASSWORD, type RedisServer, redisProgram, redisServer } from './redis-server.js'

const folder = mkdtempSync(join(tmpdir(), 'sweep-redis-'))
const at = (name: string): string => join(folder, name)
const running: Running[] = []

const grid = at('shared.json')
writeFileSync(
  grid,
  JSON.stringify({
    problems: ['ActionDiag', 'TimeDiag'],
    methods: 'gated',
    bounds: ['true', 3],
    latents: 2,
    rows: 1000,
    steps: 200,
    seeds: '1..6'
  })
)
const JOBS = 24

const started = (args: readonly string[], environment: Readonly<Record<string, string>>): Running => {
  const program = start(args, environment)
  running.push(program)
  return program
}

/** The names in the events of the queue, by kind of event. */
const eventsOf = async (server: RedisServer, sweep: string): Promise<(kind: string) => string[]> => {
  const client = server.client()
  const entries = await client.xrange(`mechid:sweep-${sweep}:events`, '-', '+')
  client.disconnect()
  const events = entries.map(([, fields]) =>
    Object.fromEntries(fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1]]] : [])))
  )
  return (kind) => events.filter(({ event }) => event === kind).map(({ jobId }) => jobId)
}

/** All files below. */
const filesBelow = (path: string): string[] =>
  statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesBelow(join(path, name))) : [path]

const SECRETS = [PASSWORD, encodeURIComponent(PASSWORD)]

afterAll(() => {
  for (const { child } of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const missing = 'redis-server is not installed (Debian: apt-get install redis-server)'

describe('a sweep over machines', () => {
  let server: RedisServer | undefined
  beforeAll(async () => {
    if (redisProgram === undefined) return
    server = await redisServer(redisProgram, at('redis'))
    await server.start()
  })
  afterAll(async () => {
    await server?.end('SIGKILL')
  })

  it('finishes every job once, though a worker is killed, one comes late, and Redis is killed', async (context) => {
    if (server === undefined) return context.skip(missing)
    const environment = { MECHID_REDIS_URL: server.url }
    const worker = (label: string): Running =>
      started(
        [
          'worker',
          '--name',
          'shared',
          '--workers',
          '1',
          '--label',
          label,
          '--lost-after',
          '3',
          '--checkpoints',
          at('checkpoints')
        ],
        environment
      )
    const submitted = run(['submit', '--grid', grid], environment)
    expect(submitted.stdout).toContain(`${JOBS} added, 0 there already`)
    // A second time it adds nothing.
    expect(run(['submit', '--grid', grid], environment).stdout).toContain(`0 added, ${JOBS} there already`)

    const collect = started(['collect', '--grid', grid, '--out', at('shared')], environment)
    const [victim, ...others] = ['a', 'b', 'c'].map(worker)
    await victim.says(/: started/)
    victim.child.kill('SIGKILL')
    expect(await victim.ended).toBe('SIGKILL')
    const lost = /(\S+): started\n?$/.exec(victim.said().trim())?.[1]
    expect(lost).toBeDefined()
    // Several can be done between two looks.
    await collect.says(/^([6-9]|1\d) of 24 done/m)
    await server.end('SIGKILL')
    await server.start()
    await collect.says(/^1\d of 24 done/m)
    const late = worker('late')

    expect(await collect.ended).toBe(0)
    for (const { ended } of [...others, late]) expect(await ended).toBe(0)
    expect(late.said()).toMatch(/: started/)

    const events = await eventsOf(server, 'shared')
    const completed = events('completed')
    expect(completed).toHaveLength(JOBS)
    expect(new Set(completed).size).toBe(JOBS)
    expect(events('failed')).toEqual([])
    expect(events('stalled')).toContain(lost)

    const local = run(['run', '--grid', grid, '--workers', '2', '--out', at('local')])
    expect(local.status).toBe(0)
    const [there, here] = [at('shared'), at('local')].map((out) => resultsIn(join(out, 'results.json')))
    expect(there.results).toHaveLength(JOBS)
    expect(figures(there)).toEqual(figures(here))
    // It went on from the checkpoint that its worker process left when it found itself alone.
    const again = there.results.filter(({ resumed }) => resumed === true)
    expect(again.map((result) => runName(result))).toContain(lost)

    for (const file of [at('shared'), at('checkpoints'), at('local')].flatMap(filesBelow)) {
      for (const secret of SECRETS) expect(readFileSync(file, 'utf8')).not.toContain(secret)
    }
    for (const { said } of running) for (const secret of SECRETS) expect(said()).not.toContain(secret)
  }, 600_000)

  it('gives up a job after three tries, finishes the rest, and tries again when asked', async (context) => {
    if (server === undefined) return context.skip(missing)
    const file = at('failing.json')
    // Batches of 1024 out of 1000 rows.
    writeFileSync(
      file,
      JSON.stringify({
        problems: 'ActionDiag',
        methods: ['published', 'gated'],
        latents: 2,
        rows: 1000,
        steps: 20
      })
    )
    const environment = { MECHID_REDIS_URL: server.url }
    run(['submit', '--grid', file], environment)
    const worker = run(
      ['worker', '--grid', file, '--workers', '1', '--checkpoints', at('checkpoints')],
      environment
    )
    expect(worker.stderr.match(/published.*failed \(\d of 3 tries/g)).toHaveLength(3)
    expect(worker.status).toBe(0)
    const collected = run(['collect', '--grid', file, '--out', at('failing')], environment)
    expect(collected.status).toBe(1)
    expect(collected.stdout).toMatch(/1 of 2 jobs finished, 1 failed/)
    const { results, failures } = resultsIn(join(at('failing'), 'results.json'))
    expect(results.map(({ method }) => method)).toEqual(['gated'])
    expect(failures).toMatchObject([{ message: expect.stringMatching(/917 rows, at least 1024 are needed/) }])
    expect(readFileSync(join(at('failing'), 'report.html'), 'utf8')).toContain('at least 1024 are needed')
    expect(run(['submit', '--grid', file], environment).stdout).toContain(
      '0 added, 1 there already, 1 that had failed are tried again'
    )
  }, 120_000)

  it('gives its job back when interrupted', async (context) => {
    if (server === undefined) return context.skip(missing)
    const file = at('interrupted.json')
    writeFileSync(
      file,
      JSON.stringify({
        problems: 'ActionDiag',
        methods: 'gated',
        latents: 2,
        rows: 1000,
        steps: 4000,
        seeds: 1
      })
    )
    const environment = { MECHID_REDIS_URL: server.url }
    run(['submit', '--grid', file], environment)
    const args = ['worker', '--grid', file, '--workers', '1', '--checkpoints', at('checkpoints')]
    const first = started(args, environment)
    await first.says(/: started/)
    first.child.kill('SIGINT')
    expect(await first.ended).toBe(130)
    expect(first.said()).toContain('back in the queue')
    const now = run(['collect', '--grid', file, '--out', at('interrupted'), '--now'], environment)
    expect(now.stdout).toContain('0 of 1 jobs finished, 0 failed, 1 not run')
    expect(readdirSync(join(at('checkpoints'), 'interrupted'))).toHaveLength(1)
  }, 120_000)

  it('says that a wrong password is refused, and not which', async (context) => {
    if (server === undefined) return context.skip(missing)
    const url = server.url.replace(encodeURIComponent(PASSWORD), 'wrong-secret')
    const { status, stderr, stdout } = run(['submit', '--grid', grid], { MECHID_REDIS_URL: url })
    expect(status).toBe(1)
    expect(stderr).toMatch(new RegExp(`Redis at 127.0.0.1:${server.port} cannot be used: WRONGPASS`))
    expect(stderr + stdout).not.toContain('wrong-secret')
  })
})

/** A certificate for 127.0.0.1 that signs itself; undefined without OpenSSL. */
const selfSigned = (): Certificate | undefined => {
  const [key, certificate] = [at('key.pem'), at('certificate.pem')]
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const { status } = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate],
    ...subject
  ])
  return status === 0 ? { certificate, key } : undefined
}

describe('Redis by TLS', () => {
  it('is used if its certificate is trusted, and refused if not', async (context) => {
    const certificate = selfSigned()
    if (redisProgram === undefined) return context.skip(missing)
    if (certificate === undefined) return context.skip('OpenSSL is not installed')
    const server = await redisServer(redisProgram, at('tls'), certificate)
    try {
      await server.start()
    } catch {
      await server.end('SIGKILL')
      return context.skip('this redis-server was built without TLS')
    }
    try {
      const file = at('url')
      writeFileSync(file, `${server.url}\n`, { mode: 0o600 })
      const submit = ['submit', '--grid', grid, '--redis-url-file', file]
      const trusted = run(submit, { NODE_EXTRA_CA_CERTS: certificate.certificate })
      expect(trusted.stderr).toBe('')
      expect(trusted.stdout).toContain(`${JOBS} added`)
      const { status, stderr } = run(submit)
      expect(status).toBe(1)
      expect(stderr).toMatch(/self-signed certificate/)
      for (const secret of SECRETS) expect(stderr).not.toContain(secret)
    } finally {
      await server.end('SIGKILL')
    }
  }, 60_000)
})

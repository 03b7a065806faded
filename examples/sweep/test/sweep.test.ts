/** The program on one machine: real worker processes, real files, real exit codes. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSafetensors, writeSafetensors } from '@mechid/files'
import { orThrow } from '@mechid/values'
import { afterAll, describe, expect, it } from 'vitest'
import { figures, resultsIn, run, start } from './program.js'

const folder = mkdtempSync(join(tmpdir(), 'sweep-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)

const gridFile = (name: string, grid: unknown): string => {
  const file = at(`${name}.json`)
  writeFileSync(file, JSON.stringify(grid))
  return file
}

const small = { problems: 'ActionDiag', methods: 'gated', latents: 2, rows: 1000 }

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))

/** The first process that a process starts; Linux tells it in a file. */
const firstChildOf = async (pid: number | undefined): Promise<number> => {
  for (;;) {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
    if (child !== '') return Number(child)
    await pause()
  }
}

describe('npm run sweep', () => {
  it('goes on when interrupted and when a worker process is killed, to the results of an unbroken sweep', async () => {
    const grid = gridFile('long', { ...small, steps: 900, seeds: '1..3' })
    const args = (out: string): string[] => ['run', '--grid', grid, '--workers', '1', '--out', at(out)]
    const first = start(args('broken'))
    await first.says(/^1 of 3 done/m)
    first.child.kill('SIGINT')
    expect(await first.ended).toBe(130)
    expect(first.said()).toContain('interrupted; the same command goes on from here')
    const kept = join(at('broken'), 'runs')
    const names = readdirSync(kept).filter((name) => name.endsWith('.json'))
    expect(names).toHaveLength(1)
    const written = statSync(join(kept, names[0])).mtimeMs

    const second = start(args('broken'))
    await second.says(/^1 of 3 done/m)
    if (process.platform === 'linux') {
      process.kill(await firstChildOf(second.child.pid), 'SIGKILL')
      await second.says(/failed \(1 of 3 tries\): its process died \(SIGKILL\)/)
    }
    expect(await second.ended).toBe(0)
    expect(statSync(join(kept, names[0])).mtimeMs).toBe(written)

    expect(run(args('whole')).status).toBe(0)
    const [broken, whole] = [at('broken'), at('whole')].map((out) => resultsIn(join(out, 'results.json')))
    expect(whole.results).toHaveLength(3)
    expect(figures(broken)).toEqual(figures(whole))
    expect(broken.results.some(({ resumed }) => resumed === true)).toBe(true)

    const csv = readFileSync(join(at('whole'), 'results.csv'), 'utf8')
      .trim()
      .split('\n')
    expect(csv).toHaveLength(4)
    expect(csv[0]).toMatch(/^problem,method,seed,.*,bound,/)
    const html = readFileSync(join(at('whole'), 'report.html'), 'utf8')
    expect(html).toContain('3 jobs: 3 finished, 0 failed, 0 not run')
    expect(html).toContain('By seed')
    expect(html).not.toContain('By problem')
  }, 300_000)

  it('tries a training whose values are NaN again, at last without its checkpoint', async () => {
    const grid = gridFile('poisoned', { ...small, steps: 1400, seeds: 1 })
    const args = ['run', '--grid', grid, '--workers', '1', '--out', at('poisoned')]
    const interrupted = start(args)
    const checkpoint = join(
      at('poisoned'),
      'runs',
      'ActionDiag-gated-2-1000-1400-steps-1',
      'checkpoint.safetensors'
    )
    while (!existsSync(checkpoint)) await pause()
    interrupted.child.kill('SIGINT')
    expect(await interrupted.ended).toBe(130)
    const { tensors, metadata } = await orThrow(readSafetensors(checkpoint))
    for (const { data } of Object.values(tensors)) if (data instanceof Float32Array) data.fill(Number.NaN)
    await orThrow(writeSafetensors(checkpoint, tensors, metadata))

    const { status, stderr } = run(args)
    expect(stderr.match(/failed \(\d of 3 tries\): .* is NaN/g)).toHaveLength(2)
    expect(status).toBe(0)
    expect(resultsIn(join(at('poisoned'), 'results.json')).results).toHaveLength(1)
  }, 120_000)

  it('reports a job that fails three times, and finishes the rest', () => {
    // Batches of 1024 out of 1000 rows.
    const grid = gridFile('failing', { ...small, methods: ['published', 'gated'], steps: 20 })
    const out = at('failing')
    const { status, stderr, stdout } = run(['run', '--grid', grid, '--workers', '1', '--out', out])
    expect(status).toBe(1)
    expect(stderr.match(/published.*failed \(\d of 3 tries/g)).toHaveLength(3)
    expect(stdout).toMatch(/1 of 2 jobs finished, 1 failed, 0 not run/)
    const { results, failures, notRun } = resultsIn(join(out, 'results.json'))
    expect(results.map(({ method }) => method)).toEqual(['gated'])
    expect(failures).toMatchObject([{ message: expect.stringMatching(/917 rows, at least 1024 are needed/) }])
    expect(notRun).toEqual([])
    const html = readFileSync(join(out, 'report.html'), 'utf8')
    expect(html).toMatch(/Failures[\s\S]*at least 1024 are needed/)
    expect(html).toContain('By method')
  }, 120_000)

  it('runs baselines beside presets, and says what it leaves out', () => {
    const methods = ['gated', 'ivae', 'slow-vae', 'fast-ica-codes', 'supervised']
    const grid = gridFile('methods', { ...small, problems: ['ActionDiag', 'TimeDiag'], methods, steps: 20 })
    const args = ['run', '--grid', grid, '--workers', '2', '--out', at('methods')]
    const { status, stdout } = run(args)
    expect(status).toBe(0)
    expect(stdout).toMatch(/^ActionDiag is left out of slow-vae\./m)
    const { results, failures } = resultsIn(join(at('methods'), 'results.json'))
    expect(failures).toEqual([])
    expect(results.map(({ problem, method }) => `${problem} ${method}`)).toEqual([
      ...methods.filter((method) => method !== 'slow-vae').map((method) => `ActionDiag ${method}`),
      ...methods.filter((method) => method !== 'ivae').map((method) => `TimeDiag ${method}`)
    ])
    for (const { method, shd, mcc } of results) {
      expect(mcc).toBeGreaterThan(0)
      expect(shd === null).toBe(method !== 'gated')
    }
    expect(run(args).stdout).toMatch(/8 jobs, 0 to do/)
  }, 180_000)

  const unreachable = { MECHID_REDIS_URL: 'redis://:top-secret@127.0.0.1:1' }
  const sound = (): string => gridFile('sound', small)
  it.each<[string, () => string[], RegExp]>([
    [
      'an unknown problem',
      () => ['--grid', gridFile('a', { problems: 'TimeDiga' })],
      /did you mean TimeDiag\?/
    ],
    ['an unknown method', () => ['--grid', gridFile('b', { ...small, methods: 'fats' })], /mean fast\?/],
    ['a grid without jobs', () => ['--grid', gridFile('c', { problems: [] })], /so the grid has no jobs/],
    ['a file that is not there', () => ['--grid', at('none.json')], /none\.json: cannot be read \(ENOENT/],
    ['no grid', () => ['run'], /--grid is missing/],
    ['an unknown command', () => ['work'], /no command "work"/],
    ['a worker without a sweep', () => ['worker'], /--grid or --name is missing/],
    ['a URL on the command line', () => ['submit', '--redis-url', 'redis://:top-secret@h'], /others see/],
    [
      'Redis that nobody runs',
      () => ['submit', '--grid', sound()],
      /127\.0\.0\.1:1 cannot be used: .*REFUSED/
    ],
    ['Redis that nobody runs, to a worker', () => ['worker', '--name', 'a'], /REFUSED/],
    ['Redis that nobody runs, to collect', () => ['collect', '--grid', sound()], /REFUSED/],
    [
      'a file of a URL that is not there',
      () => ['submit', '--grid', sound(), '--redis-url-file', at('u')],
      /ENOENT/
    ]
  ])('%s is told in one line', (_, args, message) => {
    const { status, stderr, stdout } = run(args(), unreachable)
    expect(status).toBeGreaterThan(0)
    expect(stderr).toMatch(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr + stdout).not.toContain('top-secret')
  })

  it.each([
    [['--help']],
    [['run', '--help']],
    [['submit', '-h']],
    [['worker', '--help']],
    [['collect', '--help']]
  ])('%j explains itself', (args) => {
    const { status, stdout } = run(args)
    expect(status).toBe(0)
    expect(stdout).toContain('Usage: npm run sweep --')
  })
})

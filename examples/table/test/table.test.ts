/** The program as a user runs it: real files, real exit codes. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../dist/index.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'table-'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })

const small = ['--latents', '2', '--rows', '3000', '--steps', '40', '--out', join(folder, 'out')]

describe('npm run table', () => {
  it('keeps every run, and does not train a finished one again', () => {
    const first = run('--only', 'ActionDiag,TimeDiag', ...small, '--json', join(folder, 'all.json'))
    expect(first.stderr).not.toContain('error')
    expect(first.status).toBe(0)
    const records = JSON.parse(readFileSync(join(folder, 'all.json'), 'utf8'))
    expect(records).toMatchObject([
      { problem: 'ActionDiag', method: 'fast', seed: 101, published: null, possible: 4, edges: 2 },
      { problem: 'TimeDiag', method: 'fast', seed: 101, prediction: 'complete' }
    ])
    for (const { mcc, rFloor, seconds, verdict, verdictWithoutTruth } of records) {
      expect(mcc).toBeGreaterThan(0)
      expect(rFloor).toBeLessThanOrEqual(1)
      expect(seconds).toBeGreaterThan(0)
      // So short a training ends far from the latents, and data reject its basis, or the test sees it.
      expect(['broken', 'cannot tell']).toContain(verdict.answer)
      expect(verdict.reasons.length).toBeGreaterThan(0)
      expect(['kept', 'broken', 'cannot tell']).toContain(verdictWithoutTruth.answer)
    }
    for (const { verdict } of records) {
      expect(first.stdout).toContain(verdict.answer)
      expect(first.stdout).toContain(verdict.reasons[0])
    }
    const kept = join(folder, 'out', 'runs')
    const files = readdirSync(kept).filter((name) => name.endsWith('.json'))
    expect(files).toHaveLength(2)
    const written = statSync(join(kept, files[0])).mtimeMs
    const second = run('--only', 'ActionDiag,TimeDiag', ...small)
    expect(second.stderr).not.toContain('dense')
    expect(statSync(join(kept, files[0])).mtimeMs).toBe(written)
    const csv = readFileSync(join(folder, 'out', 'results.csv'), 'utf8')
      .trim()
      .split('\n')
    expect(csv).toHaveLength(3)
    expect(csv[0]).toContain('problem,method,seed')
    expect(csv[0]).toContain(',verdict,brokenPairs,doubt,verdictWithoutTruth,')
    for (const [k, { verdict }] of records.entries()) expect(csv[k + 1]).toContain(`"${verdict.answer}"`)
    const html = readFileSync(join(folder, 'out', 'report.html'), 'utf8')
    expect(html).toMatch(/<svg.*TimeDiag/s)
    for (const { verdict } of records) expect(html).toContain(verdict.answer)
  }, 60_000)

  it('reads records that were kept before verdicts were', () => {
    const out = join(folder, 'older')
    const sizes = [...small.slice(0, -1), out]
    expect(run('--only', 'ActionDiag', ...sizes, '--methods', 'random').status).toBe(0)
    const kept = join(out, 'runs', readdirSync(join(out, 'runs'))[0])
    const { verdict, ...older } = JSON.parse(readFileSync(kept, 'utf8'))
    expect(['kept', 'broken', 'cannot tell']).toContain(verdict.answer)
    writeFileSync(kept, JSON.stringify(older))
    const again = run('--only', 'ActionDiag', ...sizes, '--methods', 'random')
    expect(again.stderr).not.toContain('error')
    expect(again.status).toBe(0)
    expect(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'))).toEqual([older])
    expect(readFileSync(join(out, 'results.csv'), 'utf8')).not.toMatch(/"(broken|kept|cannot tell)"/)
  }, 60_000)

  it('ends in order when interrupted, and goes on to the numbers of an unbroken run', async () => {
    const options = ['--only', 'ActionDiag', '--latents', '2', '--rows', '3000', '--steps', '800']
    const broken = ['--out', join(folder, 'broken')]
    const interrupted = spawn(process.execPath, [program, ...options, ...broken])
    let said = ''
    interrupted.stderr.on('data', (chunk) => {
      const before = said
      said += chunk
      if (said.includes('dense: 10%') && !before.includes('dense: 10%')) interrupted.kill('SIGINT')
    })
    expect(await new Promise((resolve) => interrupted.on('close', resolve))).toBe(130)
    expect(said).toMatch(/interrupted at step \d+; the same command goes on from here/)

    const figures = (...args: string[]) => {
      const file = join(folder, 'figures.json')
      expect(run(...options, ...args, '--json', file).status).toBe(0)
      const { seconds: _, resumed, ...rest } = JSON.parse(readFileSync(file, 'utf8'))[0]
      return { resumed, rest }
    }
    const again = figures(...broken)
    expect(again.resumed).toBe(true)
    expect(again).toEqual({ ...figures('--out', join(folder, 'unbroken')), resumed: true })
  }, 60_000)

  /** Programs that are killed, go on, and are compared with an unbroken one. */
  const killable = (...options: string[]) => {
    const name = options[1]
    const figures = (out: string) => {
      const file = join(folder, `${name} killed.json`)
      const { status, stderr } = run(...options, '--out', join(folder, name, out), '--json', file)
      expect(stderr).not.toContain('error')
      expect(status).toBe(0)
      const { seconds: _, resumed, ...rest } = JSON.parse(readFileSync(file, 'utf8'))[0]
      return { resumed, rest, stderr }
    }
    /** What it said until it was killed, which happens at `moment`. */
    const killed = async (moment: RegExp): Promise<string> => {
      const victim = spawn(process.execPath, [program, ...options, '--out', join(folder, name, 'killed')])
      let said = ''
      victim.stderr.on('data', (chunk) => {
        said += chunk
        if (moment.test(said)) victim.kill('SIGKILL')
      })
      expect(await new Promise((resolve) => victim.on('close', (_, signal) => resolve(signal)))).toBe(
        'SIGKILL'
      )
      return said
    }
    return { figures, killed }
  }

  it('goes on after SIGKILL in each of its stages, to the numbers of an unbroken run', async () => {
    const small = ['--latents', '2', '--rows', '3000', '--steps', '2400']
    const { figures, killed } = killable('--only', 'ActionNonDiag', ...small)
    // Each goes on where the one before was killed: what was done is not done again.
    expect(await killed(/^dense: 90%/m)).toMatch(/^dense: 10%/m)
    expect(await killed(/^sharpen: 60%/m)).not.toMatch(/^dense: 50%/m)
    expect(await killed(/^unmix: \d0%/m)).not.toMatch(/^(dense: \d0|sharpen: 40)%/m)
    expect(await killed(/^refine: 70%/m)).not.toMatch(/^(dense|sharpen): \d0%/m)
    const last = figures('killed')
    expect(last.stderr).not.toMatch(/^(dense: \d0|sharpen: \d0|refine: 50)%/m)
    expect(last.resumed).toBe(true)
    expect(last.rest).toEqual(figures('whole').rest)
  }, 300_000)

  it('compares methods, and says which do not suit a problem', () => {
    const file = join(folder, 'methods.json')
    const methods = 'fast,ivae,slow-vae,fast-ica,fast-ica-codes,random,supervised'
    const problems = ['--only', 'ActionBlockDiag,TimeBlockDiag', '--methods', methods]
    const sizes = ['--latents', '4', '--rows', '1000', '--steps', '20', '--out', join(folder, 'methods')]
    const { status, stdout, stderr } = run(...problems, ...sizes, '--json', file)
    expect(stderr).not.toContain('error')
    expect(status).toBe(0)
    const records: { problem: string; method: string; shd: number | null; rCon: number; note?: string }[] =
      JSON.parse(readFileSync(file, 'utf8'))
    const of = (problem: string) =>
      records.filter((run) => run.problem === problem).map(({ method }) => method)
    const everywhere = ['fast-ica', 'fast-ica-codes', 'random', 'supervised']
    expect(of('ActionBlockDiag')).toEqual(['fast', 'ivae', ...everywhere])
    expect(of('TimeBlockDiag')).toEqual(['fast', 'slow-vae', ...everywhere])
    for (const { method, shd, rCon } of records) {
      expect(shd === null).toBe(method !== 'fast')
      expect(rCon).toBeGreaterThan(0)
    }
    expect(stdout).toContain(
      'ActionBlockDiag is left out of slow-vae. SlowVAE: the data are static, with actions'
    )
    expect(stdout).toContain('TimeBlockDiag is left out of ivae.')
    const html = readFileSync(join(folder, 'methods', 'report.html'), 'utf8')
    expect(html).toMatch(/TimeBlockDiag by supervised \(R_con\)/)
    expect(html).toContain('TimeBlockDiag is left out of ivae.')
    const again = run(...problems, ...sizes)
    expect(again.stderr).not.toContain('loss')
  }, 120_000)

  it.each(['ActionDiag', 'TimeDiag'])(
    'trains codes of %s once for several bounds on the edges, to the numbers of runs of their own',
    (problem) => {
      const options = ['--only', problem, '--latents', '3', '--rows', '3000', '--steps', '60']
      const figures = (out: string, edges: string) => {
        const file = join(folder, 'bounds.json')
        const { status, stderr } = run(
          ...options,
          '--edges',
          edges,
          '--out',
          join(folder, problem, out),
          '--json',
          file
        )
        expect(status).toBe(0)
        const records: { seconds: number; resumed: boolean }[] = JSON.parse(readFileSync(file, 'utf8'))
        return { stderr, records: records.map(({ seconds: _, resumed: __, ...rest }) => rest) }
      }
      const shared = figures('shared', 'true, auto')
      expect(shared.records).toMatchObject([{ bound: null }, { bound: 'auto' }])
      for (const stage of ['dense', 'sharpen']) {
        expect(shared.stderr.match(new RegExp(`^${stage}: 100%`, 'gm'))).toHaveLength(1)
      }
      expect(shared.stderr.match(/^refine: 100%/gm)).toHaveLength(2)
      expect(readdirSync(join(folder, problem, 'shared', 'runs'))).toHaveLength(2)
      expect(readFileSync(join(folder, problem, 'shared', 'report.html'), 'utf8')).toContain(
        'fast, edges auto'
      )
      expect(shared.records[1]).toEqual(figures('alone', 'auto').records[0])
    },
    300_000
  )

  it('leaves the number of latents to the data, asks them once for all bounds, and keeps the answer', () => {
    const file = join(folder, 'chosen.json')
    const options = [
      '--only',
      'ActionDiag',
      '--latents',
      '3',
      '--choose-latents',
      '2..5',
      '--edges',
      'true,auto'
    ]
    const sizes = ['--rows', '3000', '--steps', '60', '--out', join(folder, 'chosen'), '--json', file]
    const first = run(...options, ...sizes, '--methods', 'fast,random')
    expect(first.stderr).not.toContain('error')
    expect(first.status).toBe(0)
    const records = JSON.parse(readFileSync(file, 'utf8'))
    const { learnedLatents } = records[0]
    // So short trainings do not say which number is right; that they can is tested in model-selection.
    expect([2, 3, 4, 5]).toContain(learnedLatents)
    expect(records).toMatchObject([
      { latents: 3, learnedLatents, bound: null },
      { latents: 3, learnedLatents, bound: 'auto' },
      { latents: 3, method: 'random' }
    ])
    expect(records[2]).not.toHaveProperty('learnedLatents')
    // The choice is asked once, and runs that differ in their bound alone share their dense stage.
    expect(first.stderr.match(/^5 latents again: 100%/gm)).toHaveLength(1)
    expect(first.stderr.match(/^dense: 100%/gm)).toHaveLength(1)
    const html = readFileSync(join(folder, 'chosen', 'report.html'), 'utf8')
    expect(html).toContain(`${learnedLatents} latents chosen`)
    const again = run(...options, ...sizes, '--methods', 'fast,random')
    expect(again.stderr).not.toContain('100%')
    expect(readFileSync(join(folder, 'chosen', 'results.csv'), 'utf8')).toContain('learnedLatents')
  }, 120_000)

  it('scores a training with too few latents', () => {
    const file = join(folder, 'few.json')
    const options = ['--only', 'ActionDiag', '--latents', '3', '--choose-latents', '2']
    const sizes = ['--rows', '3000', '--steps', '60', '--out', join(folder, 'few'), '--json', file]
    expect(run(...options, ...sizes).status).toBe(0)
    const [{ learnedLatents, shd, mcc }] = JSON.parse(readFileSync(file, 'utf8'))
    expect({ learnedLatents, shd }).toEqual({ learnedLatents: 2, shd: null })
    expect(mcc).toBeLessThanOrEqual(2 / 3)
  }, 120_000)

  it('ends where no method suits any problem', () => {
    const { status, stderr } = run('--only', 'ActionDiag', '--methods', 'pcl')
    expect(status).toBe(2)
    expect(stderr).toMatch(/error: no method suits any of the problems/)
  })

  it('refuses what is no list of probabilities', () => {
    const { status, stderr } = run('--only', 'TimeRandomGraph', '--edge-probability', '0.1,often')
    expect(status).toBe(2)
    expect(stderr).toMatch(/"0.1,often" is no list of numbers between 0 and 1/)
  })

  it.each([
    [['--only', 'ActionDiagonal'], /no problem "ActionDiagonal"/],
    [['--only', 'TimeDiga'], /did you mean TimeDiag\?/],
    [['--methods', 'fast,ica'], /no "ica"; the methods are fast, gated, published, beta-vae/],
    [['--edges', 'true,many'], /--edges holds "many"; it must be true, auto, or an integer/],
    [['--latents', 'some'], /--latents is "some"; it must be an integer, 2 or more, or auto/],
    [['--choose-latents', '12..8'], /--choose-latents is "12..8"; it must be/],
    [['--choose-latents', '8..21'], /--choose-latents is "8..21", but there are only 20 features/],
    [['--seeds', '0'], /--seeds is "0"/],
    [['--sed', '1'], /did you mean/]
  ])('%j is refused in one line', (args, text) => {
    const { status, stderr } = run(...args)
    expect(status).not.toBe(0)
    expect(stderr).toMatch(text)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it('explains itself', () => {
    expect(run('--help').stdout).toContain('--only')
  })
})

/** The program as a user runs it: real files, real exit codes. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
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
    for (const { mcc, rFloor, seconds } of records) {
      expect(mcc).toBeGreaterThan(0)
      expect(rFloor).toBeLessThanOrEqual(1)
      expect(seconds).toBeGreaterThan(0)
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
  }, 60_000)

  it.each([
    [['--only', 'ActionDiagonal'], /ActionDiagonal/],
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

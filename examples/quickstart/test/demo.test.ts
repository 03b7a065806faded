/** The program as a user runs it: real files, real exit codes. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../dist/index.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'demo-'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })
const sized = (latents: number) => ['--latents', String(latents), '--rows', '3000', '--steps', '40']
const small = sized(2)

describe('npm run demo', () => {
  it('predicts, trains in stages, scores each, and leaves a report', () => {
    const out = join(folder, 'partial')
    const { status, stdout, stderr } = run('--problem', 'ActionBlockDiag', ...small, '--out', out)
    expect(stderr).not.toContain('error')
    expect(status).toBe(0)
    expect(stdout).toContain('the graph leaves all latents mixed')
    expect(stdout).toMatch(/stage +seconds +MCC +R_con +R +SHD/)
    expect(stdout).toMatch(/Hypothesis: (additive|sparse) mechanisms/)
    expect(stdout).not.toContain('The promise was kept')
    expect(readdirSync(out).sort()).toEqual(['model.safetensors', 'pictures', 'report.html', 'results.json'])
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('R_con after unmix again')
    const { stages, promise } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'))
    expect(promise).toBe('none')
    expect(stages.map(({ stage }: { stage: string }) => stage)).toEqual([
      'dense',
      'sharpen',
      'unmix',
      'refine',
      'unmix again'
    ])
  }, 60_000)

  it('claims nothing where influence is not sufficient', () => {
    const name = 'ActionNonDiag (no sufficient variability)'
    const json = join(folder, 'lacking.json')
    const { stdout, status } = run(
      '--problem',
      name,
      ...sized(3),
      '--out',
      join(folder, 'lacking'),
      '--json',
      json
    )
    expect(status).toBe(0)
    expect(stdout).toContain('Influence is not sufficient')
    // So short a training mixes latents; one that did not would be no success of the theory.
    expect(stdout).toContain('Sparsity had promised nothing')
    expect(stdout).not.toContain('The promise was kept')
    expect(JSON.parse(readFileSync(json, 'utf8')).promise).toBe('not sufficient')
  }, 120_000)

  it.each([
    [['--problem', 'ActionNonDig'], /no problem "ActionNonDig"; did you mean ActionNonDiag\?/],
    [['--problem', 'ActionBlockDiag', '--latents', '3'], /latents.*even/],
    [['--problem', 'ActionRandomGraph', '--edge-probability', '2'], /between 0 and 1/]
  ])('%j is refused in one line', (args, text) => {
    const { status, stderr } = run(...args)
    expect(status).toBeGreaterThan(0)
    expect(stderr).toMatch(text)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it('explains itself', () => {
    expect(run('--help').stdout).toContain('--edge-probability')
  })
})

/** `fit --latents 2..4` chooses the number, keeps the choice, and takes it up again. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { problem } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { linearMixing, simulate, writeDataSet } from '@mechid/simulators'
import { orThrow } from '@mechid/values'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'mechid-latent-number-'))
const program = new URL('../dist/index.js', import.meta.url).pathname
const file = join(folder, 'rows.npz')
const out = join(folder, 'out')

const fit = (...args: string[]) =>
  spawnSync(process.execPath, [program, '--data', file, '--out', out, ...args], {
    encoding: 'utf8',
    cwd: folder
  })

beforeAll(async () => {
  const kernel = orThrow(problem('ActionDiag', { latents: 3 }))
  const mixing = orThrow(linearMixing({ latents: 3, features: 6, random: generator(4) }))
  const { data } = orThrow(simulate({ kernel, mixing, rows: 5000, seed: 4 }))
  await orThrow(writeDataSet(file, data))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('--latents', () => {
  // After 1,600 steps all four latents are still in use, and half a nat more or less is a matter of rounding.
  it('chooses from a range, and a resumed run keeps the choice', () => {
    const chosen = fit('--latents', '2..4', '--steps', '4000', '--batch', '128', '--seed', '1')
    expect(chosen.stderr + chosen.stdout).toContain('3 latents')
    expect(chosen.status).toBe(0)
    const kept = JSON.parse(readFileSync(join(out, 'latent-number.json'), 'utf8'))
    expect(kept).toMatchObject({ least: 2, most: 4, latents: 3 })
    const graph = JSON.parse(readFileSync(join(out, 'graph.json'), 'utf8'))
    expect(graph.latentNames).toHaveLength(3)
    const again = fit('--latents', '2..4', '--steps', '4000', '--batch', '128', '--seed', '1', '--resume')
    expect(again.status).toBe(0)
    // Nothing is tried again.
    expect(again.stdout).not.toContain('in use')
  }, 400_000)

  it.each(['0', '3..2', 'many', '2..', '1.5'])('refuses %s', (text) => {
    const { status, stderr } = fit('--latents', text)
    expect(status).toBe(2)
    expect(stderr).toContain(`--latents is "${text}"`)
  })

  it('refuses more than there are features', () => {
    const { status, stderr } = fit('--latents', '2..9')
    expect(status).toBe(2)
    expect(stderr).toContain('--latents is 9')
  })
})

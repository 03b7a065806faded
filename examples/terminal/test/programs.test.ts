/** What all programs of the repository have in common. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const examples = fileURLToPath(new URL('../..', import.meta.url))
/** What programs share. */
const parts = ['gallery', 'terminal']
const names = readdirSync(examples).filter(
  (name) => !parts.includes(name) && existsSync(`${examples}/${name}/src`)
)
const run = (name: string, ...args: string[]) =>
  spawnSync(process.execPath, [`${examples}/${name}/dist/index.js`, ...args], {
    encoding: 'utf8',
    cwd: tmpdir()
  })

describe.each(names)('%s', (name) => {
  it('explains itself', () => {
    const { status, stdout, stderr } = run(name, '-h')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/Usage: npm run [a-z]+ -- /)
  }, 60_000)

  it('does not start with an option that it does not know', () => {
    const { status, stdout, stderr } = run(name, '--seeed', '3')
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^error: [^\n]*--seeed[^\n]*\n$/)
  }, 60_000)
})

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const program = fileURLToPath(new URL('../dist/index.js', import.meta.url))

it('writes the page to a folder, with relative paths alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mechid-explorer-'))
  try {
    const { status, stdout } = spawnSync(process.execPath, [program, '--build', 'site'], {
      cwd: folder,
      encoding: 'utf8'
    })
    expect([status, stdout]).toEqual([0, expect.stringContaining(join(folder, 'site', 'index.html'))])
    const page = readFileSync(join(folder, 'site', 'index.html'), 'utf8')
    const links = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link)
    const files = links.filter((link) => !link.startsWith('data:'))
    expect(files.length).toBeGreaterThan(1)
    for (const file of files) {
      expect(file).toMatch(/^\.\//)
      expect(existsSync(join(folder, 'site', file)), file).toBe(true)
    }
    const assets = readdirSync(join(folder, 'site', 'assets'))
    for (const file of assets.filter((name) => name.endsWith('.js')))
      expect(readFileSync(join(folder, 'site', 'assets', file), 'utf8'), file).not.toMatch(/["'`]\/assets\//)
  } finally {
    rmSync(folder, { recursive: true })
  }
}, 60_000)

it('serves it, and says so where the port is taken', async () => {
  const first = spawn(process.execPath, [program, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const said = await new Promise<string>((resolve) => {
      first.stdout.on('data', (text) => resolve(String(text)))
    })
    const port = /http:\/\/localhost:(\d+)\//.exec(said)?.[1] ?? ''
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200)
    const second = spawnSync(process.execPath, [program, '--port', port], { encoding: 'utf8' })
    expect([second.status, second.stderr.trim()]).toEqual([
      1,
      `error: port ${port} is taken; choose another with --port`
    ])
  } finally {
    first.kill()
  }
}, 60_000)

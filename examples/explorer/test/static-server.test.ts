import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fileFor, startServer } from '../src/static-server.js'

it('knows the files of its folder, and none outside', () => {
  const folder = join(tmpdir(), 'page')
  expect(fileFor(folder, '/')).toBe(join(folder, 'index.html'))
  expect(fileFor(folder, '/assets/a.js?x#y')).toBe(join(folder, 'assets/a.js'))
  for (const address of ['/../secret', '/%2e%2e/secret', '/a/..%2f..%2fsecret', '/%00', '/%'])
    expect(fileFor(folder, address) ?? folder).toMatch(new RegExp(`^${folder}`))
})

it('serves them with their types', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mechid-explorer-'))
  mkdirSync(join(folder, 'sub'))
  writeFileSync(join(folder, 'index.html'), '<p>')
  writeFileSync(join(folder, 'm.wasm'), 'asm')
  const { server, port } = await startServer(folder, 0)
  try {
    const get = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method })
    const page = await get('/')
    expect([page.status, await page.text(), page.headers.get('content-type')]).toEqual([
      200,
      '<p>',
      'text/html; charset=utf-8'
    ])
    expect((await get('/m.wasm', 'HEAD')).headers.get('content-type')).toBe('application/wasm')
    expect((await get('/sub')).status).toBe(404)
    expect((await get('/none')).status).toBe(404)
    expect((await get('/', 'POST')).status).toBe(405)
    await expect(startServer(folder, port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
  } finally {
    server.close()
    rmSync(folder, { recursive: true })
  }
})

/** WebAssembly modules that packages carry are their sources, assembled. */
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { expect, it } from 'vitest'
import { assemble, moduleOf, sources } from '../scripts/assemble.mjs'
import { root } from './workspace.js'

it('are found', () => {
  expect(sources.length).toBeGreaterThanOrEqual(7)
})

it.each(sources.map((source) => [relative(root, source), source]))('%s', async (_, source) => {
  expect(readFileSync(moduleOf(source), 'utf8')).toBe(await assemble(source))
})

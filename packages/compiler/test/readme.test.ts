import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatWithOptions } from 'node:util'
import { orThrow } from '@mechid/values'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import ts from 'typescript'
import { expect, it } from 'vitest'
import * as face from '../src/index.js'

const values: Readonly<Record<string, unknown>> = { ...face, orThrow, writeFileSync }
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor

/** Runs example number `index`; answers the lines that it prints. */
const run = async (index: number): Promise<string[]> => {
  const code = readme
    .split('```ts\n')
    [index + 1].split('```')[0]
    .replace(/^import .*\n/gm, '')
  const body = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022 } }).outputText
  const printed: string[] = []
  const example = new AsyncFunction(...Object.keys(values), 'tf', 'console', `{${body}}`)
  const log = (...shown: unknown[]) => printed.push(formatWithOptions({}, ...shown))
  await example(...Object.values(values), tf, { log })
  return printed
}

it('trains in the first example', async () => {
  expect(await run(0)).toEqual(["[ '3.00', '-2.00' ] 1.00"])
})

it('encodes and exports in the second', async () => {
  await tf.setBackend('cpu')
  const [z, exported] = await run(1)
  expect(z).toMatch(/^Float32Array\(2\) \[ 0\.379\d*, 0\.462\d* \]$/)
  expect(exported).toBe('true')
})

it('opens an encoder in the third', async () => {
  await tf.setBackend('cpu')
  const [before, folder] = [process.cwd(), mkdtempSync(join(tmpdir(), 'mechid-readme-'))]
  process.chdir(folder)
  try {
    expect(await run(2)).toEqual(['[ 3, 2 ] 0.841'])
  } finally {
    process.chdir(before)
    rmSync(folder, { recursive: true })
  }
})

it('names every public value and type in the index', () => {
  const index = readme.slice(readme.indexOf('## Index'))
  const source = readFileSync(new URL('../src/index.ts', import.meta.url), 'utf8')
  const names = [...source.matchAll(/\{([^}]*)\}/g)].flatMap(([, list]) =>
    list.split(',').map((name) => name.replace('type ', '').trim())
  )
  expect(names.length).toBeGreaterThan(20)
  expect(names.filter((name) => name !== '' && !index.includes(`\`${name}\``))).toEqual([])
})

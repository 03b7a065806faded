import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { renderHtml, renderPictures } from '../src/index.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const Asynchronous = Object.getPrototypeOf(async () => undefined).constructor

it('runs the first example', async () => {
  const code = readme
    .split('```ts\n')[1]
    .split('```')[0]
    .replace(/^import .*\n/, '')
  const run = new Asynchronous('renderHtml', 'renderPictures', `${code}; return { html, pictures }`)
  const { html, pictures } = await run(renderHtml, renderPictures)
  expect(html.right).toMatch(/^<!doctype html>/)
  expect(pictures.right.map(({ name }: { name: string }) => name)).toEqual([
    'graph.svg',
    'actions-on-latents.svg',
    'actions-on-latents-probability.svg',
    'loss.svg',
    'edges.svg'
  ])
})

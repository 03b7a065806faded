import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { generator } from '../src/index.js'

const example = `const root = generator(1)
const noise = root.split('noise').split(1000) // the same stream however much was drawn before
const block = new Float64Array(4096)
noise.fillNormal(block)
const order = root.split('epoch').split(3).permutation(10)
`

it('runs the first example', () => {
  expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(example)
  const run = new Function('generator', `${example}; return { block, order }`)
  const { block, order } = run(generator)
  expect(block.some((x: number) => x !== 0)).toBe(true)
  expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

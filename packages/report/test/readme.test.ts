import { afterAll, expect, it } from 'vitest'
import { programsOf } from '../../../tests/code-blocks.js'
import { removePrograms, runProgram } from '../../../tests/programs.js'

afterAll(removePrograms)

it('runs the first example', async () => {
  const [program] = programsOf('packages/report/README.md')
  const { html, pictures } = (await runProgram(program, ['html', 'pictures'])).values as {
    html: { readonly right: string }
    pictures: { readonly right: ReadonlyArray<{ readonly name: string }> }
  }
  expect(html.right).toMatch(/^<!doctype html>/)
  expect(pictures.right.map(({ name }) => name)).toEqual([
    'graph.svg',
    'actions-on-latents.svg',
    'actions-on-latents-probability.svg',
    'loss.svg',
    'edges.svg'
  ])
})

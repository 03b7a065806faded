/** The page that leads from the papers to the code names functions that are there. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packages, root } from './workspace.js'

const page = readFileSync(join(root, 'docs/paper-to-code.md'), 'utf8')

/** Names in code marks: `a(…)` and `a` alike. */
const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(/`([A-Za-z]\w*)(?:\([^`]*\))?`/g)].map(([, name]) => name)

const ROW = /^\|.*\| \[`([a-z-]+)`\]\(\.\.\/packages\/([a-z-]+)\/README\.md#index\)\s*\|$/

/** Package → the functions that a row of a table says are in it. */
const rows = page.split('\n').flatMap((line) => {
  const found = ROW.exec(line)
  if (found === null) return []
  const [, functions] = line.replaceAll('\\|', '').split('|').slice(1, -1)
  return [{ name: found[1], linked: found[2], functions: namesIn(functions) }]
})

describe('from the papers to the code', () => {
  it('has rows of both papers', () => {
    expect(rows.length).toBeGreaterThan(25)
    const body = page
      .split('\n')
      .filter((line) => line.startsWith('| ') && !/^\| (in the paper|-)/.test(line))
    expect(rows.length).toBe(body.length)
    for (const { name, linked, functions } of rows) {
      expect(linked).toBe(name)
      expect(functions.length).toBeGreaterThan(0)
    }
  })

  it.each([...new Set(rows.map(({ name }) => name))])(
    'names what is in the package %s',
    async (name) => {
      expect(packages.map(({ short }) => short)).toContain(name)
      const exported = await import(join(root, 'packages', name, 'src/index.ts'))
      const named = rows.filter((row) => row.name === name).flatMap(({ functions }) => functions)
      expect(named.filter((each) => exported[each] === undefined)).toEqual([])
    },
    120_000
  )

  it('names in its remarks what is somewhere', async () => {
    const remarks = page.split('\n\n').filter((block) => block.startsWith('Not in the paper'))
    const all = await Promise.all(
      packages.map(({ short }) => import(join(root, 'packages', short, 'src/index.ts')))
    )
    const options = ['within']
    const missing = namesIn(remarks.join(' ')).filter(
      (each) => !options.includes(each) && all.every((exported) => exported[each] === undefined)
    )
    expect(missing).toEqual([])
  }, 120_000)
})

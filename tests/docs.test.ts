/** The documentation says what is so: its programs compile and run, what they print is printed, links lead on. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { blockCount, fencesOf, keeps, programsIn, programsOf, promisedOutput } from './code-blocks.js'
import { brokenLinks } from './markdown-links.js'
import { complaints, removePrograms, runProgram } from './programs.js'
import { packages, root } from './workspace.js'

const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))
const readmes = packages.map(({ short }) => `packages/${short}/README.md`)
const documents = ['README.md', 'CONTRIBUTING.md', ...pages.map((page) => `docs/${page}`), ...readmes]

const programs = documents.flatMap(programsOf)

afterAll(removePrograms)

describe('the documents', () => {
  it('hold programs', () => {
    expect(programs.length).toBeGreaterThan(50)
  })

  it.each(documents)('hold no program that no test sees: %s', (file) => {
    expect(fencesOf(file, /^(ts|tsx|typescript|js|jsx|javascript|mjs)\b/i).length).toBe(blockCount(file))
  })

  it('hold programs that compile', () => {
    expect(complaints(programs)).toEqual([])
  }, 120_000)

  it('say why a program is not run', () => {
    const block = (marks: string): string => `text\n\n\`\`\`ts${marks}\nf()\n\`\`\`\n`
    const [{ runnable, stopped }] = programsIn('a.md', block(' no-run: it takes a day'))
    expect([runnable, stopped]).toEqual(['', 'it takes a day'])
    expect(() => programsIn('a.md', block(' no-run'))).toThrow('a.md:3: "no-run" is neither')
    expect(() => programsIn('a.md', block(' continues'))).toThrow('a.md:3 continues nothing')
  })

  it('name commands that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const named = documents.flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8')
      return [...text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, name]) => name)
    })
    expect(named.length).toBeGreaterThan(20)
    expect([...new Set(named)].filter((name) => scripts[name] === undefined)).toEqual([])
  })

  it.each(documents)('have links that lead somewhere: %s', (file) => {
    expect(brokenLinks(file)).toEqual([])
  })
})

/** Programs that are not run here for their length, and the tests that run them shortened, or in a place of their own. */
const elsewhere: Readonly<Record<string, string>> = {
  'README.md': 'tests/packaging.test.ts',
  'packages/baselines/README.md': 'packages/baselines/test/readme.test.ts',
  'packages/estimator/README.md': 'packages/estimator/test/readme.test.ts'
}

describe('a program that is not run here', () => {
  it.each(Object.entries(elsewhere))('of %s is run by a test that is there', (file, test) => {
    expect(programsOf(file).some(({ stopped }) => /\btests run it\b/.test(stopped ?? ''))).toBe(true)
    expect(existsSync(join(root, test))).toBe(true)
  })

  it('says so only where a test runs it', () => {
    const promised = programs.filter(({ stopped }) => /\btests run it\b/.test(stopped ?? ''))
    expect(promised.map(({ name }) => name.replace(/:\d+$/, ''))).toEqual(Object.keys(elsewhere))
  })
})

describe('a program', () => {
  const running = programs.filter(({ runnable }) => runnable !== '')
  it.each(running.map((program) => [program.name, program] as const))(
    'runs: %s',
    async (_, program) => {
      const { printed } = await runProgram(program)
      const lines = [...printed]
      for (const promise of promisedOutput(program)) {
        const at = lines.findIndex((line) => keeps(line, promise))
        expect(at, `"${promise}" among ${JSON.stringify(lines)}`).toBeGreaterThanOrEqual(0)
        lines.splice(0, at + 1)
      }
    },
    60_000
  )
})

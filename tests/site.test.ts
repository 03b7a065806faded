/** The documentation as a website: built whole, with no link that leads nowhere, and what it must lead to. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brokenLinksIn } from '../site/links.mjs'
import { placeOf, targetOf } from '../site/pages.mjs'
import { type Ended, run } from './command.js'
import { packages, root } from './workspace.js'

const output = join(root, 'out/site')
const pageOf = (file: string): string => readFileSync(join(output, file), 'utf8')

describe('the site', () => {
  let ended: Ended
  beforeAll(async () => {
    ended = await run(root, process.execPath, 'site/build.mjs')
  }, 900_000)

  it('is built, with no link, anchor or picture that leads nowhere', () => {
    expect(ended.ok, ended.all).toBe(true)
  })

  it('has all pages: guides, packages and their reference', () => {
    const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))
    const files = [
      'site/index.md',
      'README.md',
      ...docs.map((name) => `docs/${name}`),
      ...packages.flatMap(({ short }) => [`packages/${short}/README.md`, `docs/api/${short}.md`])
    ]
    const missing = files.filter((file) => !existsSync(join(output, placeOf(file).replace(/\.md$/, '.html'))))
    expect(missing).toEqual([])
  })

  it('leads from every row of the papers to the reference of its functions', () => {
    const rows = [...pageOf('paper-to-code.html').matchAll(/<tr>(.*?)<\/tr>/gs)]
      .map(([, row]) => [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell]) => cell))
      .filter((cells) => cells.length === 3)
    expect(rows.length).toBeGreaterThan(25)
    for (const [what, functions, where] of rows) {
      const [, name] = /\/packages\/([\w-]+)/.exec(where) ?? []
      const codes = functions.match(/<code>/g)?.length ?? 0
      const links = functions.match(new RegExp(`<a href="/api/${name}#[\\w-]+" class="to-api"><code>`, 'g'))
      expect(links?.length, what).toBe(codes)
    }
  })

  it('documents every public value on its package’s page', () => {
    const names = JSON.parse(readFileSync(join(root, 'docs/api/names.json'), 'utf8'))
    expect(Object.keys(names).length).toBeGreaterThan(500)
    expect(names.predict.package).toBe('causal-graph')
    const { anchor } = names.predict
    const page = pageOf('api/causal-graph.html')
    const section = page.slice(page.indexOf(` id="${anchor}"`)).slice(0, 6000)
    expect(section).toContain('predict')
  })

  it('can be searched', () => {
    const chunks = readdirSync(join(output, 'assets'), { recursive: true, encoding: 'utf8' })
    const index = chunks.find((name) => /localSearchIndex/.test(name)) as string
    expect(readFileSync(join(output, 'assets', index), 'utf8')).toContain('sufficientInfluence'.toLowerCase())
  })
})

const LINK = /\]\(([^)\s]+)\)/g

describe('a link of a file', () => {
  const files = [
    'README.md',
    'CONTRIBUTING.md',
    ...packages.map(({ short }) => `packages/${short}/README.md`)
  ]
  const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))

  it('leads to a page of the site or to a source, whichever file it is in', () => {
    const lost = [...files, ...docs.map((name) => `docs/${name}`)].flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8')
        .replace(/^```.*?^```$/gms, '')
        .replace(/`[^`\n]*`/g, '')
      return [...text.matchAll(LINK)]
        .map(([, link]) => link)
        .filter((link) => !/^[a-z]+:/.test(link) && targetOf(file, link) === undefined)
        .map((link) => `${file}: ${link}`)
    })
    expect(lost).toEqual([])
  })

  it.each([
    ['docs/concepts.md', 'causal-graphs.md#designs', '/causal-graphs#designs'],
    ['docs/README.md', '../README.md#packages', '/overview#packages'],
    ['README.md', 'packages/metrics', '/packages/metrics'],
    ['packages/metrics/README.md', '../values/README.md', '/packages/values'],
    ['README.md', 'LICENSE', 'https://github.com/mechid/mechid/blob/main/LICENSE'],
    ['docs/sweeps.md', '../examples/sweep', 'https://github.com/mechid/mechid/tree/main/examples/sweep']
  ])('in %s to %s leads to %s', (file, link, target) => {
    expect(targetOf(file, link)).toBe(target)
  })

  it('to nothing is told', () => {
    expect(targetOf('docs/concepts.md', 'nowhere.md')).toBeUndefined()
    expect(targetOf('README.md', '../outside.md')).toBeUndefined()
  })
})

describe('the check of links', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mechid-links-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('finds pages, anchors and pictures that are missing, and nothing else', () => {
    mkdirSync(join(folder, 'in'))
    writeFileSync(join(folder, 'a.svg'), '<svg/>')
    writeFileSync(
      join(folder, 'in/b.html'),
      '<h2 id="there">b</h2><a href="../a">a</a><a href="/a#x&amp;y">a</a>'
    )
    writeFileSync(
      join(folder, 'a.html'),
      `<p id="x&amp;y"></p><a class="k" href="/in/b#there">b</a><img alt="" src="/a.svg"><a href="https://elsewhere.org/x">e</a>
      <a href="/in/c">c</a><a href="/in/b#gone">b</a><img src="/b.svg">`
    )
    expect(brokenLinksIn(folder)).toEqual(['a.html: /in/c', 'a.html: /in/b#gone', 'a.html: /b.svg'])
  })
})

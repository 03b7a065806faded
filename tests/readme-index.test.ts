/** The index in each package's README names what the package exports. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fileOf } from '../scripts/api-reports.mjs'
import { packages, root } from './workspace.js'

const folderOfReports = join(root, 'api')

/** What the accepted face of a package exports: values, or types. */
const exported = (name: string, what: 'value' | 'type'): readonly string[] => {
  const kinds = what === 'value' ? 'const|let|function|class|enum' : 'interface|type'
  const report = readFileSync(fileOf(folderOfReports, name), 'utf8')
  const direct = [...report.matchAll(new RegExp(`^export (?:${kinds}) (\\w+)`, 'gm'))]
  return direct.map(([, found]) => found)
}

/** In the index `a`, `a(…)` and `a<…>` name a. */
const forgotten = (name: string, what: 'value' | 'type'): readonly string[] => {
  const readme = readFileSync(join(root, 'packages', name, 'README.md'), 'utf8')
  const index = readme.slice(readme.indexOf('## Index'))
  return exported(name, what).filter((each) => !new RegExp(`\`${each}[\`(<. ]`).test(index))
}

/** Those whose users write values of the types themselves. */
const typesToo = ['compiler', 'engine']

describe('the index', () => {
  it.each(packages.map(({ short }) => short))('of %s names every public value', (name) => {
    expect(exported(name, 'value').length).toBeGreaterThan(0)
    expect(forgotten(name, 'value')).toEqual([])
  })

  it.each(typesToo)('of %s names every public type', (name) => {
    expect(exported(name, 'type').length).toBeGreaterThan(3)
    expect(forgotten(name, 'type')).toEqual([])
  })
})

/** What packages offer is what was reviewed: a public name or signature changes with its report in `api/`. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { accepted, apiReports, fileOf, packageNames, strayReports } from '../scripts/api-reports.mjs'
import { packages, root } from './workspace.js'

describe('the public face', () => {
  let reports: Readonly<Record<string, string>>
  beforeAll(() => {
    reports = apiReports()
  }, 120_000)

  it.each(packages.map(({ short }) => short))('of %s is as accepted', (name) => {
    const file = fileOf(accepted, name)
    const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
    expect(reports[name], 'if the change is meant: npm run api -- --accept').toBe(before)
  })

  it('is reported for the packages that there are', () => {
    expect(packageNames).toEqual(packages.map(({ short }) => short))
    expect(strayReports()).toEqual([])
  })

  it.each(['values', 'wasm', 'random'])(
    'of %s has every value that can be imported, and types',
    async (name) => {
      const values = Object.keys(await import(join(root, 'packages', name, 'src/index.ts')))
      expect(
        values.filter((each) => !new RegExp(`^export (const|function) ${each}\\b`, 'm').test(reports[name]))
      ).toEqual([])
      expect(reports[name]).toMatch(/^export (interface|type) /m)
    }
  )
})

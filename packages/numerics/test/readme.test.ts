import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as face from '../src/index.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

it('the index names everything that is public', () => {
  const index = readme.slice(readme.indexOf('## Index'))
  for (const name of Object.keys(face)) expect(index).toContain(`\`${name}\``)
})

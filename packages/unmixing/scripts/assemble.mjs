/** Assembles src/columns.wat into src/columns-module.ts. Run it after a change of the former. */
import { readFileSync, writeFileSync } from 'node:fs'
import wabt from 'wabt'

const source = new URL('../src/columns.wat', import.meta.url)
const target = new URL('../src/columns-module.ts', import.meta.url)
const assembler = await wabt()
const { buffer } = assembler
  .parseWat('columns.wat', readFileSync(source, 'utf8'), { simd: true })
  .toBinary({})
writeFileSync(
  target,
  `/** columns.wat, assembled by scripts/assemble.mjs. A test holds both equal. */
export const COLUMNS_MODULE =
  '${Buffer.from(buffer).toString('base64')}'
`
)

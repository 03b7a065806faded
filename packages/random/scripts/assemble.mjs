/** Assembles src/fill.wat into src/fill-module.ts. Run it after a change of the former. */
import { readFileSync, writeFileSync } from 'node:fs'
import wabt from 'wabt'

const source = new URL('../src/fill.wat', import.meta.url)
const target = new URL('../src/fill-module.ts', import.meta.url)
const assembler = await wabt()
const { buffer } = assembler.parseWat('fill.wat', readFileSync(source, 'utf8')).toBinary({})
writeFileSync(
  target,
  `/** fill.wat, assembled by scripts/assemble.mjs. A test holds both equal. */
export const FILL_MODULE =
  '${Buffer.from(buffer).toString('base64')}'
`
)

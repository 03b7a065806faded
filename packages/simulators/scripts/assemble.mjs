/** Assembles src/dense.wat into src/dense-module.ts. Run it after a change of the former. */
import { readFileSync, writeFileSync } from 'node:fs'
import wabt from 'wabt'

const source = new URL('../src/dense.wat', import.meta.url)
const target = new URL('../src/dense-module.ts', import.meta.url)
const assembler = await wabt()
const { buffer } = assembler.parseWat('dense.wat', readFileSync(source, 'utf8'), { simd: true }).toBinary({})
writeFileSync(
  target,
  `/** dense.wat, assembled by scripts/assemble.mjs. A test holds both equal. */
export const DENSE_MODULE =
  '${Buffer.from(buffer).toString('base64')}'
`
)

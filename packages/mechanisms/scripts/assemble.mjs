/** Assembles src/readings/sine.wat into sine-module.ts beside it. Run it after a change of the former. */
import { readFileSync, writeFileSync } from 'node:fs'
import wabt from 'wabt'

const source = new URL('../src/readings/sine.wat', import.meta.url)
const target = new URL('../src/readings/sine-module.ts', import.meta.url)
const assembler = await wabt()
const { buffer } = assembler.parseWat('sine.wat', readFileSync(source, 'utf8'), { simd: true }).toBinary({})
writeFileSync(
  target,
  `/** sine.wat, assembled by scripts/assemble.mjs. A test holds both equal. */
export const SINE_MODULE =
  '${Buffer.from(buffer).toString('base64')}'
`
)

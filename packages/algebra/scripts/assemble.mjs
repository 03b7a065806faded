/** Assembles src/linalg/panel-products.wat into panel-products-module.ts beside it. Run it after a change of the former. */
import { readFileSync, writeFileSync } from 'node:fs'
import wabt from 'wabt'

const source = new URL('../src/linalg/panel-products.wat', import.meta.url)
const target = new URL('../src/linalg/panel-products-module.ts', import.meta.url)
const assembler = await wabt()
const { buffer } = assembler
  .parseWat('panel-products.wat', readFileSync(source, 'utf8'), { simd: true })
  .toBinary({})
writeFileSync(
  target,
  `/** panel-products.wat, assembled by scripts/assemble.mjs. A test holds both equal. */
export const PANEL_PRODUCTS_MODULE =
  '${Buffer.from(buffer).toString('base64')}'
`
)

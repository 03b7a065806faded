/** Assembles src/block-products.wat into src/block-products-module.ts. Run it after a change of the former. */
import { readFileSync, writeFileSync } from 'node:fs'
import wabt from 'wabt'

const source = new URL('../src/block-products.wat', import.meta.url)
const target = new URL('../src/block-products-module.ts', import.meta.url)
const assembler = await wabt()
const { buffer } = assembler
  .parseWat('block-products.wat', readFileSync(source, 'utf8'), { simd: true })
  .toBinary({})
writeFileSync(
  target,
  `/** block-products.wat, assembled by scripts/assemble.mjs. A test holds both equal. */
export const BLOCK_PRODUCTS_MODULE =
  '${Buffer.from(buffer).toString('base64')}'
`
)

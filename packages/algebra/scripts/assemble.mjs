/** Assembles the .wat files of src/linalg into modules beside them. Run it after a change of the former. */
import { readFileSync, writeFileSync } from 'node:fs'
import wabt from 'wabt'

const assembler = await wabt()
for (const name of ['panel-products', 'row-pairs']) {
  const source = new URL(`../src/linalg/${name}.wat`, import.meta.url)
  const target = new URL(`../src/linalg/${name}-module.ts`, import.meta.url)
  const { buffer } = assembler
    .parseWat(`${name}.wat`, readFileSync(source, 'utf8'), { simd: true })
    .toBinary({})
  writeFileSync(
    target,
    `/** ${name}.wat, assembled by scripts/assemble.mjs. A test holds both equal. */
export const ${name.toUpperCase().replace('-', '_')}_MODULE =
  '${Buffer.from(buffer).toString('base64')}'
`
  )
}

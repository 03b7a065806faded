/** Assembles every .wat file of the packages into a module beside it. Run it after a change of one. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import wabt from 'wabt'

const packages = fileURLToPath(new URL('../packages/', import.meta.url))

/** Every .wat file of the packages' sources. */
export const sources = readdirSync(packages).flatMap((name) =>
  readdirSync(`${packages}${name}/src`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.wat'))
    .map((file) => `${packages}${name}/src/${file}`)
)

export const moduleOf = (source) => source.replace(/\.wat$/, '-module.ts')

/** What stands in the module's file. */
export const assemble = async (source) => {
  const name = source.slice(source.lastIndexOf('/') + 1)
  const { buffer } = (await wabt()).parseWat(name, readFileSync(source, 'utf8'), { simd: true }).toBinary({})
  const constant = name.replace('.wat', '_MODULE').replaceAll('-', '_').toUpperCase()
  return `/** ${name}, assembled by scripts/assemble.mjs. A test holds both equal. */
export const ${constant} =
  '${Buffer.from(buffer).toString('base64')}'
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const source of sources) writeFileSync(moduleOf(source), await assemble(source))
}

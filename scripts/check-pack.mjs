/**
 * Runs before a package is packed. pnpm writes real versions in place of `workspace:`; npm would leave them in the tarball,
 * which then could not be installed.
 */
import { readFileSync } from 'node:fs'

const {
  name,
  dependencies = {},
  peerDependencies = {},
  optionalDependencies = {}
} = JSON.parse(readFileSync('package.json', 'utf8'))
const ranges = Object.values({ ...dependencies, ...peerDependencies, ...optionalDependencies })
const byPnpm = (process.env.npm_config_user_agent ?? '').startsWith('pnpm/')
if (!byPnpm && ranges.some((range) => /^(workspace|catalog):/.test(range))) {
  console.error(`${name}: npm cannot pack it (its manifest has workspace: or catalog: ranges); use pnpm pack`)
  process.exit(1)
}

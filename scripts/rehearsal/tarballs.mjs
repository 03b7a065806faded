/** What a published tarball holds, and must not hold. */
import { demand } from './commands.mjs'

const RANGES = ['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies']
/** Names of what is published, below `package/`. */
const published = /^(dist\/|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$|FEATURES\.md$)/

/** Ends the rehearsal unless the tarball is that of `name` in `version`, can be installed, and holds no more than it should. */
export const checkTarball = (run, path, { name, version }) => {
  const files = run(`${name} ${version}: list`, '.', 'tar', ['-tzf', path])
    .split('\n')
    .filter((file) => file !== '')
    .map((file) => file.replace(/^package\//, ''))
  const strangers = files.filter((file) => !published.test(file))
  demand(strangers.length === 0, `${name}: its tarball also holds ${strangers.join(', ')}`)
  const needed = [
    'package.json',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'dist/index.js',
    'dist/index.cjs',
    'dist/index.d.ts',
    'dist/index.d.cts'
  ]
  const missing = needed.filter((file) => !files.includes(file))
  demand(missing.length === 0, `${name}: its tarball lacks ${missing.join(', ')}`)
  const read = (file) => run(`${name} ${version}: ${file}`, '.', 'tar', ['-xzOf', path, `package/${file}`])
  const manifest = JSON.parse(read('package.json'))
  demand(
    manifest.name === name && manifest.version === version,
    `${path} is ${manifest.name}@${manifest.version}`
  )
  const unresolved = RANGES.flatMap((kind) =>
    Object.entries(manifest[kind] ?? {}).filter(([, range]) => /^(workspace|catalog|link|file):/.test(range))
  )
  demand(
    unresolved.length === 0,
    `${name}: its manifest still has ${unresolved.map((entry) => entry.join(' ')).join(', ')}`
  )
  demand(
    read('CHANGELOG.md').includes(`\n## ${version}\n`),
    `${name}: its changelog has nothing on ${version}`
  )
}

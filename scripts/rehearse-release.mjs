/**
 * Rehearses a release, from a fresh clone of the last commit to an empty project that runs what was published, against a
 * registry of our own:
 *
 * 1. changesets version the packages, and what changed is built and published;
 * 2. every tarball is looked into;
 * 3. an empty project installs all packages, type-checks and runs them as ES modules and as CommonJS, and the README's first
 *    program;
 * 4. one package changes: it and what depends on it get a new version, and nothing else does.
 *
 * Nothing leaves the machine, and the checkout is not touched. With MECHID_BUILT=1 the builds of the checkout are taken.
 *
 *   node scripts/rehearse-release.mjs
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { demand, environmentWith, Failed, runner } from './rehearsal/commands.mjs'
import { checkOnce, consume } from './rehearsal/consumer.mjs'
import { startRegistry, tarballsOf } from './rehearsal/registry.mjs'
import { checkTarball } from './rehearsal/tarballs.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'mechid-release-'))
const checkout = join(work, 'checkout')

/** Who makes the tags, and, once there is one, the registry. */
const settings = {
  GIT_COMMITTER_NAME: 'rehearsal',
  GIT_COMMITTER_EMAIL: 'rehearsal@localhost'
}
const run = runner(() => environmentWith(settings))

const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const pnpm = (what, ...args) =>
  run(what, checkout, 'npx', ['--yes', '--prefer-offline', packageManager, ...args])

/** The packages that are published, as they stand in the checkout. */
const manifests = () =>
  readdirSync(join(checkout, 'packages'))
    .map((short) => ({
      short,
      ...JSON.parse(readFileSync(join(checkout, 'packages', short, 'package.json'), 'utf8'))
    }))
    .filter((manifest) => manifest.private !== true)

const build = () => {
  if (process.env.MECHID_BUILT !== '1') {
    pnpm('build', 'exec', 'turbo', 'run', 'build', '--filter=./packages/*', '--output-logs=errors-only')
    return
  }
  for (const { short } of manifests()) {
    const built = join(root, 'packages', short, 'dist')
    demand(existsSync(built), `packages/${short} is not built`)
    cpSync(built, join(checkout, 'packages', short, 'dist'), { recursive: true })
  }
}

/** Publishes every version that the registry does not have, as the release workflow does, and looks into what came there. */
const publish = (registry, expected) => {
  const before = new Set(
    expected.flatMap(({ name }) =>
      existsSync(join(registry.folder, 'storage', name)) ? tarballsOf(registry, name) : []
    )
  )
  pnpm('publish', 'exec', 'changeset', 'publish')
  const tags = run('tags', checkout, 'git', ['tag']).split('\n')
  for (const { name, version } of expected) {
    const added = tarballsOf(registry, name).filter((path) => !before.has(path))
    demand(
      added.length === 1,
      `${name}: ${added.length} tarballs were published, expected that of ${version}`
    )
    checkTarball(run, added[0], { name, version })
    demand(tags.includes(`${name}@${version}`), `there is no tag ${name}@${version}`)
  }
}

/** The package that the second release changes. Others depend on it, and most do not. */
const CHANGED = '@mechid/metrics'

const dependsOn = ({ dependencies = {}, peerDependencies = {} }, name) =>
  dependencies[name] !== undefined || peerDependencies[name] !== undefined

/** One package changes. Answers those that got a new version. */
const changeOne = () => {
  const before = manifests()
  writeFileSync(join(checkout, '.changeset/rehearsal.md'), `---\n'${CHANGED}': minor\n---\n\nA change.\n`)
  pnpm('version again', 'exec', 'changeset', 'version')
  const changed = manifests().filter(({ name, version }) =>
    before.some((old) => old.name === name && old.version !== version)
  )
  const names = changed.map(({ name }) => name).sort()
  // Below version 1 a minor change leaves the range of what depends on it directly.
  const expected = before
    .filter((one) => one.name === CHANGED || dependsOn(one, CHANGED))
    .map(({ name }) => name)
  demand(
    names.join() === expected.sort().join() && names.length < before.length,
    `a change of ${CHANGED} gave new versions to ${names.join(', ')}, expected ${expected.join(', ')}`
  )
  return changed
}

const rehearse = async () => {
  run('clone', work, 'git', ['clone', '--quiet', root, checkout])
  pnpm('install', 'install', '--frozen-lockfile', '--prefer-offline')
  pnpm('version', 'exec', 'changeset', 'version')
  build()
  const registry = await startRegistry(join(work, 'registry'), run)
  try {
    Object.assign(settings, registry.settings)
    const first = manifests()
    publish(registry, first)
    const project = join(work, 'project')
    console.log(consume(run, checkout, project, first))
    checkOnce(project)
    const changed = changeOne()
    publish(registry, changed)
    const unchanged = first.filter(({ name }) => !changed.some((one) => one.name === name))
    for (const { name } of unchanged)
      demand(tarballsOf(registry, name).length === 1, `${name} was published again without a change`)
    run('update', project, 'npm', [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      ...changed.map(({ name }) => `${name}@latest`)
    ])
    checkOnce(project)
    console.log(run('load again', project, process.execPath, ['both-ways.mjs']).trim())
    console.log(
      `${first.length} packages published, installed and run; then ${changed.map(({ name, version }) => `${name}@${version}`).join(', ')} alone.`
    )
  } finally {
    registry.stop()
  }
}

try {
  await rehearse()
} catch (error) {
  if (!(error instanceof Failed)) throw error
  console.error(error.message)
  process.exitCode = 1
} finally {
  rmSync(work, { recursive: true, force: true })
}

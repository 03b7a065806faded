/**
 * Rehearses a release against a registry of our own: versions by changesets, publishes, installs into an empty project and
 * runs the README's first program there. Nothing leaves the machine, and the checkout is not touched.
 *
 *   node scripts/rehearse-release.mjs
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const VERDACCIO = 'verdaccio@6.10.4'
const root = fileURLToPath(new URL('..', import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'mechid-release-'))
const checkout = join(work, 'checkout')
const project = join(work, 'project')

class Failed extends Error {}

const run = (what, cwd, command, ...args) => {
  const started = Date.now()
  const done = spawnSync(command, args, { cwd, encoding: 'utf8', env: environment(), maxBuffer: 1 << 28 })
  if (done.status !== 0)
    throw new Failed(`${what} failed: ${command} ${args.join(' ')}\n${done.stdout}\n${done.stderr}`)
  console.log(`${what}: ${((Date.now() - started) / 1000).toFixed(0)} s`)
  return done.stdout
}

let registry = ''
/** npm and pnpm read the registry from here, and a token that the registry does not ask for but npm does. */
const environment = () => ({
  ...process.env,
  CI: '1',
  TURBO_TELEMETRY_DISABLED: '1',
  ...(registry === ''
    ? {}
    : {
        npm_config_registry: registry,
        npm_config_userconfig: join(work, 'npmrc')
      })
})

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

/** Our packages are published here and never asked for elsewhere; all others come from npm. */
const registryConfiguration = `storage: ${join(work, 'storage')}
uplinks:
  npmjs:
    url: https://registry.npmjs.org/
packages:
  '@mechid/*':
    access: $all
    publish: $all
  '**':
    access: $all
    proxy: npmjs
log: { type: stdout, format: pretty, level: warn }
`

const answers = async (url) => {
  try {
    return (await fetch(`${url}-/ping`)).ok
  } catch {
    return false
  }
}

const startRegistry = async () => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const configuration = join(work, 'verdaccio.yaml')
  writeFileSync(configuration, registryConfiguration)
  writeFileSync(join(work, 'npmrc'), `//127.0.0.1:${port}/:_authToken=rehearsal\n`)
  const server = spawn(
    'npx',
    ['--yes', '--ignore-scripts', VERDACCIO, '--config', configuration, '--listen', `127.0.0.1:${port}`],
    { cwd: work, stdio: ['ignore', 'ignore', 'inherit'], detached: true }
  )
  for (let tried = 0; tried < 240; tried++) {
    if (await answers(url)) {
      registry = url
      return server
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  process.kill(-server.pid)
  throw new Failed(`${VERDACCIO} does not answer at ${url}`)
}

const published = () =>
  readdirSync(join(checkout, 'packages')).map((short) => {
    const { name, version } = JSON.parse(
      readFileSync(join(checkout, 'packages', short, 'package.json'), 'utf8')
    )
    return { name, version }
  })

/** The first program of the README that runs by itself. */
const readmeProgram = () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const block = readme.match(/```ts(?: no-run)?\n([\s\S]*?)```/)
  if (block === null) throw new Failed('README.md has no program')
  return block[1]
}

const rehearse = async () => {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const pnpm = (what, ...args) =>
    run(what, checkout, 'npx', '--yes', '--prefer-offline', packageManager, ...args)
  run('clone', work, 'git', 'clone', '--quiet', root, checkout)
  pnpm('install', 'install', '--frozen-lockfile', '--prefer-offline')
  pnpm('version', 'exec', 'changeset', 'version')
  pnpm('build', 'exec', 'turbo', 'run', 'build', '--filter=./packages/*', '--output-logs=errors-only')
  const server = await startRegistry()
  try {
    pnpm(
      'publish',
      '--recursive',
      '--filter=./packages/*',
      'publish',
      '--no-git-checks',
      '--registry',
      registry
    )
    const packages = published()
    for (const { name, version } of packages) {
      const found = run(`${name} ${version}`, work, 'npm', 'view', `${name}@${version}`, 'version').trim()
      if (found !== version) throw new Failed(`${name}@${version} is not in the registry`)
    }
    mkdirSync(project)
    writeFileSync(
      join(project, 'package.json'),
      JSON.stringify({ name: 'consumer', private: true, type: 'module' })
    )
    const program = readmeProgram()
    const needed = [...new Set([...program.matchAll(/from '(@mechid\/[\w-]+)'/g)].map(([, name]) => name))]
    run(
      'install from the registry',
      project,
      'npm',
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      ...needed
    )
    writeFileSync(join(project, 'program.mts'), program)
    const compiler = join(checkout, 'node_modules/.bin/tsc')
    const options = [
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--strict',
      '--skipLibCheck',
      '--types',
      ''
    ]
    run('compile', project, compiler, ...options, 'program.mts')
    console.log(run('run', project, process.execPath, 'program.mjs'))
    console.log(`${packages.length} packages published, installed and run.`)
  } finally {
    process.kill(-server.pid)
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

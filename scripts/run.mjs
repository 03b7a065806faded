/** Runs a command of this repository on a machine with nothing but Node and npm: brings pnpm, installs, builds. */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const windows = process.platform === 'win32'
const fail = (message) => {
  console.error(message)
  process.exit(1)
}

const [major] = process.versions.node.split('.').map(Number)
if (major < 20) fail(`Node ${process.versions.node} is too old; Node 20 or newer is needed`)

const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
const [, pnpmVersion] = packageManager.split('@')
const quiet = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  npm_config_update_notifier: 'false'
}

/** A pnpm of our version on the PATH, or npm's own runner, which fetches it. */
const pnpm = () => {
  const found = spawnSync('pnpm', ['--version'], { encoding: 'utf8', shell: windows, cwd: root })
  return found.status === 0 && found.stdout.trim() === pnpmVersion
    ? ['pnpm']
    : ['npx', '--yes', `pnpm@${pnpmVersion}`]
}

/** Runs to the end; what it printed is shown only if it failed. */
const step = (name, [command, ...args]) => {
  const started = Date.now()
  process.stderr.write(`${name} … `)
  const done = spawnSync(command, args, {
    cwd: root,
    env: quiet,
    encoding: 'utf8',
    shell: windows,
    maxBuffer: 1 << 28
  })
  if (done.error !== undefined || done.status !== 0) {
    process.stderr.write('failed\n')
    console.error(done.stdout ?? '')
    console.error(done.stderr ?? '')
    fail(`${name} failed${done.error === undefined ? '' : `: ${done.error.message}`}`)
  }
  process.stderr.write(`${((Date.now() - started) / 1000).toFixed(1)} s\n`)
}

const stamp = `${root}node_modules/.installed-lockfile`
const lockfile = createHash('sha256')
  .update(readFileSync(`${root}pnpm-lock.yaml`))
  .digest('hex')

/** For whoever has built and runs many commands, such as tests: nothing is installed or built again. */
const built = process.env.MECHID_BUILT === '1'

const install = () => {
  if (built) return
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfile) return
  step('installing packages', [...pnpm(), 'install', '--frozen-lockfile'])
  writeFileSync(stamp, lockfile)
}

const bin = (name) => `${root}node_modules/.bin/${name}${windows ? '.cmd' : ''}`

const build = (...filters) => {
  if (built) return
  // Through pnpm, since turbo looks for it on the PATH.
  step('building', [
    ...pnpm(),
    'exec',
    'turbo',
    'run',
    'build',
    '--output-logs=errors-only',
    ...filters.map((filter) => `--filter=${filter}`)
  ])
}

/** Hands the terminal over, and ends as the command ends. */
const become = (command, args) => {
  const child = spawn(command, args, {
    cwd: process.env.INIT_CWD ?? root,
    stdio: 'inherit',
    env: quiet,
    shell: windows
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(error.message))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

const example = (name) => (args) => {
  install()
  build(`@mechid/example-${name}`)
  become(process.execPath, [`${root}examples/${name}/dist/index.js`, ...args])
}

const bench = (program) => (args) => {
  install()
  build('@mechid/bench')
  become(process.execPath, [`${root}bench/dist/${program}.js`, ...args])
}

/** The public faces of the packages against what was accepted; scripts/api-reports.mjs. */
const api = (args) => {
  install()
  if (!args.includes('--help')) build('./packages/*')
  become(process.execPath, [`${root}scripts/api-reports.mjs`, ...args])
}

/** The documentation as a website; site/build.mjs. */
const docs = (args) => {
  install()
  become(process.execPath, [`${root}site/build.mjs`, ...args])
}

const test = (args) => {
  install()
  step('checking style', [bin('biome'), 'check', '.'])
  step('checking types', [bin('tsc'), '--noEmit', '-p', 'tsconfig.json'])
  // What runs in a page has other types around it.
  step('checking types of the page', [bin('tsc'), '-p', 'examples/explorer/tsconfig.json'])
  build()
  process.chdir(root)
  process.env.INIT_CWD = root
  become(bin('vitest'), ['run', ...args])
}

const commands = {
  demo: example('quickstart'),
  table: example('table'),
  sweep: example('sweep'),
  unmix: example('unmix'),
  fit: example('fit'),
  encode: example('encode'),
  record: example('recording'),
  custom: example('custom-mechanism'),
  known: example('known-mechanism'),
  atlas: example('atlas'),
  explorer: example('explorer'),
  bench: bench('index'),
  'time-to-mcc': bench('time-to-mcc'),
  docs,
  api,
  test
}

const [command, ...args] = process.argv.slice(2)
const run = commands[command]
if (run === undefined) fail(`no command "${command ?? ''}"; there are ${Object.keys(commands).join(', ')}`)
run(args)

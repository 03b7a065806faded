/** Runs the commands of a rehearsal in an environment of its own. */
import { spawnSync } from 'node:child_process'

/** A step that did not do what it should; the message says what came of it. */
export class Failed extends Error {}

/** Ends the rehearsal unless this holds. */
export const demand = (holds, message) => {
  if (!holds) throw new Failed(message)
}

/** What npm and pnpm tell scripts about the project that they run in: a command for another project must not see it. */
const aboutThisProject = /^(npm_|NODE_PATH$|NODE_OPTIONS$|NODE_AUTH_TOKEN$|NPM_)/i

/** `settings` over the environment of this process without what npm, pnpm and their tokens have put there. */
export const environmentWith = (settings) => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !aboutThisProject.test(name))),
  CI: '1',
  FORCE_COLOR: '0',
  TURBO_TELEMETRY_DISABLED: '1',
  ...settings
})

/** Seconds from which on a step is worth a line. */
const SHOWN_FROM = 1

/** A function that runs `command` in `cwd`, says how long it took if that was long, and answers what it printed. */
export const runner = (environment) => (what, cwd, command, args) => {
  const started = Date.now()
  const done = spawnSync(command, args, { cwd, encoding: 'utf8', env: environment(), maxBuffer: 1 << 28 })
  const output = done.error === undefined ? `${done.stdout}\n${done.stderr}` : done.error.message
  demand(done.status === 0, `${what} failed: ${command} ${args.join(' ')}\n${output}`)
  const seconds = (Date.now() - started) / 1000
  if (seconds >= SHOWN_FROM) console.log(`${what}: ${seconds.toFixed(0)} s`)
  return done.stdout
}

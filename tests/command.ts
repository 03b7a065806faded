/** Runs a command to its end. */
import { spawn } from 'node:child_process'

export interface Ended {
  readonly ok: boolean
  /** Standard output without the space around it. */
  readonly out: string
  /** Both streams, for a message. */
  readonly all: string
}

/**
 * What npm tells a script about the project it runs in, and where pnpm's launchers let `require` look besides: a
 * command for another project must see neither.
 */
const aboutThisProject =
  /^(npm_(package_|lifecycle_|config_(local_prefix|global_prefix|prefix)$)|NODE_PATH$|NODE_OPTIONS$)/

const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !aboutThisProject.test(name)))

export const run = (cwd: string, command: string, ...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...environment(), CI: '1', FORCE_COLOR: '0' },
      shell: process.platform === 'win32'
    })
    let out = ''
    let all = ''
    child.stdout.on('data', (text) => {
      out += text
      all += text
    })
    child.stderr.on('data', (text) => {
      all += text
    })
    child.on('error', (error) => resolve({ ok: false, out: '', all: error.message }))
    child.on('close', (code) => resolve({ ok: code === 0, out: out.trim(), all: all.trim() }))
  })

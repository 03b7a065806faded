/** A registry of our own on this machine: our packages are published here, all others come from npm. */
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Failed } from './commands.mjs'

/** The newest that runs on Node 20. Its audit plugin asks for `node-fetch` by a tag that not every registry has. */
const REGISTRY = { dependencies: { verdaccio: '6.8.0' }, overrides: { 'node-fetch': '2.7.0' } }

/** `upstream`: the registry of everything that is not ours. */
const configuration = (folder, upstream) => `storage: ${join(folder, 'storage')}
uplinks:
  npmjs:
    url: ${upstream}
packages:
  '@mechid/*':
    access: $all
    publish: $all
  '**':
    access: $all
    proxy: npmjs
log: { type: stdout, format: pretty, level: warn }
`

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

const answers = async (url) => {
  try {
    return (await fetch(`${url}-/ping`)).ok
  } catch {
    return false
  }
}

const TRIES = 240
const BETWEEN = 500

/** Installs and starts it in `folder`; answers its address, npm's settings for it, and how to stop it. */
export const startRegistry = async (folder, run) => {
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, ...REGISTRY }))
  run('install a registry', folder, 'npm', [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline'
  ])
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const [file, userconfig] = [join(folder, 'verdaccio.yaml'), join(folder, 'npmrc')]
  writeFileSync(
    file,
    configuration(folder, run('registry', folder, 'npm', ['config', 'get', 'registry']).trim())
  )
  // It asks for no token, and npm publishes without none.
  writeFileSync(userconfig, `registry=${url}\n//127.0.0.1:${port}/:_authToken=rehearsal\n`)
  const program = join(folder, 'node_modules/verdaccio/bin/verdaccio')
  const server = spawn(process.execPath, [program, '--config', file, '--listen', `127.0.0.1:${port}`], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit']
  })
  const stop = () => server.kill()
  for (let tried = 0; tried < TRIES && server.exitCode === null; tried++) {
    if (await answers(url)) {
      return { settings: { npm_config_registry: url, npm_config_userconfig: userconfig }, folder, stop }
    }
    await new Promise((resolve) => setTimeout(resolve, BETWEEN))
  }
  stop()
  throw new Failed(`the registry does not answer at ${url}`)
}

/** The tarballs of a package that were published, by file name. */
export const tarballsOf = ({ folder }, name) =>
  readdirSync(join(folder, 'storage', name))
    .filter((file) => file.endsWith('.tgz'))
    .map((file) => join(folder, 'storage', name, file))

/** The explorer: serves the page to this machine's browser, or copies it to where any web server can take it from. */
import { cp } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { failWith, prepareFolder, readOptions, say } from '@mechid/example-terminal'
import { startServer } from './static-server.js'

const specs = {
  port: {
    kind: 'number',
    integer: true,
    least: 0,
    most: 65_535,
    placeholder: 'N',
    fallback: 4173,
    description: 'port of the page; 0 takes any that is free'
  },
  build: {
    kind: 'text',
    placeholder: 'DIR',
    description: 'write the page to this folder instead, for any web server; paths in it are relative'
  },
  help: { kind: 'flag', description: 'print this text' }
} as const

/** The page as it was built, beside this program. */
const page = fileURLToPath(new URL('./page', import.meta.url))

const write = async (folder: string): Promise<void> => {
  await prepareFolder(folder)
  await cp(page, folder, { recursive: true })
  say(`Page: ${join(folder, 'index.html')} (it needs a web server: browsers do not load modules from disk)`)
}

const serve = async (port: number): Promise<void> => {
  try {
    const started = await startServer(page, port)
    say(`The explorer is at http://localhost:${started.port}/ (Ctrl-C ends it)`)
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
    failWith(taken ? `port ${port} is taken; choose another with --port` : (error as Error).message, 1)
  }
}

const purpose =
  'mechid in a page: promises of graphs and kernels, what known mechanisms leave open, small trainings. All is computed in\nthe browser.'
const { port, build } = readOptions(specs, 'npm run explorer -- [options]', purpose)
if (build === undefined) await serve(port)
else await write(resolve(build))

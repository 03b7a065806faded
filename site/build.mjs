/**
 * The documentation as a website, in out/site.
 *
 *   npm run docs                # builds it, and fails on a link that leads nowhere
 *   npm run docs -- --serve     # builds it and shows it
 *   npm run docs -- --watch     # shows the pages as they are written; API pages as they are now
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, createServer, serve } from 'vitepress'
import { writeApiPages } from './api-pages.mjs'
import { brokenLinksIn } from './links.mjs'
import { root } from './pages.mjs'

const site = fileURLToPath(new URL('.', import.meta.url))
export const output = join(root, 'out/site')

const timed = async (what, work) => {
  const started = Date.now()
  const done = await work()
  console.error(`${what}: ${((Date.now() - started) / 1000).toFixed(1)} s`)
  return done
}

/** Builds the site from the sources as they are; answers the links that lead nowhere. */
export const buildSite = async () => {
  await timed('API pages', writeApiPages)
  await timed('pages', () => build(site))
  return timed('links', async () => brokenLinksIn(output))
}

const USAGE = `The documentation as a website: npm run docs [-- OPTIONS]

  --serve       build, then show it at http://localhost:PORT
  --watch       show pages as they are written, without a build
  --port PORT   4173 if not given
  --help        this text

Without options the site is built into out/site, which opens from any web server. A link that leads nowhere is a failure.`

const optionsOf = (args) => {
  const options = { port: 4173 }
  for (let i = 0; i < args.length; i++) {
    if (['--serve', '--watch', '--help'].includes(args[i])) options[args[i].slice(2)] = true
    else if (args[i] === '--port' && /^\d{1,5}$/.test(args[i + 1] ?? '') && Number(args[i + 1]) < 65536) {
      options.port = Number(args[++i])
    } else if (args[i] === '--port')
      return { fault: `--port is ${args[i + 1] ?? 'missing'}, expected a port's number` }
    else return { fault: `no option is called ${args[i]}` }
  }
  return options
}

const main = async (args) => {
  const { fault, help, watch, serve: show, port } = optionsOf(args)
  if (fault !== undefined) {
    console.error(`docs: ${fault}\n\n${USAGE}`)
    return 1
  }
  if (help) {
    console.log(USAGE)
    return 0
  }
  if (watch) {
    await timed('API pages', writeApiPages)
    const server = await createServer(site, { port })
    await server.listen()
    server.printUrls()
    return 0
  }
  const broken = await buildSite()
  if (broken.length > 0) {
    console.error(`Links that lead nowhere:\n${broken.join('\n')}`)
    return 1
  }
  console.log(`The site is in ${output}`)
  if (show) await serve({ root: site, port })
  return 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    console.error(`docs: ${error.message}`)
    process.exitCode = 1
  }
}

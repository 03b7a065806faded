/** The built page in Debian's Chromium, served from this machine. */
import { existsSync, readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { fileFor, startServer } from '../src/static-server.js'

export const program = process.env.MECHID_CHROMIUM ?? '/usr/bin/chromium'

/** Why nothing can be driven here; undefined where it can. */
export const missing: string | undefined = existsSync(program) ? undefined : `there is no ${program}`

const folder = fileURLToPath(new URL('../dist/page', import.meta.url))

export interface Explorer {
  /** Ends in a slash. */
  readonly address: string
  /** A page at `#link`; errors in it fail the test at `close`. */
  readonly open: (link?: string, options?: BrowserContextOptions) => Promise<Page>
  /** What the server is asked for while `body` runs, workers' files included: the sum of each file gzipped. */
  readonly bytesOf: (body: () => Promise<void>) => Promise<number>
  readonly close: () => Promise<void>
}

export const light: BrowserContextOptions = { viewport: { width: 1200, height: 900 }, colorScheme: 'light' }
export const dark: BrowserContextOptions = { ...light, colorScheme: 'dark' }
export const phone: BrowserContextOptions = { viewport: { width: 375, height: 760 }, colorScheme: 'light' }

export const startExplorer = async (): Promise<Explorer> => {
  if (!existsSync(`${folder}/index.html`))
    throw new Error('the explorer is not built; build first ("npm test" does, "pnpm build" too)')
  const { server, port }: { server: Server; port: number } = await startServer(folder, 0)
  const browser: Browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] })
  const address = `http://127.0.0.1:${port}/`
  const errors: string[] = []
  const asked: string[] = []
  server.on('request', ({ url = '/' }) => asked.push(url))
  return {
    address,
    bytesOf: async (body) => {
      asked.length = 0
      await body()
      return [...new Set(asked)]
        .map((url) => fileFor(folder, url))
        .filter((file) => file !== undefined && existsSync(file))
        .reduce((sum, file) => sum + gzipSync(readFileSync(file as string)).length, 0)
    },
    open: async (link = '', options = light) => {
      const context = await browser.newContext(options)
      const page = await context.newPage()
      page.setDefaultTimeout(60_000)
      page.on('pageerror', ({ message }) => errors.push(message))
      await page.goto(`${address}${link === '' ? '' : `#${link}`}`)
      await page.getByRole('tablist').waitFor()
      return page
    },
    close: async () => {
      await browser.close()
      server.close()
      expect(errors).toEqual([])
    }
  }
}

/** What axe-core finds wrong, in a line each. */
export const violations = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const found = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    })
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`)
    )
  })
}

/** By how much the page is wider than its window. */
export const sidewards = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)

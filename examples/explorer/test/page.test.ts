/** The page as people use it, driven in Chromium. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { toHex } from '../src/page/state/edges.js'
import {
  dark,
  type Explorer,
  light,
  missing,
  phone,
  sidewards,
  startExplorer,
  violations
} from './browser.js'

let explorer: Explorer

beforeAll(async () => {
  if (missing === undefined) explorer = await startExplorer()
}, 60_000)
afterAll(async () => {
  if (missing === undefined) await explorer.close()
})

const inPage = (name: string, body: () => Promise<void>): void =>
  it(name, async (context: TestContext) => {
    context.skip(missing !== undefined, missing)
    await body()
  })

const promise = async (page: Page): Promise<string> => (await page.locator('#promise').textContent()) ?? ''
const cell = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

describe('a graph', () => {
  inPage('says its promise at each click, and what would help', async () => {
    const page = await explorer.open()
    expect(await promise(page)).toContain('z3, z4 stay mixed with each other')
    await cell(page, 'action a0 to z3').click()
    expect(await cell(page, 'action a0 to z3').getAttribute('aria-pressed')).toBe('true')
    expect(await promise(page)).toContain('z4 may stay mixed with z3, one way')
    await page.getByText(/No other latent has all of: action a[02] and action a[02]\./).waitFor()
    await page.getByRole('button', { name: /^Add/ }).click()
    expect(await promise(page)).toBe('Complete: each of the 5 latents is identified by itself.')
    await page.getByText('No action is needed').waitFor()
    await page.context().close()
  })

  inPage('is picked by name, drawn, and resized', async () => {
    const page = await explorer.open()
    await page.getByRole('combobox', { name: 'Graph', exact: true }).selectOption('TimeBlockDiag')
    expect(await promise(page)).toMatch(/^Partial: no latent is identified by itself; z0, z1 stay mixed/)
    await page.getByRole('img', { name: /Entanglement, predicted/ }).waitFor()
    await page.getByRole('spinbutton', { name: 'Latents' }).fill('1')
    expect(await promise(page)).toBe('Complete: the one latent is identified.')
    await page.getByRole('spinbutton', { name: 'Lags of time' }).fill('0')
    expect(await promise(page)).toContain('There is neither an action nor time')
    await page
      .getByRole('combobox', { name: 'Graph', exact: true })
      .selectOption('A hundred latents, fifty actions')
    await page.getByText('Cells can be clicked up to 40 latents.').waitFor()
    await page.context().close()
  })

  inPage('is changed by keys alone', async () => {
    const page = await explorer.open('view=graph&latents=2&actions=2&ga=9')
    expect(await promise(page)).toMatch(/^Complete/)
    await page.getByRole('tab', { name: 'Graph' }).focus()
    for (let presses = 0; presses < 20; presses++) {
      await page.keyboard.press('Tab')
      const label = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
      if (label === 'action a0 to z0') break
    }
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Space')
    expect(await promise(page)).toBe(
      'Partial: z0 is identified by itself; z1 may stay mixed with z0, one way.'
    )
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await cell(page, 'action a1 to z1').getAttribute('aria-pressed')).toBe('false')
    // One cell alone is in the order of tabs.
    expect(await page.locator('.cell[tabindex="0"]').count()).toBe(1)
    await page.context().close()
  })

  inPage('of 30 latents has its first promise within 50 ms of a click', async () => {
    const ones = (d: number, entry: (i: number, j: number) => boolean): number[][] =>
      Array.from({ length: d }, (_, i) => Array.from({ length: d }, (__, j) => (entry(i, j) ? 1 : 0)))
    const [gz, ga] = [ones(30, () => true), ones(30, (i, j) => i === j)].map(toHex)
    const page = await explorer.open(`view=graph&latents=30&lags=1&gz=${gz}&actions=30&ga=${ga}`)
    expect(await promise(page)).toMatch(/^Complete/)
    await page.getByRole('img', { name: /Entanglement/ }).waitFor()
    const times = await page.evaluate(async () => {
      const status = document.getElementById('promise') as HTMLElement
      const found = document.querySelector<HTMLElement>('[aria-label="action a0 to z0"]') as HTMLElement
      const took: number[] = []
      for (let click = 0; click < 15; click++) {
        const changed = new Promise<void>((resolve) => {
          const observer = new MutationObserver(() => {
            observer.disconnect()
            resolve()
          })
          observer.observe(status, { characterData: true, childList: true, subtree: true })
        })
        const started = performance.now()
        found.click()
        await changed
        took.push(performance.now() - started)
        await new Promise((resolve) => setTimeout(resolve, 60))
      }
      return took.sort((a, b) => a - b)
    })
    console.log(
      `promise after a click at 30 latents: median ${times[7].toFixed(1)} ms of ${times.length} clicks`
    )
    expect(times[7]).toBeLessThan(50)
    await page.context().close()
  })
})

describe('a kernel', () => {
  inPage('is analysed: graph, influence, another model', async () => {
    const page = await explorer.open('view=kernel')
    await page
      .getByText('another model, with the same observations and the same graph, mixes z0, z1')
      .waitFor()
    await page.getByText(/^z0 = .+ ẑ0 [+−] .+ ẑ1/).waitFor()
    await page
      .getByRole('combobox', { name: 'Kernel', exact: true })
      .selectOption('Three tanks, three valves')
    await page.getByText('Identified: other models differ by a permutation').waitFor()
    await page.getByRole('combobox', { name: 'Kernel', exact: true }).selectOption('Gaussian random walk')
    await page.getByRole('heading', { name: /Another model with the same data/ }).waitFor()
    // The text is still there.
    await page.getByRole('combobox', { name: 'Kernel', exact: true }).selectOption('As written below')
    expect(await page.getByRole('textbox', { name: 'Its text' }).inputValue()).toContain('Each valve moves')
    await page.getByText('Identified: other models differ by a permutation').waitFor()
    await page.getByRole('button', { name: 'Open this graph to change it' }).click()
    expect(await promise(page)).toMatch(/^Complete: each of the 3 latents/)
    await page.context().close()
  })

  inPage('that is wrong says the line, and one without an end is stopped', async () => {
    const page = await explorer.open('view=kernel')
    const text = page.getByRole('textbox', { name: 'Its text' })
    await text.fill('kernel({\n  latents: 1,\n  location: (F) => [F.sine(F.one)],\n  scale: 1\n})')
    await text.press('Control+Enter')
    await page
      .getByRole('alert')
      .getByText(/^Line 3: .*F\.sine is not a function/)
      .waitFor()
    await text.fill('while (true) {}\nkernel({})')
    await page.getByRole('button', { name: 'Run' }).click()
    await page
      .getByRole('alert')
      .getByText(/did not end within 4 seconds and was stopped/)
      .waitFor()
    await text.fill('kernel({ latents: 1, actions: 1, location: (F, _, [a]) => [F.sin(a)], scale: 1 })')
    await page.getByRole('button', { name: 'Run' }).click()
    await page.locator('.promise').waitFor()
    await page.context().close()
  })

  inPage('of a link runs only when asked to, and reaches nothing outside the page', async () => {
    const heard: string[] = []
    const stranger = createServer(({ url = '' }, response) => {
      heard.push(url)
      response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/javascript' })
      response.end('export {}')
    })
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
    const outside = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`
    // The number of latents tells whether requests were refused.
    const source = `const fails = (f) => { try { f(); return 0 } catch { return 1 } }
fetch('${outside}/fetch').catch(() => 0)
import('${outside}/import').catch(() => 0)
const refused = fails(() => { const r = new XMLHttpRequest(); r.open('GET', '${outside}/xhr', false); r.send() })
kernel({ latents: 2 + refused, actions: 1, location: (F, _, [a]) => new Array(2 + refused).fill(a), scale: 1 })`
    const page = await explorer.open(new URLSearchParams({ view: 'kernel', source }).toString())
    await page.getByText('This kernel came with a link.').waitFor()
    await page.getByText('Press Run to see.').waitFor()
    await page.getByRole('button', { name: 'Run' }).click()
    await page.getByRole('rowheader', { name: 'z2' }).waitFor()
    expect(heard).toEqual([])
    stranger.close()
    await page.context().close()
  })
})

describe('known mechanisms', () => {
  inPage('leave flows open, which are drawn; more of them leave less', async () => {
    const page = await explorer.open('view=known')
    await page.getByText('2 dimensions stay open').waitFor()
    expect(await page.getByRole('img', { name: /^Flow along/ }).count()).toBe(2)
    await page.getByRole('button', { name: 'Add a mechanism' }).click()
    await page.getByText('No flow stays open').waitFor()
    await page.getByRole('button', { name: 'Remove mechanism 2' }).click()
    await page.getByText('2 dimensions stay open').waitFor()
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('Matrix and shift')
    await page.getByRole('textbox', { name: 'matrix' }).fill('0.9 0\n0 0.5')
    await page.getByText('up to a factor').first().waitFor()
    await page.getByRole('textbox', { name: 'matrix' }).fill('0.9 0\n0 x')
    await page.getByText('matrix: "x" is no number.').waitFor()
    await page.context().close()
  })
})

describe('a link', () => {
  inPage('leads back to what was shown', async () => {
    const page = await explorer.open()
    await cell(page, 'action a2 to z0').click()
    const said = await promise(page)
    await page.waitForFunction(() => location.hash.includes('ga='))
    const again = await explorer.open((await page.evaluate(() => location.hash)).slice(1))
    expect(await promise(again)).toBe(said)
    await page.context().close()
    await again.context().close()
  })

  inPage('that is wrong says so, and harms nothing', async () => {
    const page = await explorer.open('view=graph&latents=3&actions=2&ga=12345')
    await page.getByRole('alert').getByText('ga has 5 digits; 3 × 2 entries take 2').waitFor()
    expect(await promise(page)).toMatch(/^Partial/)
    await page.evaluate(() => {
      location.hash = '#view=graph&entry=actiondiag'
    })
    await page.getByText('Complete: each of the 6 latents').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    await page.context().close()
  })
})

describe('the page', () => {
  inPage('weighs less than 500 kB before any training', async () => {
    const bytes = await explorer.bytesOf(async () => {
      const page = await explorer.open()
      // The worker that answers has been loaded by then.
      await page.getByText('proved best').waitFor()
      await page.context().close()
    })
    console.log(`first load: ${(bytes / 1000).toFixed(0)} kB gzipped`)
    expect(bytes).toBeGreaterThan(100_000)
    expect(bytes).toBeLessThan(500_000)
  })

  /** Each view, and what shows that it is whole. */
  const views = [
    ['graph', 'proved best'],
    ['kernel', 'The model, written out'],
    ['known', 'Everything, with evidence'],
    ['training', 'Nothing is trained yet.']
  ] as const

  it.each([
    ['light', light],
    ['dark', dark],
    ['on a phone', phone]
  ])('has nothing that axe-core finds wrong, and does not scroll sideways: %s', async (_, options) => {
    if (missing !== undefined) return
    const page = await explorer.open('', options)
    for (const [view, text] of views) {
      await page.getByRole('tab', { name: new RegExp(view, 'i') }).click()
      await page.getByText(text).first().waitFor()
      expect(await violations(page), view).toEqual([])
      expect(await sidewards(page), view).toBe(0)
    }
    await page.context().close()
  })

  inPage('changes its view by arrow keys', async () => {
    const page = await explorer.open()
    await page.getByRole('tab', { name: 'Graph' }).focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.getByRole('tab', { name: 'Kernel' }).getAttribute('aria-selected')).toBe('true')
    await page.keyboard.press('End')
    await page.getByRole('button', { name: 'Train', exact: true }).waitFor()
    await page.context().close()
  })
})

/** Trainings in the page, in Chromium on WebAssembly. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeNpz } from '@mechid/files'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { afterAll, beforeAll, expect, it, type TestContext } from 'vitest'
import { type Explorer, missing, phone, sidewards, startExplorer, violations } from './browser.js'

let explorer: Explorer
const folder = mkdtempSync(join(tmpdir(), 'mechid-explorer-data-'))

beforeAll(async () => {
  if (missing === undefined) explorer = await startExplorer()
}, 60_000)
afterAll(async () => {
  rmSync(folder, { recursive: true })
  if (missing === undefined) await explorer.close()
})

const MINUTE = 60_000
const inPage = (name: string, body: () => Promise<void>): void =>
  it(
    name,
    async (context: TestContext) => {
      context.skip(missing !== undefined, missing)
      await body()
    },
    8 * MINUTE
  )

inPage('a small training finds the latents, and says so', async () => {
  const page = await explorer.open('view=training&engine=wasm&seed=101')
  await page.getByRole('button', { name: 'Train', exact: true }).click()
  await page.getByRole('img', { name: /^loss .* at step 1 to/ }).waitFor({ timeout: 2 * MINUTE })
  await page.getByText('Engine: WebAssembly').waitFor()
  // Meanwhile another view can be used.
  await page.getByRole('tab', { name: 'Graph' }).click()
  await page.getByText('proved best').waitFor()
  await page.getByRole('tab', { name: 'Training' }).click()
  await page.getByRole('heading', { name: 'What was learned' }).waitFor({ timeout: 6 * MINUTE })
  const mcc = Number(await page.locator('#mcc').textContent())
  console.log(`MCC in the page: ${mcc}; ${await page.getByText(/ s on WebAssembly/).textContent()}`)
  expect(mcc).toBeGreaterThanOrEqual(0.95)
  expect(
    await page
      .getByRole('table', { name: /correlation/ })
      .getByRole('cell')
      .count()
  ).toBeGreaterThan(8)
  await page.getByRole('img', { name: /Learned graph: Ga/ }).waitFor()
  expect(await violations(page)).toEqual([])
  expect(await sidewards(page)).toBe(0)
  await page.context().close()
})

inPage('a training can be stopped, and another one started', async () => {
  const page = await explorer.open('view=training&engine=auto&steps=5000&rows=2000')
  await page.getByRole('button', { name: 'Train', exact: true }).click()
  await page.getByRole('img', { name: /^loss/ }).waitFor({ timeout: 2 * MINUTE })
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByText(/^Stopped at step \d+\. Nothing was kept\.$/).waitFor()
  await page.getByRole('spinbutton', { name: 'Latents' }).fill('5')
  await page.getByRole('combobox', { name: 'Problem' }).selectOption('ActionBlockDiag')
  await page.getByRole('button', { name: 'Train', exact: true }).click()
  await page.getByText(/^The training ended: .*latents is 5/).waitFor()
  await page.context().close()
})

/** Two latents, each moved by an action of its own, seen by four features. */
const recording = (rows: number) => {
  const random = generator(1)
  const [x, a] = [new Float32Array(4 * rows), new Float32Array(2 * rows)]
  for (let i = 0; i < rows; i++) {
    const [p, q] = [4 * random.uniform() - 2, 4 * random.uniform() - 2]
    const [u, v] = [Math.sin(p), Math.cos(q)]
    a.set([p, q], 2 * i)
    x.set([u + v, u - v, Math.tanh(u) + 2 * v, u * v + u], 4 * i)
  }
  return { x: { data: x, shape: [rows, 4] }, a: { data: a, shape: [rows, 2] } }
}

inPage('a file of one’s own is read and trained on, and nothing leaves the page', async () => {
  const data = recording(1500)
  const npz = join(folder, 'mine.npz')
  await orThrow(writeNpz(npz, { ...data, label: { data: new Float32Array(1500), shape: [1500] } }))
  const page = await explorer.open('view=training')
  const asked: string[] = []
  page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`))
  await page.getByLabel('A file of your own').check()
  await page.getByLabel(/^An \.npz of arrays/).setInputFiles(npz)
  expect(await page.getByLabel('What x is').inputValue()).toBe('x')
  expect(await page.getByLabel('What a is').inputValue()).toBe('a')
  await page.getByText('needs two axes (rows) or three (sequences)').waitFor()
  await page.getByRole('spinbutton', { name: 'Latents' }).fill('2')
  await page.getByRole('spinbutton', { name: 'Steps' }).fill('40')
  await page.getByRole('combobox', { name: 'Engine' }).selectOption('WebAssembly')
  await page.getByRole('button', { name: 'Train on it' }).click()
  await page.getByRole('heading', { name: 'What was learned' }).waitFor({ timeout: 3 * MINUTE })
  const saved = page.waitForEvent('download')
  await page.getByRole('link', { name: /^Learned latents/ }).click()
  const lines = readFileSync(await (await saved).path(), 'utf8')
    .trim()
    .split('\n')
  expect([lines[0], lines.length]).toEqual(['z0,z1', 1501])
  expect(await violations(page)).toEqual([])
  const strangers = asked.filter((request) => !/^GET (blob:)?http:\/\/127\.0\.0\.1:\d+\//.test(request))
  expect(strangers).toEqual([])
  await page.context().close()
})

inPage('a table’s columns are chosen, and what is wrong with a file is said', async () => {
  const { x, a } = recording(1500)
  const csv = join(folder, 'mine.csv')
  const rows = Array.from({ length: 1500 }, (_, i) =>
    [...x.data.subarray(4 * i, 4 * i + 4), ...a.data.subarray(2 * i, 2 * i + 2), 'text'].join(',')
  )
  writeFileSync(csv, ['x0,x1,x2,x3,a0,a1,who', ...rows, ''].join('\n'))
  const broken = join(folder, 'broken.npz')
  writeFileSync(broken, 'no archive')
  const page = await explorer.open('view=training', phone)
  await page.getByLabel('A file of your own').check()
  const input = page.getByLabel(/^An \.npz of arrays/)
  await input.setInputFiles(broken)
  await page.getByText(/broken\.npz/).waitFor()
  await input.setInputFiles(csv)
  expect(await page.getByLabel('What x3 is').inputValue()).toBe('x')
  expect(await page.getByLabel('What a1 is').inputValue()).toBe('a')
  await page.getByText('is text').waitFor()
  await page.getByLabel('What x3 is').selectOption('unused')
  await page.getByRole('spinbutton', { name: 'Latents' }).fill('2')
  await page.getByRole('spinbutton', { name: 'Steps' }).fill('20')
  await page.getByRole('combobox', { name: 'Engine' }).selectOption('WebAssembly')
  await page.getByRole('button', { name: 'Train on it' }).click()
  await page.getByRole('heading', { name: 'What was learned' }).waitFor({ timeout: 3 * MINUTE })
  expect(await sidewards(page)).toBe(0)
  expect(await violations(page)).toEqual([])
  await page.context().close()
})

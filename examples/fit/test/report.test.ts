/** What a fit's report and results tell: of real files, hostile names, and several seeds. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generator } from '@mechid/random'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../dist/index.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'fit-report-'))
const at = (name: string): string => join(folder, name)
const run = (...args: string[]) =>
  spawnSync(process.execPath, [program, '--latents', '2', '--steps', '30', '--edges', '2', ...args], {
    encoding: 'utf8',
    cwd: folder
  })

const field = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Two actions move a latent each, three features mix both; `frames`: rows of one sequence. */
const table = (
  names: readonly string[],
  rows: number,
  frames?: number,
  separator: (row: number) => string = String
): string => {
  const random = generator(1)
  const lines = [names.map(field).join(',')]
  for (let i = 0; i < rows; i++) {
    const [a, b] = [random.normal(), random.normal()]
    const [p, q] = [Math.sin(a) + 0.1 * random.normal(), Math.cos(b) + 0.1 * random.normal()]
    const cells = [a, b, p + q, 2 * p - q, p * q]
    lines.push([...(frames === undefined ? [] : [separator(Math.floor(i / frames))]), ...cells].join(','))
  }
  return `${lines.join('\n')}\n`
}

const read = (name: string): string => readFileSync(at(name), 'utf8')

beforeAll(() => {
  if (!existsSync(program)) throw new Error(`${program} is missing: build first`)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a report', () => {
  it('says what made it, in results.json as well, with no path but those that were typed', () => {
    const text = table(['dose', 'it’s hot', 'speed', 'force', 'heat'], 300)
    writeFileSync(at('cells 1.csv'), text)
    const columns = ['--features', 'speed..heat', '--action-columns', 'dose,it’s hot']
    expect(run('--data', 'cells 1.csv', ...columns, '--out', 'origin').status).toBe(0)
    const { origin, date, split, engineDescription } = JSON.parse(read('origin/results.json'))
    const sha256 = createHash('sha256').update(text).digest('hex')
    expect(origin.files).toEqual([{ file: 'cells 1.csv', bytes: Buffer.byteLength(text), sha256 }])
    expect(origin.command).toBe(
      `npm run fit -- --latents 2 --steps 30 --edges 2 --data 'cells 1.csv' --features speed..heat --action-columns 'dose,it’s hot' --out origin`
    )
    expect(origin.versions).toMatchObject({ node: process.versions.node })
    expect(Object.keys(origin.versions)).toContain('@mechid/estimator')
    expect(origin.fingerprint).toMatch(/^270 examples of 3 features and 2 actions \([0-9a-f]+\)$/)
    expect(Math.abs(Date.parse(date) - Date.now())).toBeLessThan(600_000)
    expect(split).toEqual({ seed: 1, unit: 'row', training: 270, heldOut: 30 })
    const html = read('origin/report.html')
    for (const words of [sha256, origin.fingerprint, date, engineDescription, 'How this was made'])
      expect(html).toContain(words)
    for (const file of ['report.html', 'results.json', 'graph.json'])
      expect(read(`origin/${file}`), file).not.toContain(folder)
  }, 60_000)

  it('shows graph, latents, sensor map and charts, under the names of the file', () => {
    const html = read('origin/report.html')
    const pictures = readdirSync(at('origin/pictures'))
    const expected = ['graph', 'actions-on-latents-probability', 'latents', 'sensor-map', 'latents-features']
    for (const name of expected) {
      expect(pictures).toContain(`${name}.svg`)
      expect(html).toContain(`id="picture-${name}"`)
    }
    const map = read('origin/pictures/sensor-map.svg')
    for (const name of ['speed', 'force', 'heat', 'ẑ0', 'ẑ1']) expect(map).toContain(`>${name}</text>`)
    expect(read('origin/pictures/graph.svg')).toContain('>it’s hot</text>')
    for (const name of pictures) {
      const svg = read(`origin/pictures/${name}`)
      expect(svg, name).toMatch(/^<svg [^>]*role="img" aria-label="[^"]+"/)
      expect(svg, name).toContain('prefers-color-scheme:dark')
    }
  })

  it('shows latents against time where lines are frames', () => {
    writeFileSync(at('time.csv'), table(['run', 'valve', 'pump', 'speed', 'force', 'heat'], 600, 20))
    const columns = ['--features', 'speed..heat', '--action-columns', 'valve,pump', '--sequence', 'run']
    expect(run('--data', 'time.csv', ...columns, '--out', 'time').status).toBe(0)
    expect(readdirSync(at('time/pictures'))).toContain('latents-time.svg')
    expect(read('time/pictures/graph.svg')).toContain('>one step before</text>')
    expect(JSON.parse(read('time/results.json')).split.unit).toBe('sequence')
  }, 60_000)

  it('shows which edges several seeds have, and how far their probabilities are apart', () => {
    const columns = ['--features', 'speed..heat', '--action-columns', 'dose,it’s hot']
    expect(run('--data', 'cells 1.csv', ...columns, '--seeds', '2', '--out', 'seeds').status).toBe(0)
    const { seeds } = JSON.parse(read('seeds/graph.json'))
    expect(seeds.actions.count).toBe(2)
    for (const row of seeds.actions.share) for (const share of row) expect([0, 0.5, 1]).toContain(share)
    const probabilities = [1, 2].map((seed) =>
      JSON.parse(read(`seeds/seed-${seed}/graph.json`)).probabilities.actions.flat()
    )
    const greatest = Math.max(...probabilities.flat()) - Math.min(...probabilities.flat())
    for (const spread of seeds.actions.spread.flat()) {
      expect(spread).toBeGreaterThanOrEqual(0)
      expect(spread).toBeLessThanOrEqual(greatest)
    }
    expect(readdirSync(at('seeds/pictures'))).toEqual(
      expect.arrayContaining(['graph-seeds.svg', 'actions-on-latents-spread.svg'])
    )
    expect(read('seeds/report.html')).toContain('agreement of seeds')
    expect(JSON.parse(read('seeds/results.json')).seeds.agreementOfLatents).toHaveLength(2)
  }, 60_000)
})

describe('names that nobody should choose', () => {
  const HOSTILE = [
    '<script>alert(1)</script>',
    '\u001b[2J\u001b]0;title\u0007" onload="alert(2)',
    '\u202egnal\nother line',
    `${'long '.repeat(60)}&amp;`,
    '😀'
  ]

  it('are text in every page, picture and file, and no command to a terminal', () => {
    writeFileSync(at('hostile & <b>.csv'), table(HOSTILE, 300))
    // Patterns by which each name is chosen once.
    const columns = ['--features', '*gnal*,*long*,😀', '--action-columns', '*script*,*onload*']
    const done = run('--data', 'hostile & <b>.csv', ...columns, '--out', 'hostile')
    expect(done.stderr).not.toMatch(/error/)
    expect(done.status).toBe(0)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be left
    const commands = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/
    expect(done.stdout).not.toMatch(commands)
    expect(done.stderr).not.toMatch(commands)
    const pages = ['report.html', ...readdirSync(at('hostile/pictures')).map((name) => `pictures/${name}`)]
    for (const page of pages) {
      const text = read(`hostile/${page}`)
      expect(text, page).not.toMatch(/<script|" onload="|<b>/)
      expect(text, page).not.toMatch(commands)
    }
    expect(read('hostile/report.html')).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    // Files keep the names as they are: JSON and metadata of a model escape by themselves.
    expect(JSON.parse(read('hostile/graph.json')).actionNames).toEqual(HOSTILE.slice(0, 2))
    const onnx = readFileSync(at('hostile/model.onnx')).toString('utf8')
    expect(onnx).toContain(JSON.stringify(HOSTILE.slice(2)))
  }, 60_000)
})

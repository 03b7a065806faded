/** Every package that browsers load, in a real one: by Vite, by esbuild, and as plain modules; a training in a worker. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dictionary, npyFile, type TestEntry, zipFile } from '../packages/files/test/zip-file.js'
import { byEsbuild, byImportMap, byVite, gzipped, makeProject } from './browsers/bundles.js'
import { chromiumPath, launch, NO_CHROMIUM } from './browsers/chromium.js'
import { type Files, readAll, type Written, writeAll } from './browsers/programs/file-reading.js'
import type { Compared } from './browsers/programs/webgpu.js'
import { type WholeWay, wholeWay } from './browsers/programs/whole-way.js'
import { type StaticServer, serve } from './browsers/static-server.js'
import { printed } from './printed.js'
import { packages, portable } from './workspace.js'

const MINUTE = 60_000
const work = mkdtempSync(join(tmpdir(), 'mechid-browsers-'))
const project = join(work, 'project')

let browser: Browser | undefined
let server: StaticServer | undefined

beforeAll(async () => {
  const unbuilt = packages.filter(({ folder }) => !existsSync(join(folder, 'dist/index.js')))
  if (unbuilt.length > 0) {
    const names = unbuilt.map(({ short }) => short).join(', ')
    throw new Error(`${names}: dist is missing; build first ("npm test" does, "pnpm build" too)`)
  }
  makeProject(project)
  if (chromiumPath === undefined) return
  server = await serve(work)
  browser = await launch()
}, MINUTE)

afterAll(async () => {
  await browser?.close()
  server?.close()
  rmSync(work, { recursive: true, force: true })
}, MINUTE)

const inChromium = (name: string, body: () => Promise<void>): void =>
  it(name, async (context) => {
    context.skip(chromiumPath === undefined, NO_CHROMIUM)
    await body()
  })

const ways = { vite: byVite, esbuild: byEsbuild, modules: byImportMap }
type Way = keyof typeof ways
const made = new Map<Way, Promise<void>>()

/** A page of what was bundled in this way, once for all tests. */
const openPage = async (way: Way): Promise<Page> => {
  if (!made.has(way)) made.set(way, ways[way](project, join(work, way)))
  await made.get(way)
  const page = await (browser as Browser).newPage()
  await page.goto(`${server?.url}${way}/`)
  return page
}

// Programs for a page are texts: functions would reach it as the test runner has rewritten them.

/** What a function that a page's module exports answers. */
const called = <A>(page: Page, module: string, name: string, ...args: readonly unknown[]): Promise<A> =>
  page.evaluate(`import('./${module}.js').then((module) => module.${name}(...${JSON.stringify(args)}))`)

/** What a program writes to the console, `lines` lines of it. */
const outputOf = (page: Page, program: string, lines: number): Promise<string> =>
  page.evaluate(`new Promise((resolve, reject) => {
    const written = []
    console.log = (...values) => {
      if (written.push(values.join(' ')) === ${lines}) resolve(written.join('\\n'))
    }
    import('./${program}.js').catch(reject)
  })`)

describe.each([
  ['Vite', 'vite'],
  ['esbuild', 'esbuild'],
  ['modules and an import map', 'modules']
] as const)('in a page, by %s', (_, way) => {
  let page: Page

  beforeAll(async () => {
    if (browser !== undefined) page = await openPage(way)
  }, 2 * MINUTE)

  for (const short of portable) {
    inChromium(`@mechid/${short} works`, async () => {
      const expected = printed[short]
      expect(await outputOf(page, short, expected.split('\n').length)).toBe(expected)
    })
  }
})

/** What a worker answers that is told where the WebAssembly files lie. */
const fromWorker = (page: Page): Promise<WholeWay> =>
  page.evaluate(`new Promise((resolve, reject) => {
    const worker = new Worker('./worker.js', { type: 'module' })
    worker.onerror = (event) => reject(new Error(event.message))
    worker.onmessage = ({ data }) => {
      worker.terminate()
      if (data.thrown === undefined) resolve(data.result)
      else reject(new Error(data.thrown))
    }
    worker.postMessage(new URL('./', location.href).href)
  })`)

const inPage = (page: Page): Promise<WholeWay> => called(page, 'whole-way', 'wholeWay', '', 'runs')

describe('the whole way', () => {
  let here: WholeWay

  beforeAll(async () => {
    if (chromiumPath !== undefined) here = await wholeWay('', join(work, 'runs'))
  }, MINUTE)

  const theSame = async (way: Way, goes: (page: Page) => Promise<WholeWay>): Promise<void> => {
    const there = await goes(await openPage(way))
    const { loss, mcc, checkpoint, turns, ...exact } = there
    expect(exact).toEqual({
      promised: here.promised,
      engine: here.engine,
      unmixed: here.unmixed,
      sameModel: true
    })
    expect(here.unmixed).toBe(2)
    expect(loss).toBeCloseTo(here.loss, 3)
    expect(mcc).toBeCloseTo(here.mcc, 2)
    expect(turns).toBeGreaterThan(0)
    expect(here.checkpoint).toBe('written')
    expect(checkpoint).toMatch(/^runs: a page has no folders; leave `checkpoint` out/)
  }

  inChromium('is the same in a worker as in Node, by Vite', () => theSame('vite', fromWorker))
  inChromium('is the same in a worker as in Node, by esbuild', () => theSame('esbuild', fromWorker))
  inChromium('is the same in a page as in Node, by modules', () => theSame('modules', inPage))
})

const x: TestEntry = {
  name: 'x.npy',
  data: npyFile(dictionary('<f8', '(2, 3)'), Buffer.from(Float64Array.of(1, 2, 3, 4, 5, 6).buffer))
}
const deflated: TestEntry = { ...x, deflated: true }
const table = 'time;angle;lamp\n1;0,5;on\n2;0,25;off\n3;;on\n'
const half = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length >> 1)
/** A copy with another last byte but `fromEnd`. */
const damaged = (bytes: Uint8Array, fromEnd: number): Uint8Array => {
  const copy = Uint8Array.from(bytes)
  copy[copy.length - fromEnd] ^= 0x55
  return copy
}

/** Sound files, damaged ones, and some that were made to do harm; the letters behind the dot say how they are read. */
const read: Readonly<Record<string, Uint8Array>> = {
  'stored.npz': zipFile([x]),
  'deflated.npz': zipFile([deflated, { ...deflated, name: 'yö.npy' }]),
  'empty.npz': new Uint8Array(0),
  'text.npz': Buffer.from('hello, world'),
  'upwards.npz': zipFile([{ ...x, name: '../x.npy' }]),
  'absolute.npz': zipFile([{ ...x, name: '/x.npy' }]),
  'backslash.npz': zipFile([{ ...x, name: '..\\x.npy' }]),
  'twice.npz': zipFile([x, x]),
  'bomb.npz': zipFile([{ ...deflated, says: { size: 100 * 2 ** 30 } }]),
  'larger.npz': zipFile([
    { ...deflated, data: Buffer.concat([x.data, Buffer.alloc(1 << 16)]), says: { size: x.data.length } }
  ]),
  'longer.npz': zipFile([{ ...deflated, says: { size: x.data.length + 64 } }]),
  'beyond.npz': zipFile([{ ...deflated, says: { packedSize: 1e6 } }]),
  'two-sizes.npz': zipFile([{ ...x, says: { size: 10 } }]),
  'method.npz': zipFile([{ ...x, says: { method: 12 } }]),
  'password.npz': zipFile([{ ...deflated, says: { flags: 1 } }]),
  'far.npz': zipFile([{ ...x, says: { at: 1e6 } }]),
  'no-entry.npz': zipFile([{ ...x, says: { at: 5 } }]),
  'more-entries.npz': zipFile([x], 500),
  'half.npz': half(zipFile([x, deflated])),
  'checksum.npz': damaged(zipFile([x]), 150),
  'inner.npz': zipFile([{ name: 'inner.npz', data: zipFile([x]) }]),
  'big-endian.npy': npyFile(dictionary('>f4', '(2,)'), Buffer.from([0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0])),
  'big-endian-2.npy': npyFile(dictionary('>i2', '(3,)'), Buffer.from([0, 1, 0xff, 0xfe, 1, 0])),
  'big-endian-8.npy': npyFile(
    dictionary('>i8', '(2,)'),
    Buffer.from([0, 0, 0, 0, 0, 0, 1, 2, 0x80, ...Array(7).fill(0)])
  ),
  'text.npy': npyFile(dictionary('<U5', '(2,)'), Buffer.alloc(40)),
  'half.npy': half(x.data),
  'large.npy': npyFile(dictionary('<f8', '(1000000000,)'), Buffer.alloc(8)),
  'numbers.csv': Buffer.from('\ufeffa,"b, c"\r\n1,-2e3\r\nnan,inf\r\n'),
  'word.csv': Buffer.from('a,b\n1,two\n'),
  'ragged.csv': Buffer.from('a,b\n1,2\n3\n'),
  'quote.csv': Buffer.from('a,b\n1,"2\n3,4\n'),
  'plain.table': Buffer.from(table),
  'packed.table': gzipSync(table),
  'two-members.table': Buffer.concat([gzipSync(table), gzipSync('4;1,5;off\n')]),
  'half.table': half(gzipSync(table.repeat(50))),
  'gzip-checksum.table': damaged(gzipSync(table), 8),
  'utf-16.table': Buffer.from('\ufeffa\tb\n1\t2\n', 'utf16le'),
  'short.safetensors': Buffer.alloc(5),
  'json.safetensors': Buffer.concat([Buffer.from([4, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('[1] ')])
}

const base64 = (files: Readonly<Record<string, Uint8Array>>): Files =>
  Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')])
  )

describe('files in a page', () => {
  inChromium('are read, and refused, in the same words as in Node', async () => {
    const page = await openPage('esbuild')
    const files = base64(read)
    const told = await called(page, 'file-reading', 'readAll', files)
    const here = await readAll(files)
    expect(told).toEqual(here)
    for (const name of Object.keys(read)) expect(here[`${name} from bytes`]).toBe(here[`${name} from a file`])
  })

  inChromium('are written so that Node reads them, and as bytes alone', async () => {
    const page = await openPage('vite')
    const written: Written = await called(page, 'file-reading', 'writeAll', 'x.npz')
    const here = await writeAll(join(work, 'x.npz'))
    expect(await readAll(written.files)).toEqual(await readAll(here.files))
    expect(written.rows).toBe(here.rows)
    expect(here.byPath).toBe('written')
    expect(written.byPath).toMatch(
      /^x.npz: cannot be written \(a page writes no files by their paths\); make its bytes/
    )
  })
})

describe('engines in a page', () => {
  inChromium('say which file WebAssembly lacks, and start once it is there', async () => {
    const page = await openPage('modules')
    const answers: readonly string[] = await page.evaluate(`(async () => {
      const { findEngine } = await import('@mechid/estimator')
      const found = []
      for (const options of [{ wasmPaths: '/nowhere/' }, { wasmPaths: '/modules/index.html?' }, {}]) {
        const engine = await findEngine('auto', [], options)()
        found.push(engine._tag === 'Left' ? engine.left.message : engine.right.description)
      }
      return found
    })()`)
    expect(answers[0]).toMatch(/\/nowhere\/tfjs-backend-wasm-simd.wasm: 404 .*wasmPaths/)
    expect(answers[1]).toMatch(/is no WebAssembly\); serve the .wasm files/)
    expect(answers[2]).toMatch(/^WebAssembly on one CPU thread \(chosen: no webgpu: /)
  })

  inChromium('train on WebGPU as on WebAssembly, and are not found where it is emulated', async () => {
    const page = await openPage('vite')
    const { devices, losses, auto } = await called<Compared>(page, 'webgpu', 'compared')
    expect(devices[0]).toBe('WebGPU on the processor, which emulates it')
    expect(losses[0]).toBeCloseTo(losses[1], 4)
    expect(auto).toContain('no webgpu: it is emulated')
  })
})

describe('the weight of a page', () => {
  it('with causal graphs and their pictures is below 60 kB', async () => {
    const program = `import { graphSvg, predict } from '@mechid/causal-graph'
      console.log(predict({ latents: [[1, 0], [1, 1]] }), graphSvg({ latents: [[1, 0], [1, 1]] }))`
    expect(await gzipped(project, program)).toBeLessThan(60_000)
  })
})

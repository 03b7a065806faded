/**
 * The tests of this package once more, on WebGPU. Without a GPU they run on SwiftShader, a software adapter that comes
 * with Chromium; Vulkan finds it by an environment variable that must be there when the process starts.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const files = ['kernels', 'random-programs', 'compile', 'carry'].map(
  (name) => `packages/compiler/test/${name}.test.ts`
)

const drivers = [
  process.env.MECHID_VULKAN_DRIVER ?? '',
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json'
]
const driver = drivers.find((path) => path !== '' && existsSync(path))

const folder = mkdtempSync(join(tmpdir(), 'mechid-webgpu-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A process of its own that sees the software adapter. */
const node = (...args: string[]): Promise<string> =>
  new Promise((resolve) => {
    const { MECHID_TEST_COUNT: _, CI: __, ...inherited } = process.env
    const outer = Object.entries(inherited).filter(([name]) => !name.startsWith('VITEST'))
    const env = {
      ...Object.fromEntries(outer),
      VK_ICD_FILENAMES: driver,
      // Chromium brings Vulkan's loader, too, which few servers have.
      LD_LIBRARY_PATH: [dirname(driver ?? ''), process.env.LD_LIBRARY_PATH ?? ''].filter(Boolean).join(':'),
      MECHID_TEST_PROVIDER: 'webgpu',
      MECHID_TEST_PROGRAMS: '15'
    }
    const child = spawn(process.execPath, args, { cwd: root, env })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        said += data
      })
    child.on('close', () => resolve(said))
  })

/** An ONNX model y = −x, to see whether there is an adapter at all. */
const PROBE = `
const ort = require(require.resolve('onnxruntime-node', { paths: ['packages/compiler'] }))
const model = Buffer.from('CAgSBm1lY2hpZDoyCgsKAXgSAXkiA05lZxIBZ1oPCgF4EgoKCAgBEgQKAggBYg8KAXkSCgoICAESBAoCCAFCBAoAEBE=', 'base64')
ort.InferenceSession.create(model, { executionProviders: ['webgpu'], logSeverityLevel: 4 })
  .then(() => console.log('adapter found'), (error) => console.log(String(error).split('\\n')[0].slice(-200)))
`

interface Report {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly status: string
      readonly fullName: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

it('the tests of the compiler pass on WebGPU', async (context) => {
  context.skip(driver === undefined, "no software adapter: Debian's chromium brings one")
  const found = await node('-e', PROBE)
  context.skip(!found.includes('adapter found'), `ONNX Runtime finds no WebGPU adapter: ${found.trim()}`)
  const file = join(folder, 'report.json')
  const said = await node(
    'node_modules/vitest/vitest.mjs',
    'run',
    ...files,
    '--reporter=json',
    `--outputFile=${file}`
  )
  expect(existsSync(file), said).toBe(true)
  const report: Report = JSON.parse(readFileSync(file, 'utf8'))
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const failed = results.filter(({ status }) => status === 'failed')
  expect(failed.map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]}`)).toEqual([])
  // Nine families, the random programs, two training steps, and what holds for the carry.
  expect(report.numPassedTests).toBeGreaterThan(18)
}, 600_000)

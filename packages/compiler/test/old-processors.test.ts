/** Compiled steps on processors without AVX-512, and without any AVX: emulated ones, as libraries ask the processor itself. */
import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'

const EMULATOR = 'qemu-x86_64'
const SCRIPT = fileURLToPath(new URL('compiled-steps.mjs', import.meta.url))
const BUILT = fileURLToPath(new URL('../dist/index.js', import.meta.url))

const missing = (): string | undefined => {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'this is no Linux on x86-64'
  if (spawnSync(EMULATOR, ['--version']).status !== 0)
    return `${EMULATOR} is missing (Debian: apt-get install qemu-user)`
  return existsSync(BUILT) ? undefined : 'the package is not built'
}

type Parameters = Readonly<Record<string, readonly number[]>>

const parametersAfter = async (command: string, args: readonly string[]): Promise<Parameters> => {
  const { stdout } = await promisify(execFile)(command, [...args, SCRIPT], { maxBuffer: 1 << 26 })
  return JSON.parse(stdout)
}

const reason = missing()
const why = reason === undefined ? '' : `, skipped: ${reason}`

describe.skipIf(reason !== undefined)(`20 compiled steps${why}`, () => {
  let here: Parameters = {}
  beforeAll(async () => {
    here = await parametersAfter(process.execPath, [])
  })

  it.each([
    ['Haswell', 'AVX2, but no AVX-512'],
    ['Nehalem', 'SSE 4.2, but no AVX']
  ])(
    'give the parameters of this processor on a %s (%s)',
    async (processor) => {
      const there = await parametersAfter(EMULATOR, ['-cpu', processor, process.execPath])
      expect(Object.keys(there)).toEqual(Object.keys(here))
      const away = Object.keys(here).flatMap((name) => {
        expect(there[name].length, name).toBe(here[name].length)
        return here[name].map((value, i) => Math.abs(value - there[name][i]))
      })
      expect(away.length).toBeGreaterThan(300)
      expect(Math.max(...away)).toBeLessThan(1e-5)
    },
    180_000
  )
})

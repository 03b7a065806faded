/** Every package, packed and installed alone into an empty project, works in each of the ways people use it. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { programsOf } from './code-blocks.js'
import { type Ended, run } from './command.js'
import {
  install,
  installWholeWay,
  type Resolution,
  registryFailure,
  tarballOf,
  typeCheck
} from './consumer-project.js'
import { printed } from './printed.js'
import { type Manifest, type Member, packages, readManifest, root } from './workspace.js'

/** Heavy dependencies, and the packages that may bring them. */
const heavy = [
  {
    name: 'TF.js',
    pattern: /^@tensorflow\//,
    allowed: ['estimator', 'baselines', 'compiler', 'engine', 'model-selection']
  },
  { name: 'Vega', pattern: /^vega/, allowed: ['report'] },
  { name: 'ONNX Runtime', pattern: /^onnxruntime/, allowed: ['compiler'] }
]

/** What a package carries in its own files, since its users could not load it otherwise. */
const bundled: Readonly<Record<string, readonly string[]>> = {
  compiler: ['tfjs-core'],
  estimator: ['tfjs-core'],
  metrics: ['fft.js', 'linear-sum-assignment', 'ml-spectra-processing']
}

/** The packages whose sources a built file was made from, by its source map. */
const bundledInto = ({ folder }: Member): readonly string[] => {
  const { sources } = JSON.parse(readFileSync(join(folder, 'dist/index.js.map'), 'utf8'))
  const names = (sources as readonly string[]).map(
    (path) => path.match(/.*node_modules\/(?:\.pnpm\/)?((?:@[^/]+\/)?[^/]+)\//)?.[1]
  )
  return [...new Set(names.filter((name) => name !== undefined))].sort()
}

const MINUTE = 60_000
const work = mkdtempSync(join(tmpdir(), 'mechid-packaging-'))
const tarballs = join(work, 'tarballs')
const projectOf = ({ short }: Member): string => join(work, short)
const installed = new Map<string, Ended>()

const pack = async (): Promise<Ended> => {
  mkdirSync(tarballs)
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const packing = ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', tarballs]
  return run(root, 'npx', '--yes', '--prefer-offline', packageManager, ...packing)
}

/** Why nothing can be installed here; undefined where it can. */
let offline: string | undefined

const installAll = async (): Promise<void> => {
  const waiting = [...packages]
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (offline !== undefined) return
      const ended = await install(projectOf(next), tarballs, next)
      offline ??= registryFailure(ended)
      installed.set(next.short, ended)
    }
  }
  await Promise.all([lane(), lane()])
}

beforeAll(async () => {
  const unbuilt = packages.filter(({ folder }) => !existsSync(join(folder, 'dist/index.js')))
  const untold = packages.filter(({ short }) => printed[short] === undefined)
  if (untold.length > 0) {
    throw new Error(
      `tests/consumers and tests/printed.ts say nothing of ${untold.map(({ short }) => short).join(', ')}`
    )
  }
  if (unbuilt.length > 0) {
    const names = unbuilt.map(({ short }) => short).join(', ')
    throw new Error(`${names}: dist is missing; build first ("npm test" does, "pnpm build" too)`)
  }
  const packed = await pack()
  offline = registryFailure(packed)
  if (offline !== undefined) return
  if (!packed.ok) throw new Error(`pnpm pack failed: ${packed.all}`)
  await installAll()
}, 5 * MINUTE)

afterAll(() => rmSync(work, { recursive: true, force: true }), MINUTE)

/** All packages in a project's node_modules, whoever brought them. */
const modulesIn = (project: string): readonly Manifest[] => {
  const lock = JSON.parse(readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8'))
  return Object.keys(lock.packages).map((path) => readManifest(join(project, path)))
}

/** npm runs these after it has unpacked a package, and `node-gyp` where it finds a binding.gyp. */
const scriptsAtInstall = ['preinstall', 'install', 'postinstall']

describe.each(packages.map((member) => [member.manifest.name, member] as const))(
  '%s, packed',
  (_, member) => {
    const inProject = (name: string, body: (project: string) => Promise<void> | void): void =>
      it(
        name,
        async (context) => {
          context.skip(offline !== undefined, `the npm registry cannot be reached (${offline})`)
          const ended = installed.get(member.short)
          expect(ended?.ok, ended?.all).toBe(true)
          await body(projectOf(member))
        },
        MINUTE
      )

    const prints = async (project: string, file: string): Promise<void> => {
      const ended = await run(project, process.execPath, file)
      expect(ended.ok, ended.all).toBe(true)
      expect(ended.all).toBe(printed[member.short])
    }

    const typeChecks = async (project: string, resolution: Resolution): Promise<void> => {
      const ended = await typeCheck(project, resolution)
      expect(ended.ok, ended.all).toBe(true)
    }

    inProject('works by import', (project) => prints(project, 'consumer.mjs'))
    inProject('works by require', (project) => prints(project, 'consumer.cjs'))
    inProject('has types for moduleResolution nodenext', (project) => typeChecks(project, 'nodenext'))
    inProject('has types for moduleResolution bundler', (project) => typeChecks(project, 'bundler'))

    inProject('brings no heavy dependency that is not its own', (project) => {
      const names = modulesIn(project).map(({ name }) => name)
      expect(names).toContain(member.manifest.name)
      for (const { name, pattern, allowed } of heavy) {
        const brought = names.filter((module) => pattern.test(module))
        if (!allowed.includes(member.short)) expect(brought, name).toEqual([])
      }
    })

    it('carries no other package in its own files, but those that have to be', () => {
      expect(bundledInto(member)).toEqual(bundled[member.short] ?? [])
    })

    inProject('brings nothing that has to run a script when installed', (project) => {
      const running = modulesIn(project).filter(({ scripts = {} }) =>
        scriptsAtInstall.some((script) => script in scripts)
      )
      expect(running.map(({ name }) => name)).toEqual([])
    })

    inProject('brings licence and README, and no sources', (project) => {
      const files = readdirSync(join(project, 'node_modules', member.manifest.name))
      expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist', 'package.json']))
      expect(files.filter((file) => ['src', 'test', 'node_modules', 'tsconfig.json'].includes(file))).toEqual(
        []
      )
    })

    inProject('satisfies publint', async () => {
      const bin = join(root, 'node_modules/publint/src/cli.js')
      const ended = await run(work, process.execPath, bin, 'run', tarballOf(tarballs, member), '--strict')
      expect(ended.ok, ended.all).toBe(true)
    })

    inProject('satisfies attw', async () => {
      const bin = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js')
      const ended = await run(work, process.execPath, bin, tarballOf(tarballs, member), '--format', 'ascii')
      expect(ended.ok, ended.all).toBe(true)
    })
  }
)

describe('the packages together', () => {
  const project = join(work, 'whole-way')
  let ended: Ended | undefined

  beforeAll(async () => {
    if (offline !== undefined) return
    const [{ code }] = programsOf('README.md')
    const custom = readFileSync(join(root, 'examples/custom-mechanism/src/index.ts'), 'utf8')
    ended = await installWholeWay(project, tarballs, packages, { readme: code, custom })
  }, 5 * MINUTE)

  const printedBy = async (context: TestContext, ...command: readonly string[]): Promise<string> => {
    context.skip(offline !== undefined, `the npm registry cannot be reached (${offline})`)
    expect(ended?.ok, ended?.all).toBe(true)
    const done = await run(project, process.execPath, ...command)
    expect(done.ok, done.all).toBe(true)
    return done.all
  }

  it(
    'run the whole way of the README in an empty project, as it stands',
    async (context) => {
      const printed = await printedBy(context, 'readme.mjs')
      expect(printed).toContain('Every latent is identified up to a permutation and an element-wise map')
      expect(printed).toContain('The promise was kept')
    },
    15 * MINUTE
  )

  it(
    'run the program of npm run custom where it is copied to',
    async (context) => {
      const printed = await printedBy(context, 'custom.mjs', '--steps', '20')
      expect(printed).toMatch(/MCC: \d\.\d{4} \(chance/)
      // So short a training may miss the pattern or not; either way nothing was promised.
      expect(printed).toMatch(/Sparsity (promises|had promised) nothing/)
      expect(printed).not.toContain('The promise was kept')
    },
    5 * MINUTE
  )

  it('are not packed by npm, which would leave workspace: in the tarball', async () => {
    const metrics = packages.find(({ short }) => short === 'metrics') as Member
    const packed = await run(metrics.folder, 'npm', 'pack', '--dry-run')
    expect(packed.ok).toBe(false)
    expect(packed.all).toContain('use pnpm pack')
  })
})

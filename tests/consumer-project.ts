/** A project with nothing in it but one packed package. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { type Ended, run } from './command.js'
import { type Member, root, siblingsBroughtBy } from './workspace.js'

/** Where `pnpm pack` puts a package, and what names it. */
export const tarballOf = (tarballs: string, { short, manifest }: Member): string =>
  join(tarballs, `mechid-${short}-${manifest.version}.tgz`)

const fileSpec = (tarballs: string, member: Member): string => `file:${tarballOf(tarballs, member)}`

/**
 * Packages depend on one another by version, and no version is published yet: the tarballs stand in for exactly
 * those siblings that the package declares, directly or through a sibling. npm has to ask a registry for any other,
 * and fails.
 */
const manifestFor = (tarballs: string, member: Member): object => ({
  name: 'consumer',
  private: true,
  dependencies: { [member.manifest.name]: fileSpec(tarballs, member) },
  overrides: Object.fromEntries(
    [...siblingsBroughtBy(member)].map((sibling) => [sibling.manifest.name, fileSpec(tarballs, sibling)])
  )
})

const transpiled = (code: string, module: ts.ModuleKind): string =>
  ts.transpileModule(code, { compilerOptions: { module, target: ts.ScriptTarget.ES2022 } }).outputText

/** Makes a project that depends on all packages, with programs `name` → TypeScript in it, and installs. */
export const installWholeWay = async (
  folder: string,
  tarballs: string,
  members: readonly Member[],
  programs: Readonly<Record<string, string>>
): Promise<Ended> => {
  mkdirSync(folder, { recursive: true })
  const specs = Object.fromEntries(members.map((m) => [m.manifest.name, fileSpec(tarballs, m)]))
  const manifest = { name: 'whole-way', private: true, type: 'module', dependencies: specs, overrides: specs }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2))
  for (const [name, program] of Object.entries(programs)) {
    writeFileSync(join(folder, `${name}.mjs`), transpiled(program, ts.ModuleKind.ESNext))
  }
  return run(folder, 'npm', ...installing, ...patience)
}

/** One source, read in the three ways that users write. */
const writeConsumers = (folder: string, { short }: Member): void => {
  const source = join(root, 'tests/consumers', `${short}.ts`)
  const code = readFileSync(source, 'utf8')
  cpSync(source, join(folder, 'consumer.mts'))
  cpSync(source, join(folder, 'consumer.cts'))
  writeFileSync(join(folder, 'consumer.mjs'), transpiled(code, ts.ModuleKind.ESNext))
  writeFileSync(join(folder, 'consumer.cjs'), transpiled(code, ts.ModuleKind.CommonJS))
}

const installing = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
/** A registry that cannot be reached is found out soon, one that stumbles is asked again. */
const patience = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=3000']

/** Makes the project and installs into it. */
export const install = async (folder: string, tarballs: string, member: Member): Promise<Ended> => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifestFor(tarballs, member), null, 2))
  writeConsumers(folder, member)
  return run(folder, 'npm', ...installing, ...patience)
}

const unreachable =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED|E50[234]/

/** Why the registry could not be asked, if that is why an installation failed. */
export const registryFailure = ({ ok, all }: Ended): string | undefined =>
  ok ? undefined : unreachable.exec(all)?.[0]

export type Resolution = 'nodenext' | 'bundler'

/** Under `nodenext` a file is checked as ESM and as CommonJS; a bundler knows no difference. */
export const typeCheck = (folder: string, resolution: Resolution): Promise<Ended> => {
  const module = resolution === 'nodenext' ? 'nodenext' : 'esnext'
  const files = resolution === 'nodenext' ? ['consumer.mts', 'consumer.cts'] : ['consumer.mts']
  // The packages' own types are checked, and those they bring; TypeScript's are not.
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--skipDefaultLibCheck']
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  return run(
    folder,
    process.execPath,
    tsc,
    ...options,
    '--module',
    module,
    '--moduleResolution',
    resolution,
    ...files
  )
}

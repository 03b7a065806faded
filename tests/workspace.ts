/** The workspace as its manifests describe it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

type Versions = Readonly<Record<string, string>>

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly dependencies?: Versions
  readonly peerDependencies?: Versions
  readonly optionalDependencies?: Versions
  readonly scripts?: Versions
  readonly exports?: Readonly<Record<string, unknown>>
}

export interface Member {
  /** The folder's name: `metrics` for `@mechid/metrics`. */
  readonly short: string
  readonly folder: string
  readonly manifest: Manifest
}

export const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

const membersOf = (parent: string): readonly Member[] =>
  readdirSync(join(root, parent))
    .map((short) => ({ short, folder: join(root, parent, short) }))
    .filter(({ folder }) => existsSync(join(folder, 'package.json')))
    .map(({ short, folder }) => ({ short, folder, manifest: readManifest(folder) }))

/** What is published. */
export const packages = membersOf('packages').filter(({ manifest }) => manifest.private !== true)

/** What no browser can load. */
const NATIVE: readonly string[] = ['compiler']

/** What browsers can load, by the folders' names: each README of these says so. */
export const portable: readonly string[] = packages
  .map(({ short }) => short)
  .filter((short) => !NATIVE.includes(short))

/** What composes the packages and is not published. */
export const examples = membersOf('examples')

const siblingNamed = (name: string): Member | undefined => packages.find((p) => p.manifest.name === name)

/** The packages of this workspace that an installed package brings along, itself not among them. */
export const siblingsBroughtBy = (member: Member, seen = new Set<Member>()): ReadonlySet<Member> => {
  for (const name of Object.keys(member.manifest.dependencies ?? {})) {
    const sibling = siblingNamed(name)
    if (sibling !== undefined && !seen.has(sibling)) {
      seen.add(sibling)
      siblingsBroughtBy(sibling, seen)
    }
  }
  return seen
}

/** Where results come from: the command, the data, and the versions of what worked on them. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import type { Engine } from '@mechid/engine'
import { dataFingerprint } from '@mechid/estimator'
import { failWith } from '@mechid/example-terminal'
import { reasonOf } from '@mechid/values'
import type { Prepared } from './data.js'

export interface SourceFile {
  /** As it was typed. */
  readonly file: string
  readonly bytes: number
  readonly sha256: string
}

export interface Origin {
  readonly command: string
  readonly files: readonly SourceFile[]
  /** What a checkpoint knows the training’s data by. */
  readonly fingerprint: string
  readonly splitSeed: number
  /** By package; `node` too. */
  readonly versions: Readonly<Record<string, string>>
}

/** A word as a shell takes it. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

/** The command line, so that it can be given again. */
export const commandOf = (words: readonly string[]): string =>
  ['npm run fit --', ...words.map(quoted)].join(' ')

const hashed = async (file: string): Promise<SourceFile> => {
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const part of createReadStream(resolve(file))) {
      hash.update(part)
      bytes += part.length
    }
  } catch (cause) {
    return failWith(`${file}: its hash cannot be taken (${reasonOf(cause)})`)
  }
  return { file, bytes, sha256: hash.digest('hex') }
}

/** Packages that numbers depend on, each with what it brings of others. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '@mechid/estimator': ['@mechid/unmixing', '@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'],
  '@mechid/compiler': ['onnxruntime-node'],
  '@mechid/recordings': [],
  '@mechid/evaluation': [],
  '@mechid/report': []
}

const versionIn = (from: NodeJS.Require, name: string): readonly (readonly [string, string])[] => {
  try {
    return [[name, String((from(`${name}/package.json`) as { readonly version: string }).version)]]
  } catch {
    // It is optional, or does not show its package.json.
    return []
  }
}

const versions = (): Origin['versions'] => {
  const here = createRequire(import.meta.url)
  const found = Object.entries(PACKAGES).flatMap(([name, others]) => {
    const own = versionIn(here, name)
    if (own.length === 0) return []
    const there = createRequire(here.resolve(`${name}/package.json`))
    return [...own, ...others.flatMap((other) => versionIn(there, other))]
  })
  return Object.fromEntries([['node', process.versions.node], ...found])
}

/** Reads the files once more, for their hashes; ends the program where one is gone. */
export const originOf = async (
  words: readonly string[],
  files: readonly string[],
  { training }: Prepared,
  splitSeed: number
): Promise<Origin> => {
  const sources: SourceFile[] = []
  for (const file of files) sources.push(await hashed(file))
  return {
    command: commandOf(words),
    files: sources,
    fingerprint: await dataFingerprint(training),
    splitSeed,
    versions: versions()
  }
}

/** The same for people, with the engine and when it was finished. */
export const originFacts = (
  { command, files, fingerprint, splitSeed, versions: known }: Origin,
  prepared: Prepared,
  seeds: readonly number[],
  engine: Engine,
  date: string
): readonly (readonly [string, string | readonly string[]])[] => {
  const { split, sequences, notes } = prepared
  const units = sequences.temporal ? 'sequences' : 'rows'
  return [
    ['command', command],
    ['date', date],
    ['data', files.map(({ file, bytes, sha256 }) => `${file}: ${bytes} bytes, sha256 ${sha256}`)],
    ['fingerprint of the training', fingerprint],
    [
      'split',
      `${split.train.length} ${units} for training, ${split.test.length} held out; split seed ${splitSeed}`
    ],
    [seeds.length === 1 ? 'seed' : 'seeds', seeds.join(', ')],
    ['engine', `${engine.name}: ${engine.description}`],
    ['versions', Object.entries(known).map(([name, version]) => `${name} ${version}`)],
    ...(notes.length === 0 ? [] : [['notes on the data', notes] as const])
  ]
}

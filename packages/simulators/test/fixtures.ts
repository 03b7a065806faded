/** What the tests of files and streams share: a small problem, errors in words, batches as plain arrays. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { problem } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { type ExampleSource, orThrow, type Tagged } from '@mechid/values'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { afterAll } from 'vitest'
import { type FileSource, nnMixing } from '../src/index.js'

/** An empty folder that goes when the tests of the file end. */
export const temporaryFolder = (name: string): string => {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`))
  afterAll(() => rmSync(folder, { recursive: true }))
  return folder
}

/** The message of what must fail. */
export const wrong = async <A>(task: TaskEither<Tagged, A>): Promise<string> => {
  const result = await task()
  return isLeft(result) ? result.left.message : 'nothing'
}

export const mixing = orThrow(nnMixing({ latents: 4, features: 7, random: generator(2) }))
export const still = orThrow(problem('ActionNonDiag', { latents: 4 }))

/** A batch as plain arrays. */
export const batch = async (
  source: ExampleSource | FileSource,
  indices: Int32Array
): Promise<Float32Array[]> => {
  const x = new Float32Array(indices.length * source.features * (source.temporal ? 2 : 1))
  const a = new Float32Array(indices.length * source.actions)
  await source.gather(indices, x, a)
  return [x, a]
}

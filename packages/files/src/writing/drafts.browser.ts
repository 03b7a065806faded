/** Browsers write no files by path. */
import { type NotWritable, tagged } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type * as node from './drafts.js'

const REASON = 'a page writes no files by their paths'

const noPaths = (path: string): NotWritable => {
  const words = `${path}: cannot be written (${REASON}); make its bytes, as by npzBytes, and offer a Blob of them for download`
  return tagged('NotWritable', { path, reason: REASON }, words)
}

export const openDraft: typeof node.openDraft = async (path) => E.left(noPaths(path))

export const openScratch: typeof node.openScratch = async (path) => E.left(noPaths(path))

export const checkWritable: typeof node.checkWritable = (directory) => TE.left(noPaths(directory))

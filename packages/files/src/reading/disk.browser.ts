/** Browsers open no files by path. */
import { tagged } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { NotReadable } from '../errors.js'
import type * as node from './disk.js'

const REASON = 'a page opens no files by their paths'

const noPaths = (path: string): NotReadable => {
  const words = `${path}: cannot be read (${REASON}); give a Blob, such as the File that a user picks, or bytes`
  return tagged('NotReadable', { path, reason: REASON }, words)
}

export const openPath: typeof node.openPath = async (path) => E.left(noPaths(path))

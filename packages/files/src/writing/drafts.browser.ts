/** Browsers write no files by path. */

import { notWritable } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type * as node from './drafts.js'

const REASON =
  'a page writes no files by path: make the bytes, as by npzBytes, and offer them for download or keep them in the browser'

export const openDraft: typeof node.openDraft = async (path) => E.left(notWritable(path, REASON))

export const openScratch: typeof node.openScratch = async (path) => E.left(notWritable(path, REASON))

export const checkWritable: typeof node.checkWritable = (directory) => TE.left(notWritable(directory, REASON))

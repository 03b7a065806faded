/** Browsers open no files by path. */
import * as E from 'fp-ts/lib/Either.js'
import { notReadable } from '../errors.js'
import type * as disk from './disk.js'

const REASON = 'a page opens no files by path: give a Blob, such as the File that a user picks, or bytes'

export const openPath: typeof disk.openPath = async (path) => E.left(notReadable(path, REASON))

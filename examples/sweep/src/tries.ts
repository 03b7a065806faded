/** How often a job is tried. */
import { rmSync } from 'node:fs'

/** A job that fails is tried so many times in all. */
export const TRIES = 3

/** The last try starts from nothing, in case that the checkpoint is what is broken. */
export const prepareTry = (folder: string, failedBefore: number): void => {
  if (failedBefore === TRIES - 1) rmSync(folder, { recursive: true, force: true })
}

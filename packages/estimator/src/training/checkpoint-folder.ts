/** Removes a checkpoint that no training can go on from any more. */
import { rmSync } from 'node:fs'
import { checkpointPath } from './internal/checkpoint.js'

/** Removes the checkpoint in `directory`, if there is one. */
export const forgetCheckpoint = (directory: string): void =>
  rmSync(checkpointPath(directory), { force: true })

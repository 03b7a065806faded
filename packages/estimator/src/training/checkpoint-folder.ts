/** The folders that checkpoints lie in. */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkWritable } from '@mechid/files'
import type { Tagged } from '@mechid/values'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'

/** Whether checkpoints can be written in `directory`, which is created where it is missing. */
export const checkFolder = (directory: string): TaskEither<Tagged, void> => checkWritable(directory)

/** The checkpoint's file within a training's folder. */
export const checkpointPath = (directory: string): string => join(directory, 'checkpoint.safetensors')

/** Whether there is a checkpoint in `directory`. */
export const hasCheckpoint = (directory: string): boolean => existsSync(checkpointPath(directory))

/** Removes the checkpoint in `directory`, if there is one. */
export const forgetCheckpoint = (directory: string): void =>
  rmSync(checkpointPath(directory), { force: true })

/** The folder of a stage within that of its training. */
export const stageFolder = (directory: string, stage: string): string => join(directory, stage)

/** The stages that have a folder within that of their training. */
export const stagesIn = (directory: string): readonly string[] => readdirSync(directory)

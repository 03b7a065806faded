/** Browsers have no folders: one is refused before the first step, and none holds anything. */
import { type Tagged, tagged } from '@mechid/values'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type * as node from './checkpoint-folder.js'

const noFolders = (directory: string): Tagged =>
  tagged(
    'NotWritable',
    {},
    `${directory}: a page has no folders; leave \`checkpoint\` out, and keep the trained model by its bytes, modelBytes(model)`
  )

export const checkFolder: typeof node.checkFolder = (directory) => TE.left(noFolders(directory))

export const checkpointPath: typeof node.checkpointPath = (directory) => `${directory}/checkpoint.safetensors`

export const hasCheckpoint: typeof node.hasCheckpoint = () => false

export const forgetCheckpoint: typeof node.forgetCheckpoint = () => undefined

export const stageFolder: typeof node.stageFolder = (directory, stage) => `${directory}/${stage}`

export const stagesIn: typeof node.stagesIn = () => []

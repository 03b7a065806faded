/** Browsers have no folders: `checkWritable` refuses one before the first step, and none of it holds anything. */
import type * as node from './checkpoint-folder.js'

export const checkpointPath: typeof node.checkpointPath = (directory) => `${directory}/checkpoint.safetensors`

export const hasCheckpoint: typeof node.hasCheckpoint = () => false

export const forgetCheckpoint: typeof node.forgetCheckpoint = () => undefined

export const stageFolder: typeof node.stageFolder = (directory, stage) => `${directory}/${stage}`

export const stagesIn: typeof node.stagesIn = () => []

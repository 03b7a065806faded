/** Models that fit wrote: the same done to new features, and the posterior's mean. */
import { resolve } from 'node:path'
import { latentRows, loadModel, type Model } from '@mechid/estimator'
import { engineCalled, failWith, orFail } from '@mechid/example-terminal'
import {
  type Coding,
  codeFeatures,
  codeStored,
  isStored,
  type OpenRecordingOptions,
  openRecording,
  parseCoding,
  type Recording
} from '@mechid/recordings'
import type { Samples } from '@mechid/values'

interface Loaded {
  readonly model: Model
  readonly coding: Coding
}

const loaded = async (path: string): Promise<Loaded> => {
  const { model, metadata } = orFail(await loadModel(resolve(path))())
  const { coding } = metadata
  return coding === undefined
    ? failWith(`${path}: it does not say what was done to its features; give a model that npm run fit wrote`)
    : { model, coding: orFail(parseCoding(path, coding)) }
}

export interface Latents {
  readonly zHat: Samples
  readonly lengths: Recording['lengths']
}

/** The latents of every line of the files. `ready` is awaited before the work begins. */
export const latentsOfFiles = async (
  path: string,
  files: readonly string[],
  selected: OpenRecordingOptions,
  engine: string,
  ready: () => Promise<void>
): Promise<Latents> => {
  const { model, coding } = await loaded(path)
  const { frames } = coding
  const recording = orFail(
    await openRecording(files, { ...(frames === undefined ? {} : { frames }), ...selected })()
  )
  const x = isStored(recording)
    ? orFail(await codeStored(recording, coding)())
    : orFail(codeFeatures(recording, coding))
  await ready()
  const zHat = orFail(await latentRows(await engineCalled(engine), model, x)())
  return { zHat, lengths: recording.lengths }
}

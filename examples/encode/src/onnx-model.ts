/** Encoders from elsewhere, as ONNX files: codes of every row or frame, with actions and true latents beside them. */
import { resolve } from 'node:path'
import { type OnnxEncoder, type OnnxEncoderOptions, openEncoder } from '@mechid/compiler'
import { failWith, orFail, progressBar } from '@mechid/example-terminal'
import {
  type Channels,
  type Coding,
  codeFeatures,
  codeStored,
  heldObservations,
  isStored,
  type Observations,
  type OpenRecordingOptions,
  openRecording,
  type Recording,
  type StoredRecording
} from '@mechid/recordings'
import type { RealArray, Samples } from '@mechid/values'

type AnyRecording = Recording | StoredRecording

const BYTE = 255

/** Features as they were recorded: a model from elsewhere has its own scale in it. Frames of bytes count from 0 to 1. */
const observationsOf = async (recording: AnyRecording, takesBytes: boolean): Promise<Observations> => {
  const stored = isStored(recording)
  const recorded = stored ? recording.names : recording.x.names
  const frames = stored ? recording.frames : undefined
  const bytes = stored && recording.x.bytes
  // Stored bytes are read as shares of 255.
  const scale = bytes && (takesBytes || frames === undefined) ? 1 / BYTE : 1
  const coding: Coding = {
    recorded,
    features: recorded.map((name) => ({ name, mean: 0, scale })),
    ...(frames === undefined ? {} : { frames: { ...frames, bytes } })
  }
  return stored
    ? orFail(await codeStored(recording, coding)())
    : heldObservations(orFail(codeFeatures(recording, coding)))
}

/** The shape of `count` lines for the model. */
const shapeOf = (recording: AnyRecording, count: number, width: number): readonly number[] => {
  const frames = isStored(recording) ? recording.frames : undefined
  return frames === undefined ? [count, width] : [count, frames.height, frames.width, frames.channels]
}

/** Numbers that are read and encoded at a time. */
const BLOCK = 2 ** 22

/** Lines of a block: whole runs of the model, where it takes a fixed number of rows. */
const linesOfBlock = ({ input: { shape } }: OnnxEncoder, width: number): number => {
  const run = typeof shape[0] === 'number' ? shape[0] : 1
  return run * Math.max(1, Math.floor(BLOCK / width / run))
}

const rowsOf = ({ data, names }: Channels, start: number, count: number): RealArray => ({
  data: Float64Array.from(data.subarray(start * names.length, (start + count) * names.length)),
  shape: [count, names.length]
})

/** Actions as an input of the model: one line for each line of the observations, or the end of the program. */
const checkedActions = ({ name, a }: AnyRecording, input: string, lines: number): Channels =>
  a !== undefined && a.lines === lines
    ? a
    : failWith(
        `${name}: it has ${a === undefined ? 'no' : a.lines} lines of actions, expected ${lines}, for --action-input ${input}`
      )

const encoded = async (
  encoder: OnnxEncoder,
  recording: AnyRecording,
  observations: Observations,
  actionInput: string | undefined
): Promise<Samples> => {
  const [lines, width] = observations.shape
  const actions = actionInput === undefined ? undefined : checkedActions(recording, actionInput, lines)
  const block = linesOfBlock(encoder, width)
  const progress = progressBar('encoding', lines)
  let codes: { readonly data: Float64Array; readonly d: number } | undefined
  for (let start = 0; start < lines; start += block) {
    const count = Math.min(block, lines - start)
    const x = new Float32Array(count * width)
    await observations.read(start, count, x)
    const beside =
      actions === undefined || actionInput === undefined
        ? {}
        : { [actionInput]: rowsOf(actions, start, count) }
    const { data, shape } = orFail(
      await encoder.encode({ data: x, shape: shapeOf(recording, count, width) }, beside)
    )
    codes ??= { data: new Float64Array(lines * shape[1]), d: shape[1] }
    codes.data.set(data, start * codes.d)
    progress.update(start + count, {})
  }
  progress.stop()
  return { data: Float32Array.from(codes?.data ?? []), shape: [lines, codes?.d ?? 0] }
}

export interface Codes {
  readonly h: Samples
  readonly recording: AnyRecording
  readonly encoder: OnnxEncoder
}

export interface ModelParts extends OnnxEncoderOptions {
  /** The model's input of actions, where it has one. */
  readonly actionInput?: string
  /** Whether frames of bytes go in as they are, from 0 to 255. */
  readonly bytes: boolean
}

/** The codes of every line of the files. `ready` is awaited before the work begins. */
export const codesOfFiles = async (
  path: string,
  files: readonly string[],
  selected: OpenRecordingOptions,
  { actionInput, bytes, ...parts }: ModelParts,
  ready: () => Promise<void>
): Promise<Codes> => {
  const encoder = orFail(await openEncoder(resolve(path), parts)())
  const recording = orFail(await openRecording(files, selected)())
  const observations = await observationsOf(recording, bytes || encoder.input.dtype === 'uint8')
  await ready()
  const h = await encoded(encoder, recording, observations, actionInput)
  encoder.dispose()
  return { h, recording, encoder }
}

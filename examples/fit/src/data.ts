/** Opens a user's files and prepares them for a training, or ends the program with what is wrong with them. */
import { orFail } from '@mechid/example-terminal'
import {
  heldObservations,
  isStored,
  type Observations,
  type OpenRecordingOptions,
  openRecording,
  type Prepared as PreparedInMemory,
  type PreparedStored,
  prepare,
  prepareStored
} from '@mechid/recordings'
import type { ExampleSource, Samples } from '@mechid/values'

/** What a training starts from, whether its observations lie in memory or in their file. */
export interface Prepared extends Omit<PreparedInMemory, 'x' | 'training' | 'heldOut'> {
  /** Standardized features of all lines. */
  readonly observations: Observations
  /** The same in memory; absent where they are read from their file. */
  readonly x?: Samples<Float32Array>
  /** The size of frames; absent where observations are plain features. */
  readonly frames?: PreparedStored['frames']
  readonly training: ExampleSource
  readonly heldOut: ExampleSource
}

/** What the command line says of the data. */
export interface DataOptions extends OpenRecordingOptions {
  readonly files: readonly string[]
  readonly actionKind: 'continuous' | 'discrete'
  readonly strict: boolean
  readonly splitSeed: number
}

const inMemory = (prepared: PreparedInMemory): Prepared => ({
  ...prepared,
  observations: heldObservations(prepared.x)
})

/** The library knows no options; what it advises has one here. */
const withOption = (note: string): string =>
  note.replace(/take them as discrete\.$/, 'take them as discrete: --actions discrete.')

export const prepareData = async ({
  files,
  actionKind,
  strict,
  splitSeed,
  ...selection
}: DataOptions): Promise<Prepared> => {
  const recording = orFail(await openRecording(files, selection)())
  const options = { actions: actionKind, strict, splitSeed }
  const prepared: Prepared = isStored(recording)
    ? orFail(await prepareStored(recording, options)())
    : inMemory(orFail(prepare(recording, options)))
  return { ...prepared, notes: prepared.notes.map(withOption) }
}

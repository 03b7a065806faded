/** Reads a user's files and prepares them for a training, or ends the program with what is wrong with them. */
import { orFail } from '@mechid/example-terminal'
import { type Prepared, prepare, type ReadRecordingOptions, readRecording } from '@mechid/recordings'

export type { Prepared } from '@mechid/recordings'

/** What the command line says of the data. */
export interface DataOptions extends ReadRecordingOptions {
  readonly files: readonly string[]
  readonly actionKind: 'continuous' | 'discrete'
  readonly strict: boolean
  readonly splitSeed: number
}

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
  const recording = orFail(await readRecording(files, selection)())
  const prepared = orFail(prepare(recording, { actions: actionKind, strict, splitSeed }))
  return { ...prepared, notes: prepared.notes.map(withOption) }
}

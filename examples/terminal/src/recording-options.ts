/** Options that say which files and which parts of them are meant: those of every program that reads people's data. */
import { basename } from 'node:path'
import type { ReadRecordingOptions } from '@mechid/recordings'
import { failWith } from './output.js'

export const recordingOptions = {
  data: {
    kind: 'texts',
    placeholder: 'FILE',
    description:
      '.npz or .safetensors with arrays x [n, d] or [n, t, d], optionally a, z, lengths; .npy with x; .csv, .tsv, .csv.gz with columns x0 …, a0 …, z0 …; again for further files'
  },
  x: { kind: 'text', placeholder: 'NAME', description: 'array of observations, if not x' },
  a: { kind: 'text', placeholder: 'NAME', description: 'array of actions, if not a' },
  z: { kind: 'text', placeholder: 'NAME', description: 'array of true latents, for scores, if not z' },
  features: {
    kind: 'text',
    placeholder: 'COLUMNS',
    description: 'columns of a table: names, ranges first..last, patterns x*, !name to leave one out'
  },
  'action-columns': { kind: 'text', placeholder: 'COLUMNS', description: 'likewise, of actions' },
  'latent-columns': { kind: 'text', placeholder: 'COLUMNS', description: 'likewise, of true latents' },
  series: { kind: 'flag', description: 'rows are frames, one after the other; each file is one sequence' },
  sequence: {
    kind: 'text',
    placeholder: 'COLUMN',
    description: 'rows are frames; this column of a table tells sequences apart'
  }
} as const

/** The values of `recordingOptions`. */
export interface RecordingValues {
  readonly data: readonly string[]
  readonly x: string | undefined
  readonly a: string | undefined
  readonly z: string | undefined
  readonly features: string | undefined
  readonly 'action-columns': string | undefined
  readonly 'latent-columns': string | undefined
  readonly series: boolean
  readonly sequence: string | undefined
}

/** What the options select. */
export const selectedBy = (options: RecordingValues): ReadRecordingOptions => {
  const { x, a, z, features, sequence, series } = options
  const [actions, latents] = [options['action-columns'], options['latent-columns']]
  const chosen = { x, a, z, features, sequence, actions, latents }
  return {
    ...Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined)),
    ...(series ? { series } : {})
  }
}

/** The files, one at least, or the end of the program. */
export const filesOf = ({ data }: RecordingValues): readonly string[] =>
  data.length > 0 ? data : failWith('--data is missing; see --help', 2)

/** `monday.csv and 2 more`. */
export const nameOf = (files: readonly string[]): string =>
  `${basename(files[0])}${files.length === 1 ? '' : ` and ${files.length - 1} more`}`

/** Options that say which files and which parts of them are meant: those of every program that reads people's data. */
import { basename, resolve } from 'node:path'
import { type OpenRecordingOptions, parseFrameChoice } from '@mechid/recordings'
import { failWith, orFail } from './output.js'

export const recordingOptions = {
  data: {
    kind: 'texts',
    placeholder: 'FILE',
    description:
      '.npz or .safetensors with arrays x [n, d], [n, t, d], or frames [n, h, w, c], [n, t, h, w, c]; optionally a, z, lengths; .npy with x; .csv, .tsv, .csv.gz with columns x0 …, a0 …, z0 …; again for further files'
  },
  x: { kind: 'text', placeholder: 'NAME', description: 'array of observations, if not x' },
  a: { kind: 'text', placeholder: 'NAME', description: 'array of actions, if not a' },
  z: { kind: 'text', placeholder: 'NAME', description: 'array of true latents, for scores, if not z' },
  frames: {
    kind: 'text',
    placeholder: 'HxWxC',
    description:
      'x are frames of this size, such as 64x64x3 or 28x28, also flat; none: they are not (default: by shape)'
  },
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
  readonly frames: string | undefined
  readonly features: string | undefined
  readonly 'action-columns': string | undefined
  readonly 'latent-columns': string | undefined
  readonly series: boolean
  readonly sequence: string | undefined
}

/** What the options select, or the end of the program. */
export const selectedBy = (options: RecordingValues): OpenRecordingOptions => {
  const { x, a, z, features, sequence, series } = options
  const [actions, latents] = [options['action-columns'], options['latent-columns']]
  const chosen = { x, a, z, features, sequence, actions, latents }
  return {
    ...Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined)),
    ...(options.frames === undefined ? {} : { frames: orFail(parseFrameChoice(options.frames)) }),
    ...(series ? { series } : {})
  }
}

const ofArrays = ['x', 'a', 'z'] as const
const ofTables = ['features', 'action-columns', 'latent-columns', 'sequence'] as const

const isTable = (path: string): boolean => /\.(csv|tsv|txt)(\.gz)?$/i.test(path)

/** What contradicts itself in these options; undefined where nothing does. */
export const contradiction = (options: RecordingValues): string | undefined => {
  const { data, series, sequence } = options
  const twice = data.find((path, i) => data.findIndex((other) => resolve(other) === resolve(path)) < i)
  if (twice !== undefined) return `--data ${twice} is given twice`
  if (series && sequence !== undefined)
    return '--series and --sequence exclude each other: with --sequence a column says where sequences end'
  const table = data.find(isTable)
  const arrays = data.find((path) => !isTable(path))
  const ofArray = ofArrays.find((name) => options[name] !== undefined)
  if (ofArray !== undefined && table !== undefined)
    return `--${ofArray} names an array, and ${table} is a table; choose its columns by --${ofTables[ofArrays.indexOf(ofArray)]}`
  const ofTable = ofTables.find((name) => options[name] !== undefined)
  if (ofTable === undefined || arrays === undefined) return undefined
  const instead =
    ofTable === 'sequence' ? 'an array called lengths' : `--${ofArrays[ofTables.indexOf(ofTable)]}`
  return `--${ofTable} names columns of a table, and ${arrays} holds arrays; use ${instead}`
}

/** The files, one at least, or the end of the program. */
export const filesOf = (options: RecordingValues): readonly string[] => {
  const { data } = options
  if (data.length === 0) return failWith('--data is missing; see --help', 2)
  const wrong = contradiction(options)
  return wrong === undefined ? data : failWith(wrong, 2)
}

/** Ends the program where it would write over one of the files that it reads; `written`: option → path. */
export const keepInputs = (
  inputs: readonly string[],
  written: Readonly<Record<string, string | undefined>>
): void => {
  for (const [option, path] of Object.entries(written)) {
    const input = path === undefined ? undefined : inputs.find((file) => resolve(file) === resolve(path))
    if (input !== undefined) failWith(`--${option} is ${path}, which is read; choose another file`, 2)
  }
}

/** `monday.csv and 2 more`. */
export const nameOf = (files: readonly string[]): string =>
  `${basename(files[0])}${files.length === 1 ? '' : ` and ${files.length - 1} more`}`

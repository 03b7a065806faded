/** The command line of `npm run time-to-mcc`. */
import * as E from 'fp-ts/lib/Either.js'

/** The published problems that it knows: each latent is told from the others by theory, and published runs have figures. */
export const PROBLEMS = ['ActionNonDiag', 'TimeNonDiag'] as const
export type ProblemName = (typeof PROBLEMS)[number]

/** By name: what each method is. */
export const METHODS = {
  ours: 'the preset fast, in stages, compiled',
  dense: 'the first stage of fast in PyTorch: every edge open, Muon',
  published: 'the published recipe in PyTorch, with the networks and batches of fast',
  contrastive: 'CEBRA: pairs of frames as positives, or rows of near actions',
  code: 'the code that the authors published, as it is; --code names it'
} as const
export type MethodName = keyof typeof METHODS

export const methodNames = Object.keys(METHODS) as readonly MethodName[]

const count = (fallback: number, least: number, description: string) =>
  ({ kind: 'number', integer: true, least, placeholder: 'N', fallback, description }) as const

const seconds = (fallback: number, description: string) =>
  ({ kind: 'number', above: 0, placeholder: 'SECONDS', fallback, description }) as const

export const specs = {
  problem: {
    kind: 'choice',
    choices: PROBLEMS,
    fallback: PROBLEMS[0],
    description: 'ten latents, twenty features'
  },
  methods: {
    kind: 'text',
    placeholder: 'A,B',
    fallback: 'ours,dense,published',
    description: `what trains, separated by commas: ${methodNames.join(', ')}`
  },
  goal: {
    kind: 'number',
    above: 0,
    most: 1,
    placeholder: 'MCC',
    fallback: 0.99,
    description: 'the MCC whose time is told'
  },
  rows: count(300_000, 12_000, 'rows, or pairs of frames; one twelfth is held out for the scores'),
  seed: count(101, 0, 'draws the mixing, the rows and the first weights'),
  steps: count(20_000, 1, 'steps of the published recipe (published: 300,000)'),
  seconds: seconds(600, 'the most processor time of each peer'),
  every: seconds(30, 'processor time between evaluations of a peer'),
  code: { kind: 'text', placeholder: 'FOLDER', description: "a clone of the authors' code" },
  json: { kind: 'text', placeholder: 'FILE', description: 'also write all points as JSON to FILE' },
  help: { kind: 'flag', description: 'print this text' }
} as const

export const usageLine = 'npm run time-to-mcc -- [options]'

export const purpose = [
  'Trains on a published problem and tells how MCC on held-out rows goes with processor time, on one thread: ours, the same',
  'recipe in PyTorch, CEBRA, and the code of the authors.',
  '',
  'Methods:',
  ...methodNames.map((name) => `  ${name.padEnd(13)}${METHODS[name]}`)
].join('\n')

export const CODE_MISSING = "the method code needs --code FOLDER, a clone of the authors' code"

/** The methods in a list separated by commas, or what is wrong with it; `code` is the folder that one of them needs. */
export const methodsIn = (
  text: string,
  code: string | undefined
): E.Either<string, readonly MethodName[]> => {
  const named = text.split(',').map((part) => part.trim())
  const unknown = named.find((name) => !methodNames.some((known) => known === name))
  if (unknown !== undefined) {
    return E.left(`--methods names "${unknown}"; the methods are ${methodNames.join(', ')}`)
  }
  return named.includes('code') && code === undefined
    ? E.left(CODE_MISSING)
    : E.right(named as readonly MethodName[])
}

/** Unmixes codes from a file: latents, their causal graph and transitions. */
import { basename, join, resolve } from 'node:path'
import {
  commonOptions,
  failWith,
  orFail,
  prepareFolder,
  readOptions,
  searchProgress,
  table,
  writeJson,
  writeText
} from '@mechid/example-terminal'
import { writeNpz } from '@mechid/files'
import { renderDocument } from '@mechid/report'
import { type Hypothesis, type Unmixed, type UnmixingError, unmix } from '@mechid/unmixing'
import * as E from 'fp-ts/lib/Either.js'
import { latentsOf, readCodes } from './codes-file.js'
import { type Names, namesOf, unmixingDocument } from './report.js'
import { type Scores, scoresOf } from './scores.js'

const specs = {
  data: {
    kind: 'text',
    placeholder: 'CODES.npz',
    description:
      'arrays h or x: [n, d] or sequences [n, t, d]; optionally a (actions: [n, k], [n, t, k] or [n, t − 1, k]) and z (true latents, for scores alone)'
  },
  actions: {
    kind: 'choice',
    choices: ['continuous', 'discrete'],
    fallback: 'continuous',
    description:
      'discrete: integers 0, 1, …; each value becomes a column of its own, but for the lowest one, with which the others are compared'
  },
  hypothesis: {
    kind: 'choice',
    choices: ['auto', 'additive', 'sparse'],
    fallback: 'auto',
    description:
      'what to suppose of mechanisms; auto: additive and, where the data reject that, sparse (any functions of few causes)'
  },
  edges: {
    kind: 'number',
    integer: true,
    least: 0,
    placeholder: 'N',
    description: 'edges of the graph; without it the widest gap decides'
  },
  lags: {
    kind: 'number',
    integer: true,
    least: 1,
    placeholder: 'N',
    fallback: 1,
    description: 'past frames that a transition reads'
  },
  searches: {
    kind: 'number',
    integer: true,
    least: 1,
    placeholder: 'N',
    description: 'searches, the likeliest of which is taken (default 2; 1 beyond 20 latents)'
  },
  starts: {
    kind: 'number',
    integer: true,
    least: 1,
    placeholder: 'N',
    fallback: 480,
    description: 'random directions that a search tries for each latent'
  },
  'highest-frequency': {
    kind: 'number',
    least: 0.5,
    placeholder: 'W',
    fallback: 12,
    description: 'fastest sines, in radians a standard deviation of a latent; up to 4.5 are looked for first'
  },
  rows: {
    kind: 'number',
    integer: true,
    least: 512,
    placeholder: 'N',
    description: 'rows of the fit (default 20,000, and 2,000 a latent if that is more)'
  },
  seed: commonOptions.seed,
  out: { kind: 'text', placeholder: 'DIR', fallback: 'out/unmix', description: 'where the results go' },
  json: commonOptions.json,
  help: commonOptions.help
} as const

const say = (text: string): void => console.log(text)

/** A table of numbers with a name for each row and column. */
const named = (
  rows: ReadonlyArray<ReadonlyArray<number>>,
  effects: readonly string[],
  causes: readonly string[],
  shown: (value: number) => string
): string =>
  table([['', ...causes], ...rows.map((row, i) => [effects[i], ...row.map((value) => shown(value))])])

/** Prints graph and worth. Row = effect, column = cause. */
const tell = ({ graph, worth }: Unmixed, names: Names): void => {
  const edge = (value: number): string => (value === 1 ? '1' : '0')
  const nats = (value: number): string => Math.max(0, value).toFixed(3)
  const parts = [
    ['Past latents on latents', graph.latents, worth.latents, names.latents],
    ['Actions on latents', graph.actions, worth.actions, names.actions]
  ] as const
  for (const [title, edges, values, causes] of parts) {
    if (edges === undefined || values === undefined) continue
    say(`\n${title} (row: effect, column: cause):\n${named(edges, names.latents, causes, edge)}`)
    say(`\nwhat each is worth, in nats a row:\n${named(values, names.latents, causes, nats)}`)
  }
}

/** What a program may read. */
const summary = (
  file: string,
  seed: number,
  { map, transitions, explanation, ...found }: Unmixed,
  names: Names,
  scores: Scores | undefined
) => ({
  file,
  seed,
  names,
  ...found,
  additivity: { ...found.additivity, perLatent: Array.from(found.additivity.perLatent) },
  residualVariance: Array.from(transitions.residualVariance),
  explanation,
  ...scores
})

/** Writes all files, each of them whole. */
const write = async (
  out: string,
  unmixed: Unmixed,
  latents: ReturnType<typeof latentsOf>,
  result: unknown,
  html: string
): Promise<void> => {
  const arrays = async (name: string, content: Parameters<typeof writeNpz>[1]): Promise<void> =>
    orFail(await writeNpz(resolve(out, name), content)())
  const { latents: d, map } = unmixed
  await arrays('map.npz', {
    matrix: { data: map.matrix, shape: [d, d] },
    centre: { data: map.centre, shape: [d] }
  })
  await arrays('latents.npz', { z_hat: latents })
  await writeJson(join(out, 'graph.json'), result)
  await writeText(join(out, 'report.html'), html)
}

const main = async (): Promise<void> => {
  const options = readOptions(
    specs,
    'npm run unmix -- --data CODES.npz [options]',
    'Finds latents, their causal graph and transitions in the codes of any encoder.'
  )
  const { out, json, seed, edges, lags, searches, starts, rows } = options
  const file = options.data ?? failWith('--data is missing; see --help', 2)
  const kind = options.actions === 'discrete' ? 'discrete' : 'continuous'
  const hypothesis = options.hypothesis === 'auto' ? undefined : (options.hypothesis as Hypothesis)
  const codes = await readCodes(file, kind)
  await prepareFolder(out, json)
  const progress = searchProgress('unmixing')
  const answer = await unmix(codes, {
    seed,
    lags,
    starts,
    ...(searches === undefined ? {} : { searches }),
    ...(rows === undefined ? {} : { rows }),
    highestFrequency: options['highest-frequency'],
    ...(edges === undefined ? {} : { edges }),
    ...(hypothesis === undefined ? {} : { hypothesis }),
    onProgress: progress.update
  })()
  progress.stop()
  const unmixed = orFail(
    E.mapLeft(({ message }: UnmixingError) => ({ message: `${file}: ${message}` }))(answer)
  )
  for (const line of unmixed.explanation) say(line)
  const names = namesOf(unmixed, codes.actionNames)
  tell(unmixed, names)

  const latents = latentsOf(codes.codes, unmixed)
  const d = unmixed.latents
  const scores =
    codes.z === undefined
      ? undefined
      : scoresOf(codes.z, { data: latents.data, shape: [latents.data.length / d, d] })
  if (scores !== undefined) {
    const { mcc, mccChance, r } = scores
    say(`\nAgainst z of the file: MCC ${mcc.toFixed(4)} (chance ${mccChance.toFixed(4)}), R ${r.toFixed(4)}.`)
  }
  const result = summary(basename(file), seed, unmixed, names, scores)
  const page = unmixingDocument(basename(file), unmixed, names, scores)
  await write(out, unmixed, latents, result, orFail(renderDocument(page)))
  if (json !== undefined) await writeJson(json, result)
  say(`\nWritten to ${out}: map.npz (ẑ = matrix (h − centre)), latents.npz, graph.json, report.html`)
}

await main()

/** Unmixes codes from a file: latents, their causal graph and transitions. */
import { readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { graphFromJson } from '@mechid/causal-graph'
import {
  failWith,
  orFail,
  prepareFolder,
  readOptions,
  required,
  resultOptions,
  say,
  searchProgress,
  table,
  trainingOptions,
  writeJson,
  writeText
} from '@mechid/example-terminal'
import { writeNpz } from '@mechid/files'
import { renderDocument } from '@mechid/report'
import { type Hypothesis, latentsOfCodes, type Unmixed, type UnmixingError, unmix } from '@mechid/unmixing'
import { type CausalGraph, type RealArray, reasonOf } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type FileCodes, readCodes } from './codes-file.js'
import { holdOut } from './held-out.js'
import { type Judgement, judge, sentencesOf } from './judgement.js'
import { type Names, namesOf, unmixingDocument } from './report.js'

const specs = {
  data: {
    kind: 'text',
    placeholder: 'CODES.npz',
    description:
      'codes h or x: [n, d] or sequences [n, t, d]; optionally actions a: [n, k], [n, t, k] or [n, t − 1, k]; and true latents z, for the scores'
  },
  actions: {
    kind: 'choice',
    choices: ['continuous', 'discrete'],
    fallback: 'continuous',
    description:
      'discrete actions are integers 0, 1, …; each value but the lowest becomes a column: its effect is compared with that of the lowest'
  },
  hypothesis: {
    kind: 'choice',
    choices: ['auto', 'additive', 'sparse'],
    fallback: 'auto',
    description:
      'what to suppose of the mechanisms; sparse: any functions of few causes; auto: additive, or sparse where the data reject that'
  },
  edges: {
    kind: 'number',
    integer: true,
    least: 0,
    placeholder: 'N',
    description: 'number of edges in the graph (default: the widest gap decides)'
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
    description: 'number of searches; the likeliest result is taken (default 2; 1 beyond 20 latents)'
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
    description:
      'fastest sines to look for, in radians per standard deviation of a latent; the search begins with sines up to 4.5'
  },
  rows: {
    kind: 'number',
    integer: true,
    least: 512,
    placeholder: 'N',
    description: 'rows to fit (default 20,000, or 2,000 for each latent if that is more)'
  },
  graph: {
    kind: 'text',
    placeholder: 'FILE',
    description:
      'the true graph, for the verdict: JSON with actions [latents, actions], latents [latents, latents], rows of 0 and 1; needs z'
  },
  seed: { ...trainingOptions.seed, description: 'seed of the searches' },
  ...resultOptions('out/unmix')
} as const

/** A table of numbers with names for rows and columns. */
const namedTable = (
  rows: ReadonlyArray<ReadonlyArray<number>>,
  effects: readonly string[],
  causes: readonly string[],
  shown: (value: number) => string
): string =>
  table([['', ...causes], ...rows.map((row, i) => [effects[i], ...row.map((value) => shown(value))])])

/** Prints the graph, and what each cause is worth. Row = effect, column = cause. */
const printGraph = ({ graph, worth }: Unmixed, names: Names): void => {
  const edge = (value: number): string => (value === 1 ? '1' : '0')
  const nats = (value: number): string => Math.max(0, value).toFixed(3)
  const parts = [
    ['Past latents on latents', graph.latents, worth.latents, names.latents],
    ['Actions on latents', graph.actions, worth.actions, names.actions]
  ] as const
  for (const [title, edges, values, causes] of parts) {
    if (edges === undefined || values === undefined) continue
    say(`\n${title} (row: effect, column: cause):\n${namedTable(edges, names.latents, causes, edge)}`)
    say(`\nWhat each cause is worth, in nats a row:\n${namedTable(values, names.latents, causes, nats)}`)
  }
}

/** The content of graph.json. */
const summary = (
  file: string,
  seed: number,
  { map, transitions, explanation, ...found }: Unmixed,
  names: Names,
  { scores, ...verdicts }: Judgement
) => ({
  file,
  seed,
  names,
  ...found,
  additivity: { ...found.additivity, perLatent: Array.from(found.additivity.perLatent) },
  residualVariance: Array.from(transitions.residualVariance),
  explanation,
  ...scores,
  ...verdicts
})

/** The true graph from a JSON document, or the end of the program. */
const trueGraph = (path: string, { z }: FileCodes): CausalGraph => {
  if (z === undefined) return failWith(`--graph ${path} needs true latents z beside the codes`)
  const text = orFail(
    E.tryCatch(
      () => readFileSync(path, 'utf8'),
      (thrown) => ({ message: reasonOf(thrown) })
    )
  )
  const { graph } = orFail(
    E.mapLeft(({ message }: { message: string }) => ({ message: `${path}: ${message}` }))(graphFromJson(text))
  )
  const size = (graph.actions ?? graph.latents)?.length
  const d = z.shape[z.shape.length - 1]
  return size === d
    ? graph
    : failWith(`${path}: the graph has ${size} latents, z of the data ${d}; they must agree`)
}

/** Writes all files. */
const write = async (
  out: string,
  unmixed: Unmixed,
  latents: RealArray,
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
    'Finds latents, their causal graph and transitions in the codes of any encoder. Writes map.npz, latents.npz,\ngraph.json and report.html.'
  )
  const { out, json, seed, edges, lags, searches, starts, rows } = options
  const file = required('data', options.data)
  const kind = options.actions === 'discrete' ? 'discrete' : 'continuous'
  const hypothesis = options.hypothesis === 'auto' ? undefined : (options.hypothesis as Hypothesis)
  const codes = await readCodes(file, kind, lags)
  const truth = options.graph === undefined ? undefined : trueGraph(options.graph, codes)
  await prepareFolder(out, json)
  const split = holdOut(codes, seed)
  const progress = searchProgress('unmixing')
  const answer = await unmix(split.seen, {
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
  printGraph(unmixed, names)

  const latents = orFail(latentsOfCodes(codes.lines, unmixed.map))
  const judgement = judge(codes, split, unmixed, truth, lags)
  const lines = sentencesOf(judgement, split.heldOut)
  if (lines.length > 0) say(`\n${lines.join('\n')}`)
  const result = summary(basename(file), seed, unmixed, names, judgement)
  const page = unmixingDocument(basename(file), unmixed, names, judgement.scores, lines)
  await write(out, unmixed, latents, result, orFail(renderDocument(page)))
  if (json !== undefined) await writeJson(json, result)
  say(`\nWritten to ${out}: map.npz (ẑ = matrix (h − centre)), latents.npz, graph.json, report.html`)
}

await main()

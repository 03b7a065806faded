/** Unmixes codes from a file: latents, their causal graph and transitions. */
import { basename, join, resolve } from 'node:path'
import {
  commonOptions,
  failWith,
  orFail,
  prepareFolder,
  progressBar,
  readOptions,
  table,
  writeJson
} from '@mechid/example-terminal'
import { message as fileMessage, writeNpz } from '@mechid/files'
import { linearR, mcc, message as metricMessage } from '@mechid/metrics'
import { message, type Unmixed, unmix } from '@mechid/unmixing'
import { latentsOf, readCodes } from './codes-file.js'

const specs = {
  data: {
    kind: 'text',
    placeholder: 'CODES.npz',
    description:
      'arrays h or x: [n, d] or sequences [n, t, d]; optionally a (actions: [n, k], [n, t, k] or [n, t − 1, k]) and z (true latents, for scores alone)'
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
    fallback: 2,
    description: 'searches, the likeliest of which is taken'
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
    fallback: 4.5,
    description: 'fastest sines, in radians a standard deviation of a latent'
  },
  rows: {
    kind: 'number',
    integer: true,
    least: 512,
    placeholder: 'N',
    fallback: 20_000,
    description: 'rows of the fit'
  },
  seed: commonOptions.seed,
  out: { kind: 'text', placeholder: 'DIR', fallback: 'out/unmix', description: 'where the results go' },
  json: commonOptions.json,
  help: commonOptions.help
} as const

const say = (text: string): void => console.log(text)

/** Row = effect ẑ, column = cause. */
const graphTable = (rows: ReadonlyArray<ReadonlyArray<number>>, cause: string): string =>
  table([
    ['', ...rows[0].map((_, j) => `${cause}${j}`)],
    ...rows.map((row, i) => [`ẑ${i}`, ...row.map((edge) => (edge === 1 ? '1' : '·'))])
  ])

/** What a program may read. */
const summary = (
  file: string,
  seed: number,
  { map, transitions, explanation, ...found }: Unmixed,
  scores: object
) => ({
  file,
  seed,
  ...found,
  additivity: { ...found.additivity, perLatent: Array.from(found.additivity.perLatent) },
  residualVariance: Array.from(transitions.residualVariance),
  explanation,
  ...scores
})

const main = async (): Promise<void> => {
  const options = readOptions(
    specs,
    'npm run unmix -- --data CODES.npz [options]',
    'Finds latents, their causal graph and transitions in the codes of any encoder.'
  )
  const { out, json, seed, edges, lags, searches, starts, rows } = options
  const file = options.data ?? failWith('--data is missing; see --help', 2)
  const codes = await readCodes(file)
  await prepareFolder(out, json)
  let bar: ReturnType<typeof progressBar> | undefined
  const answer = await unmix(codes, {
    seed,
    lags,
    searches,
    starts,
    rows,
    highestFrequency: options['highest-frequency'],
    ...(edges === undefined ? {} : { edges }),
    onProgress: ({ search, found, latents }) => {
      bar ??= progressBar('unmixing', searches * latents)
      bar.update((search - 1) * latents + found, { found: `${found} of ${latents}` })
    }
  })()
  bar?.stop()
  const unmixed = orFail(answer, (error) => `${file}: ${message(error)}`)
  for (const line of unmixed.explanation) say(line)
  const { graph } = unmixed
  if (graph.latents !== undefined) say(`\nPast latents on latents:\n${graphTable(graph.latents, 'ẑ')}`)
  if (graph.actions !== undefined) say(`\nActions on latents:\n${graphTable(graph.actions, 'a')}`)

  const latents = latentsOf(codes.codes, unmixed)
  let scores = {}
  if (codes.z !== undefined) {
    const flat = {
      data: latents.data,
      shape: [latents.data.length / unmixed.latents, unmixed.latents] as const
    }
    const { value, assignment } = orFail(mcc(codes.z, flat), metricMessage)
    const r = orFail(linearR(codes.z, flat), metricMessage).value
    scores = { mcc: value, r, assignment }
    say(`\nAgainst z of the file: MCC ${value.toFixed(4)}, R ${r.toFixed(4)}.`)
  }
  const d = unmixed.latents
  const { matrix, centre } = unmixed.map
  const written = async (name: string, arrays: Parameters<typeof writeNpz>[1]): Promise<void> =>
    orFail(await writeNpz(resolve(out, name), arrays)(), fileMessage)
  await written('map.npz', { matrix: { data: matrix, shape: [d, d] }, centre: { data: centre, shape: [d] } })
  await written('latents.npz', { z_hat: latents })
  const result = summary(basename(file), seed, unmixed, scores)
  await writeJson(join(out, 'graph.json'), result)
  if (json !== undefined) await writeJson(json, result)
  say(`\nWritten to ${out}: map.npz (ẑ = matrix (h − centre)), latents.npz, graph.json`)
}

await main()

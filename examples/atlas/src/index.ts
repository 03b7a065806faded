/** The atlas: a gallery of causal graphs and kernels as one HTML page, with pictures and results as JSON. */
import { join } from 'node:path'
import { graphSvg } from '@mechid/causal-graph'
import { type Analysis, analyse, catalogue, verdictWords } from '@mechid/example-gallery'
import {
  failWith,
  orFail,
  prepareFolder,
  progressBar,
  readOptions,
  resultOptions,
  say,
  table,
  trainingOptions,
  writeJson,
  writeText
} from '@mechid/example-terminal'
import { renderDocument } from '@mechid/report'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type AtlasPart, atlasDocument, overviewHead, overviewRow } from './atlas.js'

const specs = {
  latents: {
    kind: 'number',
    integer: true,
    least: 6,
    placeholder: 'N',
    fallback: 10,
    description: 'latents of each published problem; an even number'
  },
  seed: { ...trainingOptions.seed, description: 'seed of random graphs, weights and points' },
  ...resultOptions('out/atlas')
} as const

/** Analyses all entries, with a progress bar. */
const analyseAll = (latents: number, seed: number): AtlasPart[] => {
  const groups = catalogue({ latents, seed })
  const bar = progressBar(
    'analysing',
    groups.reduce((sum, { entries }) => sum + entries.length, 0)
  )
  let done = 0
  const parts = groups.map((group) => ({
    group,
    analyses: group.entries.map((entry) => {
      const analysis = analyse(entry, seed)
      bar.update(++done, { entry: entry.title })
      return analysis
    })
  }))
  bar.stop()
  return parts
}

/** One entry in atlas.json. */
const record = ({ entry, prediction, influence, witness, remedy, verdict }: Analysis): unknown => ({
  id: entry.id,
  title: entry.title,
  ...entry.graph,
  verdict,
  prediction,
  influence,
  witness:
    witness?._tag === 'Found'
      ? {
          answer: 'Found',
          kind: witness.kind,
          latents: witness.latents,
          matrix: witness.matrix,
          residual: witness.residual,
          explanation: witness.explanation
        }
      : witness === undefined
        ? undefined
        : { answer: witness._tag, explanation: witness.explanation },
  design: E.isRight(remedy)
    ? {
        actions: remedy.right.actions,
        cost: remedy.right.cost,
        optimal: remedy.right.optimal,
        explanation: remedy.right.explanation
      }
    : undefined
})

const summary = (analyses: ReadonlyArray<Analysis>): string => {
  const counts = new Map<string, number>()
  for (const { text } of analyses.map(verdictWords)) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts].map(([text, n]) => `${n} ${text}`).join(', ')
}

const main = async (): Promise<void> => {
  const purpose =
    'Analyses a gallery of causal graphs and mechanisms: what each identifies, why, whether another model exists, and what\nwould help. Writes one HTML page.'
  const { latents, seed, out, json } = readOptions(specs, 'npm run atlas -- [options]', purpose)
  if (latents % 2 !== 0)
    failWith(`--latents is ${latents}; it must be even, since some problems consist of pairs`, 2)
  await prepareFolder(out, json)
  await prepareFolder(join(out, 'pictures'))
  const parts = analyseAll(latents, seed)
  const analyses = parts.flatMap((part) => part.analyses)
  say(table([[...overviewHead], ...analyses.map((one) => overviewRow(one).map(({ text }) => text))]))
  say(`\n${analyses.length} entries: ${summary(analyses)}.`)

  const colophon = `Made by mechid: npm run atlas -- --latents ${latents} --seed ${seed}`
  const html = orFail(renderDocument(atlasDocument(parts, colophon)))
  for (const { entry } of analyses)
    await writeText(
      join(out, 'pictures', `${entry.id}.svg`),
      orThrow(graphSvg(entry.graph, { title: entry.title }))
    )
  const results = { latents, seed, entries: analyses.map(record) }
  await writeJson(join(out, 'atlas.json'), results)
  if (json !== undefined) await writeJson(json, results)
  await writeText(join(out, 'atlas.html'), html)
  say(`\nPage: ${join(out, 'atlas.html')}`)
}

await main()

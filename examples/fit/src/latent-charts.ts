/** Learned latents against time, against the actions that bear on them, and against the features they drive. */
import { edgeProbabilities } from '@mechid/estimator'
import type { FeatureResponses } from '@mechid/metrics'
import type { Panel, PanelPicture } from '@mechid/report'
import type { Samples } from '@mechid/values'
import type { Prepared } from './data.js'
import type { Fit } from './fit.js'
import { actionValues, featureValues } from './recorded-units.js'
import { nearestFeatures } from './sensor-map.js'
import { latentName } from './sentences.js'

/** Latents that get charts of their own. */
const MOST_LATENTS = 30
const MOST_POINTS = 250
const MOST_FRAMES = 300
const SHOWN_SEQUENCES = 3
/** Shorter sequences show no course. */
const FEWEST_FRAMES = 8
/** So many charts stand in a row. */
const PER_ROW = 4

const spread = (lines: Int32Array, most: number): Int32Array => {
  const count = Math.min(most, lines.length)
  return Int32Array.from({ length: count }, (_, k) => lines[Math.floor((k * lines.length) / count)])
}

const latentValues = ({ data, shape }: Samples, i: number, lines: Int32Array): number[] =>
  Array.from(lines, (line) => data[line * shape[1] + i])

const shownLatents = (encoded: Samples): readonly number[] =>
  Array.from({ length: Math.min(MOST_LATENTS, encoded.shape[1]) }, (_, i) => i)

const more = (encoded: Samples): string =>
  encoded.shape[1] > MOST_LATENTS ? ` The first ${MOST_LATENTS} latents are shown.` : ''

/** Held-out sequences that are long enough, the first ones. */
const shownSequences = ({ sequences: { temporal, starts }, split }: Prepared): readonly number[] =>
  temporal
    ? Array.from(split.test)
        .filter((s) => starts[s + 1] - starts[s] >= FEWEST_FRAMES)
        .slice(0, SHOWN_SEQUENCES)
    : []

const courseOf = ({ prepared, evaluation: { encoded } }: Fit): PanelPicture[] => {
  const { starts, window } = prepared.sequences
  const chosen = shownSequences(prepared)
  if (chosen.length === 0) return []
  const piece = window === undefined ? 'sequence' : 'window'
  const panels = shownLatents(encoded).map(
    (i): Panel => ({
      x: 'frame',
      y: latentName(i),
      series: chosen.map((s) => {
        const frames = Math.min(MOST_FRAMES, starts[s + 1] - starts[s])
        const lines = Int32Array.from({ length: frames }, (_, k) => starts[s] + k)
        return {
          name: `${piece} ${s}`,
          x: lines.map((line) => line - starts[s]),
          y: latentValues(encoded, i, lines)
        }
      })
    })
  )
  return [
    {
      name: 'latents-time',
      heading: 'Latents against time',
      caption: `Learned latents in held-out ${piece}s, counted from 0; at most ${MOST_FRAMES} frames.${more(encoded)}`,
      marks: 'lines',
      panels
    }
  ]
}

/** Held-out lines of latents, and the line of the action that acts on each: in sequences, that of the frame before. */
const actedLines = ({
  sequences: { temporal, starts, actionStarts },
  split
}: Prepared): { readonly latents: Int32Array; readonly actions: Int32Array } => {
  const less = temporal ? 1 : 0
  const [latents, actions]: [number[], number[]] = [[], []]
  for (const s of split.test) {
    for (let k = 0; k < starts[s + 1] - starts[s] - less; k++) {
      latents.push(starts[s] + k + less)
      actions.push(actionStarts[s] + k)
    }
  }
  return { latents: Int32Array.from(latents), actions: Int32Array.from(actions) }
}

/** The most probable actions of a latent among the edges of its graph. */
const actionsOn = ({ learned, trained }: Fit, i: number, count: number): readonly number[] => {
  const probability = edgeProbabilities(trained.model).actions?.[i] ?? []
  return (learned.actions?.[i] ?? [])
    .flatMap((edge, j) => (edge === 1 ? [j] : []))
    .sort((p, q) => (probability[q] ?? 0) - (probability[p] ?? 0) || p - q)
    .slice(0, count)
}

const againstActions = (fit: Fit): PanelPicture[] => {
  const { prepared, evaluation } = fit
  if (prepared.a === undefined) return []
  const { encoded } = evaluation
  const acted = actedLines(prepared)
  const [latents, actions] = [spread(acted.latents, MOST_POINTS), spread(acted.actions, MOST_POINTS)]
  const panels = shownLatents(encoded).flatMap((i) =>
    actionsOn(fit, i, PER_ROW).map(
      (j): Panel => ({
        x: prepared.actionNames[j] ?? `a${j}`,
        y: latentName(i),
        series: [{ x: actionValues(prepared, j, actions), y: latentValues(encoded, i, latents) }]
      })
    )
  )
  const when = prepared.sequences.temporal ? ' at the step before' : ''
  return panels.length === 0
    ? []
    : [
        {
          name: 'latents-actions',
          heading: 'Latents against their actions',
          caption: `Held-out rows. Each latent against the actions of its edges${when}, the ${PER_ROW} most probable ones at most, in the units of the file.${more(encoded)}`,
          marks: 'points',
          panels
        }
      ]
}

const againstFeatures = (fit: Fit, responses: FeatureResponses): PanelPicture[] => {
  const { prepared, evaluation } = fit
  const { encoded } = evaluation
  const lines = spread(prepared.testLines, MOST_POINTS)
  const each = encoded.shape[1] > 2 * PER_ROW ? PER_ROW / 2 : PER_ROW
  const panels = shownLatents(encoded).flatMap((i) =>
    nearestFeatures(responses, i, Math.min(each, prepared.featureNames.length)).map(
      (f): Panel => ({
        x: latentName(i),
        y: prepared.featureNames[f],
        series: [{ x: latentValues(encoded, i, lines), y: featureValues(prepared, f, lines) }]
      })
    )
  )
  return [
    {
      name: 'latents-features',
      heading: 'Latents against their nearest features',
      caption: `Held-out rows. The features whose variance goes most with each latent, the nearest one first, in the units of the file.${more(encoded)}`,
      marks: 'points',
      panels
    }
  ]
}

/** All charts of latents. */
export const latentCharts = (fit: Fit, responses: FeatureResponses | undefined): readonly PanelPicture[] => [
  ...courseOf(fit),
  ...againstActions(fit),
  ...(responses === undefined ? [] : againstFeatures(fit, responses))
]

/** What a fit came to, in plain sentences. */
import { edgeProbabilities, isStaged, type Model, type Recipe, undecidedEdges } from '@mechid/estimator'
import type { Told } from './evaluation.js'

/** What latents are said to follow from. */
const whatTells = ({ shape }: Model): string =>
  shape.temporal ? (shape.actions > 0 ? 'actions and the frame before' : 'the frame before') : 'actions'

/** Whether mechanisms were learned at all, by the placebo. */
export const toldSentence = (model: Model, { nats, spread, anything }: Told): string => {
  const what = whatTells(model)
  const figure = `${nats.toFixed(2)} nats a row against those of other rows, ± ${spread.toFixed(2)}`
  const What = what[0].toUpperCase() + what.slice(1)
  return anything
    ? `${What} tell of latents: ${figure}, on held-out rows.`
    : `Nothing was learned of mechanisms: on held-out rows ${what} tell no more than those of other rows do (${figure}). Do not trust the graph, nor that seeds agree.`
}

/** Which latents nothing was put into; undefined where all are used. */
export const unusedSentence = (unused: readonly number[]): string | undefined => {
  if (unused.length === 0) return undefined
  const names = unused.map((i) => `ẑ${i}`).join(', ')
  const [are, them] = unused.length === 1 ? ['is', 'it'] : ['are', 'them']
  return `${names} ${are} not used: rows hardly move ${them}. Fewer latents would do, or the training collapsed ${them}.`
}

const MOST_NAMED = 6

/** Which edges are undecided, with their probabilities; undefined where all are decided. */
export const undecidedSentence = (model: Model, actionNames: readonly string[]): string | undefined => {
  const undecided = undecidedEdges(model)
  const probabilities = edgeProbabilities(model)
  const named = (['latents', 'actions'] as const).flatMap((part) =>
    (undecided[part] ?? []).flatMap((row, i) =>
      row.flatMap((entry, j) => {
        if (entry === 0) return []
        const cause = part === 'actions' ? (actionNames[j] ?? `a${j}`) : `ẑ${j}`
        return [`${cause} → ẑ${i} (${probabilities[part]?.[i][j].toFixed(2)})`]
      })
    )
  )
  if (named.length === 0) return undefined
  const more = named.length > MOST_NAMED ? ` and ${named.length - MOST_NAMED} more` : ''
  const [edges, are] = named.length === 1 ? ['edge', 'is'] : ['edges', 'are']
  return `${named.length} ${edges} ${are} undecided: ${named.slice(0, MOST_NAMED).join(', ')}${more}.`
}

/** What it means to go on longer than a checkpoint's training of `before` steps was meant to. */
export const lengthenedSentence = (recipe: Recipe, before: number): string => {
  const steps = before.toLocaleString('en-US')
  const how = 'Learning rate and bounds are those of the longer training from here on'
  const not = 'so the result is not that of an unbroken one'
  return isStaged(recipe)
    ? `A stage goes on that was to have ${steps} steps; the stages after it start anew. ${how}, ${not}.`
    : `Goes on from a training of ${steps} steps. ${how}, ${not}.`
}

/** ẑ instead of z: learned latents have a numbering of their own. */
export const ofLearned = (sentences: readonly string[]): readonly string[] =>
  sentences.map((sentence) => sentence.replace(/\bz(?=_?\d)/g, 'ẑ'))

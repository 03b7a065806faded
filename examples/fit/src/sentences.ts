/** What a fit came to, in plain sentences. */
import { edgeProbabilities, isStaged, type Model, type Recipe, undecidedEdges } from '@mechid/estimator'
import { unusedSentence } from '@mechid/example-terminal'
import { printable } from '@mechid/values'
import type { FitEvaluation, Told } from './evaluation.js'

/** Learned latents have a numbering of their own. */
export const latentName = (latent: number): string => `ẑ${latent}`

const MOST_CHARACTERS = 60

/** A name of the file within a sentence: one line, and not too long. */
const named = (name: string): string => {
  const characters = [...printable(name)]
  return characters.length <= MOST_CHARACTERS
    ? characters.join('')
    : `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`
}

/** The name of an action column. */
export const actionName = (actionNames: readonly string[], column: number): string =>
  named(actionNames[column] ?? `a${column}`)

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

const MOST_NAMED = 6

/** Which edges are undecided, with their probabilities; undefined where all are decided. */
export const undecidedSentence = (model: Model, actionNames: readonly string[]): string | undefined => {
  const undecided = undecidedEdges(model)
  const probabilities = edgeProbabilities(model)
  const edges = (['latents', 'actions'] as const).flatMap((part) =>
    (undecided[part] ?? []).flatMap((row, i) =>
      row.flatMap((entry, j) => {
        if (entry === 0) return []
        const cause = part === 'actions' ? actionName(actionNames, j) : latentName(j)
        return [`${cause} → ${latentName(i)} (${probabilities[part]?.[i][j].toFixed(2)})`]
      })
    )
  )
  if (edges.length === 0) return undefined
  const more = edges.length > MOST_NAMED ? ` and ${edges.length - MOST_NAMED} more` : ''
  const [noun, are] = edges.length === 1 ? ['edge', 'is'] : ['edges', 'are']
  return `${edges.length} ${noun} ${are} undecided: ${edges.slice(0, MOST_NAMED).join(', ')}${more}.`
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

/** Sentences of the library with our names: ẑ instead of z, since learned latents have a numbering of their own, and names of actions. */
export const ofLearned = (sentences: readonly string[], actionNames: readonly string[]): readonly string[] =>
  sentences.map((sentence) =>
    sentence.replace(/\b([az])_?(\d+)\b/g, (_, letter: string, digits: string) =>
      letter === 'z' ? latentName(Number(digits)) : actionName(actionNames, Number(digits))
    )
  )

/** What was learned at all, what is not used, and what is undecided. */
export const findings = (
  model: Model,
  { told, unused }: Pick<FitEvaluation, 'told' | 'unused'>,
  actionNames: readonly string[]
): readonly string[] =>
  [toldSentence(model, told), unusedSentence(unused), undecidedSentence(model, actionNames)].filter(
    (said) => said !== undefined
  )

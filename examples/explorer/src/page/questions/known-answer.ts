/** What known mechanisms leave open, as plain data. */
import {
  type Ambiguity,
  ambiguityOf,
  explain,
  fieldTexts,
  type LatentStatus,
  readableFields,
  suggestGeneric
} from '@mechid/algebra'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Box, flowPicture, singleField } from '../known/flow.js'
import { mechanismOf } from '../known/library.js'
import type { KnownChoice } from '../state/state.js'
import type { KnownAnswer } from './protocol.js'

/** Fields are drawn up to here; further ones are told in words. */
const MOST_DRAWN = 12

const listed = (latents: ReadonlyArray<number>): string => latents.map((i) => `z${i}`).join(', ')

const statusText = ({ kind, with: others, swaps, flips }: LatentStatus): string => {
  const finite = [
    ...(flips ? ['its sign is open'] : []),
    ...(swaps.length > 0 ? [`may change places with ${listed(swaps)}`] : [])
  ]
  const continuous = {
    exact: 'nothing continuous stays open',
    shift: 'up to a shift',
    scale: 'up to a factor',
    'element-wise': 'up to a map of its own',
    entangled: `mixed with ${listed(others)}`
  }[kind]
  return [continuous, ...finite].join('; ')
}

/** The region where the fields were looked for; for exact answers a unit of each latent to either side of 0. */
const boxOf = ({ options, latents, units }: Ambiguity): Box =>
  options.box === undefined
    ? {
        centre: new Array(latents).fill(0),
        halfWidth: Array.from({ length: latents }, (_, i) => units[i] || 1)
      }
    : {
        centre: options.box.map(([low, high]) => (low + high) / 2),
        halfWidth: options.box.map(([low, high]) => (high - low) / 2)
      }

const suggestionOf = (answer: Ambiguity): string | undefined => {
  if (answer.dimension === 0) return undefined
  const found = suggestGeneric(answer)
  if (E.isLeft(found)) return undefined
  const { names, dimension } = found.right
  return names.length === 0
    ? undefined
    : `If ${names.join(' and ')} were known besides, ${dimension === 0 ? 'no dimension' : `${dimension} of ${answer.dimension}`} would stay open.`
}

const answerOf = (answer: Ambiguity): KnownAnswer => {
  const suggestion = suggestionOf(answer)
  const readable = readableFields(answer.fields)
  const texts = fieldTexts(answer.fields)
  const box = boxOf(answer)
  return {
    latents: answer.latents,
    dimension: answer.dimension,
    among: answer.among,
    explanation: explain(answer),
    statuses: answer.statuses.map((status) => ({
      latent: status.latent,
      kind: status.kind,
      text: statusText(status),
      tone: status.kind === 'entangled' ? 'bad' : status.kind === 'exact' ? 'good' : 'open'
    })),
    entanglement: answer.entanglement,
    flows: texts.slice(0, MOST_DRAWN).map((text, k) => flowPicture(singleField(readable, k), text, box)),
    ...(suggestion === undefined ? {} : { suggestion })
  }
}

/** Errors: what is wrong with what was typed, or why there is no answer. */
export const knownAnswer = (known: ReadonlyArray<KnownChoice>): E.Either<{ message: string }, KnownAnswer> =>
  pipe(
    known,
    E.traverseArray(mechanismOf),
    E.flatMap((mechanisms) => E.mapLeft((error: { message: string }) => error)(ambiguityOf(mechanisms))),
    E.map(answerOf)
  )

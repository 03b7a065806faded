/** A graph as part of a link: an entry of the gallery, or sizes and edges. */
import type { EdgeTable } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { fromHex, hexLength, toHex } from '../state/edges.js'
import { choiceOf, type GraphChoice, MOST_EDITABLE } from '../state/state.js'
import { onlyNames, type Read, refuse, wholeIn } from './fault.js'
import type { Gallery } from './gallery.js'

export const MOST_LAGS = 3

export const writeGraph = (graph: GraphChoice): Record<string, string> =>
  graph.entry === undefined
    ? {
        latents: String(graph.latents),
        ...(graph.lags === 0 ? {} : { lags: String(graph.lags), gz: toHex(graph.time) }),
        ...(graph.actions === 0 ? {} : { actions: String(graph.actions), ga: toHex(graph.acting) })
      }
    : { entry: graph.entry }

const edgesIn = (link: URLSearchParams, name: string, rows: number, columns: number): Read<EdgeTable> => {
  const text = link.get(name)
  if (columns === 0)
    return text === null
      ? E.right(new Array(rows).fill([]))
      : refuse(`${name} is given, but ${name === 'gz' ? 'lags' : 'actions'} is not`)
  if (text === null)
    return refuse(`${name} is missing: ${rows} × ${columns} entries, four a hexadecimal digit`)
  if (!/^[0-9a-f]*$/.test(text)) return refuse(`${name} has characters that are no hexadecimal digits`)
  const digits = hexLength(rows, columns)
  return text.length === digits
    ? E.right(fromHex(text, rows, columns))
    : refuse(`${name} has ${text.length} digits; ${rows} × ${columns} entries take ${digits}`)
}

const entryIn = (entry: string, gallery: Gallery): Read<GraphChoice> => {
  const found = gallery(entry)
  return found === undefined
    ? refuse(`there is no entry "${entry.slice(0, 40)}" in the gallery`)
    : E.right(choiceOf(found.graph, entry))
}

/** Errors: a `LinkFault` that says which part of the link is wrong. */
export const readGraph = (link: URLSearchParams, gallery: Gallery): Read<GraphChoice> => {
  const entry = link.get('entry')
  if (entry !== null)
    return pipe(
      onlyNames(link, ['entry']),
      E.flatMap(() => entryIn(entry, gallery))
    )
  return pipe(
    onlyNames(link, ['entry', 'latents', 'lags', 'actions', 'gz', 'ga']),
    E.bind('latents', () => wholeIn(link, 'latents', { least: 1, most: MOST_EDITABLE, fallback: 3 })),
    E.bind('lags', () => wholeIn(link, 'lags', { least: 0, most: MOST_LAGS, fallback: 0 })),
    E.bind('actions', () => wholeIn(link, 'actions', { least: 0, most: MOST_EDITABLE, fallback: 0 })),
    E.bind('time', ({ latents, lags }) => edgesIn(link, 'gz', latents, lags * latents)),
    E.bind('acting', ({ latents, actions }) => edgesIn(link, 'ga', latents, actions)),
    E.map(({ latents, lags, actions, time, acting }) => ({ latents, lags, actions, time, acting }))
  )
}

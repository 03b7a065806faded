/** Causal graphs as JSON documents, out and in. */
import { type CausalGraph, type EdgeTable, reasonOf, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type GraphError, unreadable } from '../errors.js'
import { bitsOf, bitsOfGraph, type GraphBits, type GraphSource, plainGraph } from '../graph/graph-bits.js'
import type { Labels } from '../graph/labels.js'
import { binaryRows } from '../matrices/binary-matrix.js'

/** A graph and the names of its latents and actions, as files hold them. */
export interface LabelledGraph {
  readonly graph: CausalGraph
  /** Only the lists that the document has. */
  readonly labels: Labels
}

const FORMAT = 'mechid/causal-graph'
const VERSION = 1

type Members = Readonly<Record<string, unknown>>

const where = 'graphFromJson'

/** What a value is, short enough for a sentence. */
export const described = (value: unknown): string => {
  if (value === undefined) return 'missing'
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = JSON.stringify(value) ?? String(value)
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`
}

const refuse = (path: string, actual: string, expected: string): E.Either<GraphError, never> =>
  E.left(unreadable(where, path, actual, expected))

/** Rows of numbers; that they are equally long and of 0 and 1 is for `bitsOfGraph` to check. */
const readRows = (members: Members, name: string): E.Either<GraphError, EdgeTable | undefined> => {
  const value = members[name]
  if (value === undefined) return E.right(undefined)
  if (!Array.isArray(value)) return refuse(name, described(value), 'an array of rows of 0 and 1')
  for (const [i, row] of value.entries()) {
    if (!Array.isArray(row)) return refuse(`${name}[${i}]`, described(row), 'a row, an array of 0 and 1')
    for (const [j, entry] of row.entries())
      if (entry !== 0 && entry !== 1) return refuse(`${name}[${i}][${j}]`, described(entry), '0 or 1')
  }
  return E.right(value)
}

const readLabels = (
  value: unknown,
  counts: { readonly latents: number; readonly actions: number }
): E.Either<GraphError, Labels> => {
  if (value === undefined) return E.right({})
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('labels', described(value), 'an object with lists of names: latents, actions')
  const labels: { latents?: string[]; actions?: string[] } = {}
  for (const part of ['latents', 'actions'] as const) {
    const list = (value as Members)[part]
    if (list === undefined) continue
    if (!Array.isArray(list)) return refuse(`labels.${part}`, described(list), 'an array of names')
    if (list.length > counts[part])
      return E.left(
        shapeMismatch(where, `the number of labels.${part}`, list.length, `at most ${counts[part]}`)
      )
    for (const [i, name] of list.entries())
      if (typeof name !== 'string') return refuse(`labels.${part}[${i}]`, described(name), 'a string')
    labels[part] = list
  }
  return E.right(labels)
}

/** The graph of `size` latents; without parts it has no edge, and nothing is evidence. */
const readParts = (members: Members): E.Either<GraphError, GraphBits> => {
  const { size } = members
  if (size !== undefined && !(Number.isInteger(size) && (size as number) >= 1))
    return refuse('size', described(size), 'a whole number of latents, at least 1')
  return pipe(
    E.Do,
    E.bind('latents', () => readRows(members, 'latents')),
    E.bind('actions', () => readRows(members, 'actions')),
    E.flatMap(({ latents, actions }) =>
      latents === undefined && actions === undefined && size !== undefined
        ? E.right<GraphError, GraphBits>({ size: size as number })
        : bitsOfGraph(where, {
            ...(latents === undefined ? {} : { latents }),
            ...(actions === undefined ? {} : { actions })
          })
    ),
    E.filterOrElse(
      (graph) => size === undefined || graph.size === size,
      (graph): GraphError => shapeMismatch(where, 'size', size, `${graph.size}, the number of rows`)
    )
  )
}

/**
 * Reads a document that has been parsed already: `{ size?, latents?, actions?, labels? }`, rows of 0 and 1, row =
 * effect, column = cause. Any `format` and `version` must be this package's; other members are let be, so that
 * documents which hold a graph among other things can be read.
 *
 * Errors: `Unreadable` (with the path), `NotBinary`, `ShapeMismatch`.
 *
 * @example
 * graphFromDocument({ latents: [[1, 0], [1, 1]], labels: { latents: ['angle', 'speed'] } })
 */
export const graphFromDocument = (document: unknown): E.Either<GraphError, LabelledGraph> => {
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return refuse('the document', described(document), 'an object with latents (Gz), actions (Ga) or both')
  const members = document as Members
  if (members.format !== undefined && members.format !== FORMAT)
    return refuse('format', described(members.format), `"${FORMAT}"`)
  if (members.version !== undefined && members.version !== VERSION)
    return refuse('version', described(members.version), String(VERSION))
  return pipe(
    readParts(members),
    E.flatMap((graph) =>
      pipe(
        readLabels(members.labels, { latents: graph.size, actions: graph.actions?.columns ?? 0 }),
        E.map((labels) => ({ graph: plainGraph(graph), labels }))
      )
    )
  )
}

/**
 * Reads the text of a JSON document, see `graphFromDocument`.
 *
 * Errors: `Unreadable` (no JSON, or not a graph, with the path), `NotBinary`, `ShapeMismatch`.
 *
 * @example
 * graphFromJson(readFileSync('graph.json', 'utf8'))
 */
export const graphFromJson = (text: string): E.Either<GraphError, LabelledGraph> =>
  pipe(
    E.tryCatch(
      (): unknown => JSON.parse(text),
      (thrown): GraphError =>
        unreadable(
          where,
          'the text',
          `no JSON (${reasonOf(thrown)})`,
          'a JSON object with latents (Gz), actions (Ga) or both'
        )
    ),
    E.flatMap(graphFromDocument)
  )

/** One line a row of a matrix, so that files can be read and compared by eye. */
const rowsText = (rows: EdgeTable): string =>
  `[\n${rows.map((row) => `    [${row.join(', ')}]`).join(',\n')}\n  ]`

const textOf = (graph: GraphBits, labels: Labels): string => {
  const [latents, actions] = [graph.latents, graph.actions].map((m) => (m === undefined ? m : binaryRows(m)))
  const names = {
    latents: labels.latents?.slice(0, graph.size),
    actions: labels.actions?.slice(0, graph.actions?.columns ?? 0)
  }
  const members = [
    `"format": "${FORMAT}"`,
    `"version": ${VERSION}`,
    `"size": ${graph.size}`,
    ...(latents === undefined ? [] : [`"latents": ${rowsText(latents)}`]),
    ...(actions === undefined ? [] : [`"actions": ${rowsText(actions)}`]),
    ...(names.latents === undefined && names.actions === undefined
      ? []
      : [`"labels": ${JSON.stringify(names)}`])
  ]
  return `{\n${members.map((member) => `  ${member}`).join(',\n')}\n}\n`
}

/**
 * The graph as the text of a JSON document that `graphFromJson` reads back to an equal graph and equal labels.
 *
 * Errors: `NotBinary`, `ShapeMismatch`.
 *
 * @example
 * graphToJson(graph, { latents: ['angle', 'speed'] })
 */
export const graphToJson = (graph: GraphSource, labels: Labels = {}): E.Either<GraphError, string> =>
  E.map((bits: GraphBits) => textOf(bits, labels))(bitsOf('graphToJson', graph))

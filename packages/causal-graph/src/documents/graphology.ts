/** Causal graphs to and from graphology, through its serialized form: nothing of graphology is imported. */
import { shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type GraphError, unreadable } from '../errors.js'
import { bitsOf, type GraphBits, type GraphSource, plainGraph } from '../graph/graph-bits.js'
import type { Labels } from '../graph/labels.js'
import { blank, rowSupport, setBit } from '../matrices/binary-matrix.js'
import { described, type LabelledGraph } from './json.js'

type Attributes = { readonly [name: string]: unknown }

/** graphology's serialized form (`SerializedGraph` there), as `export()` gives and `Graph.from` takes it. */
export interface GraphologyDocument {
  attributes?: { [name: string]: unknown }
  options?: { type?: 'directed' | 'mixed' | 'undirected'; multi?: boolean; allowSelfLoops?: boolean }
  nodes: Array<{ key: string; attributes?: { [name: string]: unknown } }>
  edges: Array<{
    key?: string
    source: string
    target: string
    attributes?: { [name: string]: unknown }
    undirected?: boolean
  }>
}

/** A serialized graph, or a graphology instance. */
export type GraphologySource = GraphologyDocument | { export(): GraphologyDocument }

export interface GraphologyOptions {
  /** Whether a node is a latent or an action. Default: its attribute `kind`. */
  readonly kindOf?: (key: string, attributes: Attributes) => unknown
}

const where = 'graphFromGraphology'

const refuse = (path: string, actual: string, expected: string): E.Either<GraphError, never> =>
  E.left(unreadable(where, path, actual, expected))

// Out

const node = (kind: 'latent' | 'action', key: string, index: number, label: string | undefined) => ({
  key,
  attributes: { kind, index, label: label ?? key }
})

const documentOf = ({ size, latents, actions }: GraphBits, labels: Labels): Required<GraphologyDocument> => {
  const edges: GraphologyDocument['edges'] = []
  const edge = (source: string, i: number, lag: number): void => {
    edges.push({
      key: lag > 1 ? `${source}->z${i}@${lag}` : `${source}->z${i}`,
      source,
      target: `z${i}`,
      attributes: { lag }
    })
  }
  for (let i = 0; i < size; i++) {
    if (actions !== undefined) for (const l of rowSupport(actions, i)) edge(`a${l}`, i, 0)
    if (latents !== undefined)
      for (const j of rowSupport(latents, i)) edge(`z${j % size}`, i, 1 + Math.floor(j / size))
  }
  const k = actions?.columns ?? 0
  return {
    attributes: { lags: latents === undefined ? 0 : latents.columns / size, actions: k },
    options: { type: 'directed', multi: true, allowSelfLoops: true },
    nodes: [
      ...Array.from({ length: size }, (_, i) => node('latent', `z${i}`, i, labels.latents?.[i])),
      ...Array.from({ length: k }, (_, l) => node('action', `a${l}`, l, labels.actions?.[l]))
    ],
    edges
  }
}

/**
 * A directed multigraph: nodes `z0, z1, …` (attributes `kind: 'latent'`, `index`, `label`) and `a0, a1, …`
 * (`kind: 'action'`), edges from cause to effect with the attribute `lag`: 0 from an action, 1 from the step before.
 * The graph's attributes `lags` and `actions` tell a part without edges from one that is absent.
 * Errors: `NotBinary`, `ShapeMismatch`.
 *
 * @example
 * import Graph from 'graphology'
 * const network = Graph.from(orThrow(graphToGraphology(graph)))
 */
export const graphToGraphology = (
  graph: GraphSource,
  labels: Labels = {}
): E.Either<GraphError, Required<GraphologyDocument>> =>
  E.map((bits: GraphBits) => documentOf(bits, labels))(bitsOf('graphToGraphology', graph))

// In

interface Place {
  readonly kind: 'latent' | 'action'
  readonly index: number
}

interface Members {
  readonly latents: GraphologyDocument['nodes']
  readonly actions: GraphologyDocument['nodes']
  readonly places: ReadonlyMap<string, Place>
}

/** By the attribute `index` where every node of the kind has one of its own, else as they come. */
const ordered = (nodes: GraphologyDocument['nodes']): GraphologyDocument['nodes'] => {
  const indices = nodes.map(({ attributes }) => attributes?.index)
  const own = new Set(indices)
  return own.size === nodes.length && indices.every((index) => Number.isInteger(index))
    ? [...nodes].sort((a, b) => (a.attributes?.index as number) - (b.attributes?.index as number))
    : nodes
}

const readNodes = (
  nodes: GraphologyDocument['nodes'],
  kindOf: NonNullable<GraphologyOptions['kindOf']>
): E.Either<GraphError, Members> => {
  const found = { latent: [] as GraphologyDocument['nodes'], action: [] as GraphologyDocument['nodes'] }
  const keys = new Set<string>()
  for (const [n, one] of nodes.entries()) {
    const kind = kindOf(one.key, one.attributes ?? {})
    if (kind !== 'latent' && kind !== 'action')
      return refuse(
        `the kind of node "${one.key}"`,
        described(kind),
        '"latent" or "action", as the attribute kind or by the option kindOf'
      )
    if (keys.has(one.key))
      return refuse(`nodes[${n}].key`, `"${one.key}", which stands there already`, 'a key of its own')
    keys.add(one.key)
    found[kind].push(one)
  }
  const [latents, actions] = [ordered(found.latent), ordered(found.action)]
  if (latents.length === 0)
    return E.left(shapeMismatch(where, 'the list of latents', 'empty', 'at least one node of kind latent'))
  const places = new Map<string, Place>([
    ...latents.map(({ key }, index) => [key, { kind: 'latent', index }] as const),
    ...actions.map(({ key }, index) => [key, { kind: 'action', index }] as const)
  ])
  return E.right({ latents, actions, places })
}

/** Gz has d columns for each lag: an absurd lag must not ask for absurd memory. */
const MOST_LAGS = 1000

interface ReadEdge {
  readonly cause: Place
  readonly effect: number
  readonly lag: number
}

const readEdge = (
  edge: GraphologyDocument['edges'][number],
  e: number,
  places: Members['places']
): E.Either<GraphError, ReadEdge> => {
  const path = `edges[${e}]`
  const [cause, effect] = [places.get(edge.source), places.get(edge.target)]
  if (cause === undefined) return refuse(`${path}.source`, described(edge.source), 'the key of a node')
  if (effect === undefined) return refuse(`${path}.target`, described(edge.target), 'the key of a node')
  if (edge.undirected === true) return refuse(path, 'undirected', 'directed, from cause to effect')
  if (effect.kind === 'action')
    return refuse(`${path}.target`, `the action "${edge.target}"`, 'a latent: nothing influences an action')
  if (cause.kind === 'action') return E.right({ cause, effect: effect.index, lag: 0 })
  const lag = edge.attributes?.lag ?? 1
  return Number.isInteger(lag) && (lag as number) >= 1 && (lag as number) <= MOST_LAGS
    ? E.right({ cause, effect: effect.index, lag: lag as number })
    : refuse(`${path}.attributes.lag`, described(lag), `a whole number of steps, 1..${MOST_LAGS}`)
}

/** The declared number where there is one, and what the edges need at least. */
const declaredLags = (declared: unknown, needed: number): E.Either<GraphError, number> =>
  declared === undefined
    ? E.right(needed)
    : Number.isInteger(declared) && (declared as number) >= needed && (declared as number) <= MOST_LAGS
      ? E.right(declared as number)
      : refuse(
          'attributes.lags',
          described(declared),
          `a whole number, ${needed} (as edges have) to ${MOST_LAGS}`
        )

const labelsOf = ({ latents, actions }: Members): Labels => {
  const names = (nodes: GraphologyDocument['nodes']): string[] =>
    nodes.map(({ key, attributes }) => (typeof attributes?.label === 'string' ? attributes.label : key))
  return { latents: names(latents), ...(actions.length === 0 ? {} : { actions: names(actions) }) }
}

/**
 * Reads a causal graph from graphology: an instance, or its `export()`. Nodes are latents or actions by their
 * attribute `kind` (or `kindOf`), in the order of their attribute `index` where all have one, else as they come;
 * edges go from cause to effect, between latents with the attribute `lag` (1 where absent). Parallel edges count
 * once. Labels are the attribute `label`, or the keys.
 *
 * Errors: `Unreadable` (with the path), `ShapeMismatch` (no latent).
 *
 * @example
 * graphFromGraphology(network, { kindOf: (key) => (key.startsWith('u') ? 'action' : 'latent') })
 */
export const graphFromGraphology = (
  source: GraphologySource,
  { kindOf = (_key, { kind }) => kind }: GraphologyOptions = {}
): E.Either<GraphError, LabelledGraph> => {
  const document = 'export' in source ? source.export() : source
  for (const part of ['nodes', 'edges'] as const)
    if (!Array.isArray(document[part])) return refuse(part, described(document[part]), 'an array')
  const read = readNodes(document.nodes, kindOf)
  if (E.isLeft(read)) return read
  const { latents, actions, places } = read.right
  const edges: ReadEdge[] = []
  for (const [e, edge] of document.edges.entries()) {
    const one = readEdge(edge, e, places)
    if (E.isLeft(one)) return one
    edges.push(one.right)
  }
  const lags = declaredLags(
    document.attributes?.lags,
    edges.reduce((most, { lag }) => Math.max(most, lag), 0)
  )
  if (E.isLeft(lags)) return lags
  const d = latents.length
  const gz = blank(d, lags.right * d)
  const ga = blank(d, actions.length)
  for (const { cause, effect, lag } of edges)
    if (cause.kind === 'action') setBit(ga, effect, cause.index)
    else setBit(gz, effect, (lag - 1) * d + cause.index)
  return E.right({
    graph: plainGraph({
      size: d,
      ...(lags.right > 0 ? { latents: gz } : {}),
      ...(actions.length > 0 ? { actions: ga } : {})
    }),
    labels: labelsOf(read.right)
  })
}

/**
 * Works on long vectors stretch by stretch. An optimizer that lays all parameters end to end (or updates a large one)
 * passes over them a dozen times; a stretch that fits the cache is read from memory once.
 *
 * A stretch of the carry is an input or an output of its own, a view of the entry's memory, so that nothing is copied.
 */
import { type GraphBuilder, graphBuilder, integers } from '../graph/builder.js'
import type { Graph, NamedValue, Node, Value } from '../graph/graph.js'
import { concat, reshape } from '../graph/operators.js'
import { sizeOf } from '../step-function.js'
import { canStretch, longInputs, planned } from './stretch-plan.js'

/** A view costs as much as a copy of about this many entries. */
const VIEWED = 16_384

/** A value that exists in stretches: what each holds, as vectors, in order. */
interface Stretched {
  readonly lengths: readonly number[]
  readonly vectors: readonly Value[]
}

interface Work {
  readonly g: GraphBuilder
  readonly stretched: Map<Value, Stretched>
  /** Values that nobody has put together yet. */
  readonly apart: Set<Value>
  readonly carry: ReadonlyMap<Value, NamedValue>
  readonly views: Map<string, Value>
  readonly inputs: NamedValue[]
}

const flat = (g: GraphBuilder, value: Value): Value => reshape(g, value, [sizeOf(value.shape)])

const cut = (g: GraphBuilder, vector: Value, begin: number, length: number): Value => {
  if (length === vector.shape[0]) return vector
  const bounds = [[begin], [begin + length], [0], [1]].map(integers)
  return g.node('Slice', [vector, ...bounds], vector.dtype, [length])
}

const joined = (g: GraphBuilder, vectors: readonly Value[]): Value => concat(g, vectors, 0)

/** Part of a list of vectors laid end to end. */
const within = (
  work: Work,
  parts: readonly { readonly length: number; readonly take: (begin: number, length: number) => Value }[],
  begin: number,
  length: number
): Value => {
  const found: Value[] = []
  let offset = 0
  for (const part of parts) {
    const [from, to] = [Math.max(begin, offset), Math.min(begin + length, offset + part.length)]
    if (from < to) found.push(part.take(from - offset, to - from))
    offset += part.length
  }
  return joined(work.g, found)
}

/** Entries `begin` to `begin + length − 1` of a value read row by row, from as near to its source as possible. */
const take = (work: Work, value: Value, begin: number, length: number): Value => {
  const { g } = work
  const known = work.stretched.get(value)
  if (known !== undefined) {
    const parts = known.vectors.map((vector, i) => ({
      length: known.lengths[i],
      take: (from: number, count: number) => cut(g, vector, from, count)
    }))
    return within(work, parts, begin, length)
  }
  const entry = work.carry.get(value)
  if (entry !== undefined && length >= VIEWED && length < sizeOf(value.shape)) {
    const key = `${entry.name}@${begin}:${length}`
    const view = work.views.get(key) ?? { dtype: value.dtype, shape: [length] }
    if (!work.views.has(key)) {
      work.views.set(key, view)
      work.inputs.push({ name: key, value: view, part: { of: entry.name, begin } })
    }
    return view
  }
  const producer = g.producer(value)
  if (producer?.op === 'Reshape') return take(work, producer.inputs[0], begin, length)
  if (producer?.op === 'Concat' && producer.attributes.axis === 0) {
    const parts = producer.inputs.map((input) => ({
      length: sizeOf(input.shape),
      take: (from: number, count: number) => take(work, input, from, count)
    }))
    return within(work, parts, begin, length)
  }
  return cut(g, flat(g, value), begin, length)
}

const record = (work: Work, value: Value, lengths: readonly number[], vectors: readonly Value[]): void => {
  work.stretched.set(value, { lengths, vectors })
  work.apart.add(value)
}

const computeInStretches = (work: Work, node: Node, lengths: readonly number[]): void => {
  const { g } = work
  const [output] = node.outputs
  const offsets = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, n) => sum + n, 0))
  const single = node.inputs.map((input) => (sizeOf(input.shape) === 1 ? reshape(g, input, []) : undefined))
  const vectors = lengths.map((length, i) => {
    const inputs = node.inputs.map((input, k) => single[k] ?? take(work, input, offsets[i], length))
    return g.node(node.op, inputs, output.dtype, [length], { attributes: node.attributes })
  })
  record(work, output, lengths, vectors)
}

/** A Slice of a vector, or a Reshape, of something in stretches: the stretches that it covers. */
const follow = (work: Work, node: Node): boolean => {
  const [source] = node.inputs
  const known = work.apart.has(source) ? work.stretched.get(source) : undefined
  const [output] = node.outputs
  if (known === undefined) return false
  if (node.op === 'Reshape') {
    record(work, output, known.lengths, known.vectors)
    return true
  }
  if (node.op !== 'Slice' || source.shape.length !== 1 || node.inputs[4]?.data?.[0] !== 1n) return false
  const [begin, length] = [Number(node.inputs[1].data?.[0]), output.shape[0]]
  let offset = 0
  const covered = known.lengths.flatMap((n, i) => {
    const [from, to] = [Math.max(begin, offset), Math.min(begin + length, offset + n)]
    const inside = from < to ? [{ i, from: from - offset, count: to - from }] : []
    offset += n
    return inside
  })
  const vectors = covered.map(({ i, from, count }) => cut(work.g, known.vectors[i], from, count))
  record(
    work,
    output,
    covered.map(({ count }) => count),
    vectors
  )
  return true
}

const whole = (work: Work, value: Value): void => {
  if (!work.apart.delete(value)) return
  const { vectors } = work.stretched.get(value) as Stretched
  const vector = joined(work.g, vectors)
  const shape = integers(value.shape)
  work.g.add({ op: 'Reshape', domain: '', inputs: [vector, shape], outputs: [value], attributes: {} })
}

/** How the stretches of a node are cut: as those of an input, or as planned. */
const lengthsFor = (
  work: Work,
  node: Node,
  plan: ReadonlyMap<Value, readonly number[]>
): readonly number[] | undefined =>
  longInputs(node)
    .map((input) => (work.apart.has(input) ? work.stretched.get(input)?.lengths : undefined))
    .find((lengths) => lengths !== undefined) ?? plan.get(node.outputs[0])

const outputsOf = (work: Work, graph: Graph, isNext: (name: string) => boolean): NamedValue[] => {
  const seen = new Set<Value>()
  return graph.outputs.flatMap(({ name, value }) => {
    const known = work.apart.has(value) ? work.stretched.get(value) : undefined
    const views = known !== undefined && known.vectors.length * VIEWED <= 2 * sizeOf(value.shape)
    if (known === undefined || !views || !isNext(name) || seen.has(value)) {
      whole(work, value)
      return [{ name, value }]
    }
    seen.add(value)
    let begin = 0
    return known.vectors.map((vector, i) => {
      const part = { of: name, begin }
      const found = { name: `${name}@${begin}:${known.lengths[i]}`, value: vector, part }
      begin += known.lengths[i]
      return found
    })
  })
}

/**
 * The graph with element-wise work on long vectors done in stretches. `isCarry` and `isNext` tell the inputs and
 * outputs that may be given in parts.
 */
export const workInStretches = (
  graph: Graph,
  isCarry: (name: string) => boolean,
  isNext: (name: string) => boolean
): Graph => {
  const g = graphBuilder(graph.inputs)
  const entries = graph.inputs.filter(({ name }) => isCarry(name))
  const carry = new Map(entries.map((entry) => [entry.value, entry]))
  const plan = planned(graph)
  const work: Work = { g, stretched: new Map(), apart: new Set(), carry, views: new Map(), inputs: [] }
  for (const node of graph.nodes) {
    if (node.outputs.length === 1 && follow(work, node)) continue
    const lengths = canStretch(node) ? lengthsFor(work, node, plan) : undefined
    if (lengths !== undefined) {
      computeInStretches(work, node, lengths)
      continue
    }
    for (const input of node.inputs) whole(work, input)
    g.add(node)
  }
  const outputs = outputsOf(work, graph, isNext)
  return { inputs: [...graph.inputs, ...work.inputs], nodes: g.nodes, outputs }
}

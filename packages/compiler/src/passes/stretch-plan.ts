/** How long vectors are cut into stretches. */
import { type GraphBuilder, graphBuilder } from '../graph/builder.js'
import { type Graph, type Node, sameShape, type Value } from '../graph/graph.js'
import { ELEMENTWISE } from '../graph/operators.js'
import { sizeOf } from '../step-function.js'

/** Vectors with fewer entries than this stay whole: they fit the cache as they are. */
const LONG = 65_536
/** A stretch of this many entries, four of them at a time, fits a second-level cache. */
const STRETCH = 65_536

interface Piece {
  readonly length: number
  /** Where a piece was put together from equal ones, their length: cuts are cheapest between them. */
  readonly unit: number
}

const producerOf = (g: GraphBuilder, value: Value): Node | undefined => {
  const producer = g.producer(value)
  return producer?.op === 'Reshape' ? producerOf(g, producer.inputs[0]) : producer
}

const isAssembled = (node: Node | undefined): node is Node =>
  node?.op === 'Concat' && node.attributes.axis === 0

/** What a value was put together from; undefined where that cannot be seen. */
const pieces = (g: GraphBuilder, value: Value): Piece[] | undefined => {
  const producer = producerOf(g, value)
  if (!isAssembled(producer)) return undefined
  return producer.inputs.map((input) => {
    const [length, inner] = [sizeOf(input.shape), producerOf(g, input)]
    const units = isAssembled(inner) ? inner.inputs.map(({ shape }) => sizeOf(shape)) : [length]
    return { length, unit: units.every((unit) => unit === units[0]) ? units[0] : length }
  })
}

/** Equal parts of a long piece, cut between units where a stretch holds one. */
const parted = ({ length, unit }: Piece): number[] => {
  const atUnits = unit <= STRETCH
  const [count, size] = atUnits ? [length / unit, unit] : [length, 1]
  const parts = Math.ceil(length / (atUnits ? Math.floor(STRETCH / unit) * unit : STRETCH))
  const edge = (i: number): number => Math.floor((i * count) / parts) * size
  return Array.from({ length: parts }, (_, i) => edge(i + 1) - edge(i))
}

/** Stretches for pieces laid end to end: long pieces apart, in parts, short neighbours together. */
const partition = (all: readonly Piece[]): number[] => {
  const found: number[] = []
  let gathered = 0
  const flush = (): void => {
    if (gathered > 0) found.push(gathered)
    gathered = 0
  }
  for (const piece of all) {
    if (piece.length >= LONG) {
      flush()
      found.push(...parted(piece))
      continue
    }
    if (gathered + piece.length > STRETCH) flush()
    gathered += piece.length
  }
  flush()
  return found
}

const hasVectors = ({ inputs, outputs: [output] }: Node): boolean =>
  inputs.every((input) => sizeOf(input.shape) === 1 || sameShape(input.shape, output.shape))

const isLong = ({ op, outputs }: Node): boolean =>
  ELEMENTWISE.has(op) && outputs[0].dtype === 'float32' && sizeOf(outputs[0].shape) >= LONG

export const longInputs = (node: Node): readonly Value[] =>
  node.inputs.filter((input) => sizeOf(input.shape) > 1)

export const canStretch = (node: Node): boolean =>
  isLong(node) && hasVectors(node) && node.inputs.length <= 2 && node.outputs.length === 1

/**
 * How long values are cut, before anything is: as one of them was put together, and alike wherever element-wise
 * operators connect them, whichever comes first.
 */
export const planned = (graph: Graph): ReadonlyMap<Value, readonly number[]> => {
  const plan = new Map<Value, readonly number[]>()
  const g = graphBuilder(graph.inputs)
  for (const node of graph.nodes) g.add(node)
  const nodes = graph.nodes.filter(canStretch)
  for (let changed = true; changed; ) {
    changed = false
    for (const node of nodes) {
      const values = [...longInputs(node), node.outputs[0]]
      const known = values.map((value) => plan.get(value)).find((lengths) => lengths !== undefined)
      const assembled = known ?? values.map((value) => pieces(g, value)).find((all) => all !== undefined)
      if (assembled === undefined) continue
      const lengths = known ?? partition(assembled as Piece[])
      for (const value of values.filter((each) => !plan.has(each))) {
        plan.set(value, lengths)
        changed = true
      }
    }
  }
  return plan
}

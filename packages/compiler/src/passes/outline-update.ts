/**
 * The end of a step that is element-wise: what an optimizer does to parameters and to its own state once the gradients
 * are known. Operator by operator it passes over all of them a dozen times; as one loop it reads and writes each number
 * once, in place. So it is taken out of the graph, as a list of kernels and of the places that they work on.
 */
import { entryCount } from '@mechid/values'
import { type GraphBuilder, graphBuilder } from '../graph/builder.js'
import { type Graph, type NamedValue, uniformValue, type Value } from '../graph/graph.js'
import { concat, reshape } from '../graph/operators.js'
import {
  type Kernel,
  type KernelCall,
  noUpdate,
  type Operand,
  type Operation,
  type Place,
  RESULT,
  type StepGraph
} from '../graph/update.js'
import { CARRY, NEXT } from '../trace/trace.js'
import { alignment } from './alignment.js'
import { removeDeadCode } from './dead-code.js'
import {
  type Component,
  componentsOf,
  entriesOf,
  isBroadcast,
  laidOut,
  membersOf,
  type Work
} from './element-wise-end.js'

/** Updates of fewer entries stay in the graph. */
const WORTH = 16_384

/** Results with fewer entries than this leave the graph together: an output costs more than copying them. */
const SMALL = 1024

/** A value that the graph gives, or an entry of the carry, where a kernel reads it. */
interface Leaf {
  readonly value: Value
  readonly begin: number
}

interface Plan {
  readonly kernel: Kernel
  readonly length: number
  readonly vectors: readonly Leaf[]
  readonly scalars: readonly Leaf[]
  readonly results: readonly Place[]
}

const indexOf = (leaves: Leaf[], value: Value, begin: number): number => {
  const known = leaves.findIndex((leaf) => leaf.value === value && leaf.begin === begin)
  return known >= 0 ? known : leaves.push({ value, begin }) - 1
}

/** The kernel for the entries from `start` to `end` of a component. */
const planFor = (
  { producers, places }: Work,
  outputs: readonly NamedValue[],
  start: number,
  end: number
): Plan => {
  const [vectors, scalars]: [Leaf[], Leaf[]] = [[], []]
  const steps: { op: Operation; operands: readonly Operand[] }[] = []
  const known = new Map<Value, Operand>()
  const literalOf = (value: Value): Operand | undefined => {
    const literal = uniformValue(value)
    return literal === undefined ? undefined : { literal }
  }
  /** The entry of `value`, which begins at `begin`. */
  const operand = (value: Value, begin: number): Operand => {
    const node = producers.get(value)
    if (node === undefined) return literalOf(value) ?? { vector: indexOf(vectors, value, start - begin) }
    const before = known.get(value)
    if (before !== undefined) return before
    const parts = laidOut(node)
    const part = parts?.find(
      (each) => begin + each.begin <= start && end <= begin + each.begin + entryCount(each.value.shape)
    )
    const made =
      part === undefined
        ? {
            step:
              steps.push({
                op: node.op as Operation,
                operands: node.inputs.map((input) =>
                  isBroadcast(node, input)
                    ? (literalOf(input) ?? { scalar: indexOf(scalars, input, 0) })
                    : operand(input, begin)
                )
              }) - 1
          }
        : operand(part.value, begin + part.begin)
    known.set(value, made)
    return made
  }
  const written = outputs.flatMap(({ name, value }) => {
    const { begin } = places.find(value)
    return begin <= start && end <= begin + entryCount(value.shape) ? [{ name, value, begin }] : []
  })
  const results = written.map(({ value, begin }) => operand(value, begin))
  return {
    kernel: { vectors: vectors.length, scalars: scalars.length, steps, results },
    length: end - start,
    vectors,
    scalars,
    results: written.map(({ name, begin }) => ({
      buffer: CARRY + name.slice(NEXT.length),
      begin: start - begin
    }))
  }
}

/** Where something begins or ends within a component: between two cuts all entries are treated alike. */
const cutsOf = ({ producers, places }: Work, { nodes }: Component): readonly number[] => {
  const cuts = new Set<number>()
  for (const node of nodes) {
    const { begin } = places.find(node.outputs[0])
    const parts = [{ value: node.outputs[0], begin: 0 }, ...(laidOut(node) ?? [])]
    for (const part of parts) {
      // What a slice is taken of reaches beyond it; where it is computed here, it has cuts of its own.
      if (node.op === 'Slice' && part.value === node.inputs[0] && !producers.has(part.value)) continue
      cuts.add(begin + part.begin)
      cuts.add(begin + part.begin + entryCount(part.value.shape))
    }
  }
  return [...cuts].sort((a, b) => a - b)
}

const plansFor = (work: Work, component: Component): readonly Plan[] => {
  const cuts = cutsOf(work, component)
  return cuts
    .slice(1)
    .map((end, i) => planFor(work, component.outputs, cuts[i], end))
    .filter(({ results }) => results.length > 0)
}

/**
 * Whether every number can be written where it was: what is read of an entry that is updated is read by the call that
 * writes it, at the same place.
 */
const worksInPlace = ({ carried }: Work, plans: readonly Plan[]): boolean => {
  const updated = new Set(plans.flatMap(({ results }) => results.map(({ buffer }) => buffer)))
  return plans.every(({ vectors, scalars, results }) => {
    const isUpdated = ({ value }: Leaf): boolean => updated.has(carried.get(value) ?? '')
    return (
      !scalars.some(isUpdated) &&
      vectors
        .filter(isUpdated)
        .every(({ value, begin }) =>
          results.some((place) => place.buffer === carried.get(value) && place.begin === begin)
        )
    )
  })
}

/** Names for the values that leave the graph for the update, and the outputs that bring them. */
const leavingGraph = (
  g: GraphBuilder,
  leaves: readonly Leaf[]
): { readonly outputs: readonly NamedValue[]; readonly placeOf: (leaf: Leaf) => Place } => {
  const values = [...new Set(leaves.map(({ value }) => value))]
  const places = new Map<Value, Place>()
  const outputs: NamedValue[] = []
  const give = (value: Value): string => {
    const name = `${RESULT}${outputs.length}`
    // Inputs and constants are no outputs of themselves.
    const given =
      g.producer(value) === undefined ? g.node('Identity', [value], value.dtype, value.shape) : value
    outputs.push({ name, value: given })
    return name
  }
  const small = values.filter(({ shape }) => entryCount(shape) < SMALL)
  for (const value of values) {
    if (!small.includes(value)) places.set(value, { buffer: give(value), begin: 0 })
  }
  if (small.length > 0) {
    const flat = small.map((value) => reshape(g, value, [entryCount(value.shape)]))
    const buffer = give(concat(g, flat, 0))
    let begin = 0
    for (const value of small) {
      places.set(value, { buffer, begin })
      begin += entryCount(value.shape)
    }
  }
  return {
    outputs,
    placeOf: ({ value, begin }) => {
      const place = places.get(value) as Place
      return { buffer: place.buffer, begin: place.begin + begin }
    }
  }
}

/** Plans of all components that can be taken out. A component is left where its entries are read by another one. */
const plansOf = (work: Work): readonly Plan[] => {
  let components = componentsOf(work).filter((component) => entriesOf(component) >= WORTH)
  for (;;) {
    const each = components.map((component) => plansFor(work, component))
    const reads = each.map((plans) => {
      const leaves = plans.flatMap(({ vectors, scalars }) => [...vectors, ...scalars])
      return new Set(leaves.map(({ value }) => work.carried.get(value)))
    })
    const sound = components.filter((_, i) => {
      const written = each[i].flatMap(({ results }) => results.map(({ buffer }) => buffer))
      const isReadElsewhere = reads.some((names, k) => k !== i && written.some((name) => names.has(name)))
      return worksInPlace(work, each[i]) && !isReadElsewhere
    })
    if (sound.length === components.length) return each.flat()
    components = sound
  }
}

/** Kernels of the same structure have the same; JSON alone would write infinity like NaN, and −0 like 0. */
const keyOf = (kernel: Kernel): string =>
  JSON.stringify(kernel, (_, value) =>
    typeof value === 'number' ? (Object.is(value, -0) ? '-0' : String(value)) : value
  )

/** The graph without its element-wise end, and what that is: nothing where it is not worth it. */
export const outlineUpdate = (graph: Graph): StepGraph => {
  const members = membersOf(graph)
  const producers = new Map([...members].map((node) => [node.outputs[0], node]))
  const carried = new Map(
    graph.inputs.filter(({ name }) => name.startsWith(CARRY)).map(({ name, value }) => [value, name])
  )
  const plans = plansOf({ graph, producers, places: alignment(), carried })
  if (plans.length === 0) return { graph, update: noUpdate }
  const updated = new Set(plans.flatMap(({ results }) => results.map(({ buffer }) => buffer)))
  const inPlace = (leaf: Leaf): boolean => updated.has(carried.get(leaf.value) ?? '')
  const g = graphBuilder(graph.inputs)
  for (const node of graph.nodes) g.add(node)
  const leaves = plans.flatMap(({ vectors, scalars }) => [...vectors, ...scalars])
  const { outputs, placeOf } = leavingGraph(
    g,
    leaves.filter((leaf) => !inPlace(leaf))
  )
  const place = (leaf: Leaf): Place =>
    inPlace(leaf) ? { buffer: carried.get(leaf.value) as string, begin: leaf.begin } : placeOf(leaf)
  const kernels = new Map<string, Kernel>()
  const calls = plans.map(({ kernel, length, vectors, scalars, results }): KernelCall => {
    const key = keyOf(kernel)
    const shared = kernels.get(key) ?? kernel
    kernels.set(key, shared)
    return { kernel: shared, length, vectors: vectors.map(place), scalars: scalars.map(place), results }
  })
  const kept = graph.outputs.filter(
    ({ name }) => !updated.has(CARRY + name.slice(NEXT.length)) || !name.startsWith(NEXT)
  )
  // ONNX Runtime runs no graph without outputs.
  if (kept.length + outputs.length === 0) return { graph, update: noUpdate }
  return {
    graph: removeDeadCode({ inputs: graph.inputs, nodes: g.nodes, outputs: [...kept, ...outputs] }),
    update: {
      calls,
      entries: [...updated].map((name) => name.slice(CARRY.length)),
      results: Object.fromEntries(
        outputs.map(({ name, value }) => [name.slice(RESULT.length), entryCount(value.shape)])
      )
    }
  }
}

/**
 * Parts of large inputs and outputs as inputs and outputs of their own: views of the same memory. What the graph would
 * cut out of an entry of the carry, or put together for one, is then not copied.
 */
import { entryCount } from '@mechid/values'
import { graphBuilder } from '../graph/builder.js'
import type { Graph, NamedValue, Node, Value } from '../graph/graph.js'
import { RESULT } from '../graph/update.js'
import { CARRY, NEXT } from '../trace/trace.js'
import { removeDeadCode } from './dead-code.js'

/** An input costs as much as a copy of about this many entries. */
const LEAST_INPUT = 8192

/**
 * Results leave the graph one by one even if they are short: what waits to be put together keeps all that it is computed
 * from.
 */
const LEAST_RESULT = 64

type Producers = (value: Value) => Node | undefined

/** What a value is but for its shape. */
const reshaped = (value: Value, producer: Producers): Value => {
  const node = producer(value)
  return node?.op === 'Reshape' ? reshaped(node.inputs[0], producer) : value
}

const haveEntries = (values: readonly Value[], least: number): boolean =>
  values.every(({ dtype, shape }) => dtype === 'float32' && entryCount(shape) >= least)

/** The number makes names differ where the same entries are seen in several shapes. */
const views = (values: readonly Value[], of: string, number = 0): NamedValue[] => {
  let begin = 0
  return values.map((value) => {
    const view = { name: `${of}@${begin}.${number}`, value, part: { of, begin } }
    begin += entryCount(value.shape)
    return view
  })
}

const inputsInParts = (graph: Graph): Graph => {
  const carried = new Map(graph.inputs.map(({ name, value }) => [value, name]))
  const g = graphBuilder(graph.inputs)
  const parts: NamedValue[] = []
  for (const node of graph.nodes) {
    const name =
      node.op === 'Split' && node.attributes.axis === 0 && haveEntries(node.outputs, LEAST_INPUT)
        ? carried.get(reshaped(node.inputs[0], g.producer))
        : undefined
    if (name?.startsWith(CARRY)) parts.push(...views(node.outputs, name, parts.length))
    else g.add(node)
  }
  return { ...graph, inputs: [...graph.inputs, ...parts], nodes: g.nodes }
}

const outputsInParts = (graph: Graph): Graph => {
  const g = graphBuilder()
  for (const node of graph.nodes) g.add(node)
  const outputs = graph.outputs.flatMap((output): readonly NamedValue[] => {
    const { name, value } = output
    const node = g.producer(reshaped(value, g.producer))
    const isOurs = name.startsWith(NEXT) || name.startsWith(RESULT)
    const isAssembled =
      node?.op === 'Concat' && node.attributes.axis === 0 && haveEntries(node.inputs, LEAST_RESULT)
    return isOurs && isAssembled ? views(node.inputs, name) : [output]
  })
  return { ...graph, outputs }
}

/** The graph of a step with views in place of copies. */
export const viewParts = (graph: Graph): Graph => removeDeadCode(outputsInParts(inputsInParts(graph)))

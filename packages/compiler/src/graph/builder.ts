/** Puts a graph together, node by node. */
import type { Attribute, ConstantData, Dtype, NamedValue, Node, Value } from './graph.js'

export interface NodeOptions {
  readonly domain?: Node['domain']
  readonly attributes?: Readonly<Record<string, Attribute>>
}

/** A graph in the making. */
export interface GraphBuilder {
  /** Nodes so far. */
  readonly nodes: readonly Node[]
  readonly inputs: readonly NamedValue[]
  readonly input: (name: string, dtype: Dtype, shape: readonly number[]) => Value
  /** A node with one result of the given type. */
  readonly node: (
    op: string,
    inputs: readonly Value[],
    dtype: Dtype,
    shape: readonly number[],
    options?: NodeOptions
  ) => Value
  /** Takes a node as it is. */
  readonly add: (node: Node) => void
  /** The node that a value is a result of; undefined for inputs and constants. */
  readonly producer: (value: Value) => Node | undefined
}

export const constant = (dtype: Dtype, shape: readonly number[], data: ConstantData): Value => ({
  dtype,
  shape,
  data
})

/** What ONNX takes shapes and axes as: a vector of 64-bit integers. */
export const integers = (numbers: readonly number[]): Value =>
  constant('int64', [numbers.length], BigInt64Array.from(numbers, BigInt))

/** The numbers of such a vector. */
export const integersOf = ({ data }: Value): number[] => Array.from(data as BigInt64Array, Number)

const arrayTypes = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }

/** A constant of no axes. */
export const scalar = (value: number, dtype: 'float32' | 'int32' | 'bool' = 'float32'): Value =>
  constant(dtype, [], arrayTypes[dtype].of(value))

/** An empty graph, or one that has inputs already. */
export const graphBuilder = (given: readonly NamedValue[] = []): GraphBuilder => {
  const nodes: Node[] = []
  const inputs: NamedValue[] = [...given]
  const producers = new Map<Value, Node>()
  const add = (node: Node): void => {
    nodes.push(node)
    for (const output of node.outputs) producers.set(output, node)
  }
  return {
    nodes,
    inputs,
    input: (name, dtype, shape) => {
      const value: Value = { dtype, shape }
      inputs.push({ name, value })
      return value
    },
    node: (op, from, dtype, shape, { domain = '', attributes = {} } = {}) => {
      const output: Value = { dtype, shape }
      add({ op, domain, inputs: from, outputs: [output], attributes })
      return output
    },
    add,
    producer: (value) => producers.get(value)
  }
}

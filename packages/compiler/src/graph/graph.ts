/** The graph that a trace becomes: ONNX operators over values with fixed shapes. */

/** Element types. `int64` occurs only where ONNX asks for it: shapes, axes, indices. */
export type Dtype = 'float32' | 'int32' | 'bool' | 'int64'

export type ConstantData = Float32Array | Int32Array | Uint8Array | BigInt64Array

/** One tensor of a graph, known by identity. A value with `data` is a constant. */
export interface Value {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly data?: ConstantData
}

export type Attribute = number | string | readonly number[] | { readonly float: number }

/** An ONNX operator; `domain` is '' for standard ones. */
export interface Node {
  readonly op: string
  readonly domain: '' | 'com.microsoft'
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

export interface NamedValue {
  readonly name: string
  readonly value: Value
  /** Where the value is a stretch of an input or output of this name, from its entry `begin` on. */
  readonly part?: { readonly of: string; readonly begin: number }
}

/** Nodes stand after the nodes whose results they use. */
export interface Graph {
  readonly inputs: readonly NamedValue[]
  readonly outputs: readonly NamedValue[]
  readonly nodes: readonly Node[]
}

/** Named values as a record. */
export const byName = (values: readonly NamedValue[]): Readonly<Record<string, Value>> =>
  Object.fromEntries(values.map(({ name, value }) => [name, value]))

/** How often each value is read, by nodes and as an output of the graph. */
export const useCounts = (graph: Graph): ReadonlyMap<Value, number> => {
  const counts = new Map<Value, number>()
  const count = (value: Value): void => {
    counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  for (const node of graph.nodes) node.inputs.forEach(count)
  for (const { value } of graph.outputs) count(value)
  return counts
}

/** The only number that a constant holds, if it holds one number throughout. */
export const uniformValue = ({ data }: Value): number | undefined => {
  if (data === undefined || data.length === 0) return undefined
  for (let i = 1; i < data.length; i++) if (!Object.is(data[i], data[0])) return undefined
  return Number(data[0])
}

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i])

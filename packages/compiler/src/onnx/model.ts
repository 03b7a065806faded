/** Writes a graph as an ONNX model (field numbers: onnx.proto3 of ONNX 1.12, IR version 8). */
import { integersOf } from '../graph/builder.js'
import type { Attribute, Graph, NamedValue, Node, Value } from '../graph/graph.js'
import { ELEMENT_TYPES } from '../graph/operators.js'
import { encoded, type Message, protobufMessage } from './protobuf.js'

/** The version of ONNX's operators that models are written in. */
export const OPSET = 17
const IR_VERSION = 8

/** AttributeProto.type. */
const FLOAT = 1
const INT = 2
const STRING = 3
const INTS = 7

const attributeMessage = (name: string, value: Attribute): Message => {
  const message = protobufMessage().text(1, name)
  if (typeof value === 'number') return message.integer(3, value).integer(20, INT)
  if (typeof value === 'string') return message.text(4, value).integer(20, STRING)
  if ('float' in value) return message.float(2, value.float).integer(20, FLOAT)
  for (const each of value) message.integer(8, each)
  return message.integer(20, INTS)
}

/** The length of an axis, or the name of a length that is known only when the model runs. */
export type Dimension = number | string

const typedName = ({ name, value }: NamedValue, dimensions: readonly Dimension[]): Message => {
  const shape = protobufMessage()
  for (const n of dimensions) {
    shape.message(1, typeof n === 'number' ? protobufMessage().integer(1, n) : protobufMessage().text(2, n))
  }
  const tensor = protobufMessage().integer(1, ELEMENT_TYPES[value.dtype]).message(2, shape)
  return protobufMessage().text(1, name).message(2, protobufMessage().message(1, tensor))
}

const initializer = (name: string, { dtype, shape, data }: Value): Message => {
  const array = data as NonNullable<Value['data']>
  // A view: weights are copied once, when the model is put together.
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
  return protobufMessage().integers(1, shape).integer(2, ELEMENT_TYPES[dtype]).text(8, name).bytes(9, bytes)
}

/** Names for all values: those of inputs and outputs as they are, numbers for the rest. */
interface Names {
  readonly of: (value: Value) => string
  readonly constants: ReadonlyMap<Value, string>
  /** Outputs whose values have another name already. */
  readonly copies: readonly NamedValue[]
}

const namesOf = ({ inputs, outputs }: Graph): Names => {
  const names = new Map<Value, string>(inputs.map(({ name, value }) => [value, name]))
  const copies = outputs.filter((output) => {
    if (names.has(output.value) || output.value.data !== undefined) return true
    names.set(output.value, output.name)
    return false
  })
  const constants = new Map<Value, string>()
  let count = 0
  const of = (value: Value): string => {
    const known = names.get(value)
    if (known !== undefined) return known
    const name = `${value.data === undefined ? 'v' : 'c'}.${count++}`
    names.set(value, name)
    if (value.data !== undefined) constants.set(value, name)
    return name
  }
  return { of, constants, copies }
}

/** Until opset 18 these reductions have their axes as an attribute; graphs have them as an input throughout. */
const AXES_AS_ATTRIBUTE = ['ReduceMax', 'ReduceMean', 'ReduceMin', 'ReduceProd']

const asInOpset = (node: Node): Node => {
  if (!AXES_AS_ATTRIBUTE.includes(node.op) || node.inputs.length < 2) return node
  const axes = integersOf(node.inputs[1])
  return { ...node, inputs: node.inputs.slice(0, 1), attributes: { ...node.attributes, axes } }
}

const nodeMessage = (traced: Node, names: Names): Message => {
  const node = asInOpset(traced)
  const message = protobufMessage()
  for (const input of node.inputs) message.text(1, names.of(input))
  for (const output of node.outputs) message.text(2, names.of(output))
  message.text(4, node.op)
  for (const [name, value] of Object.entries(node.attributes))
    message.message(5, attributeMessage(name, value))
  return node.domain === '' ? message : message.text(7, node.domain)
}

const opset = (domain: string, version: number): Message =>
  protobufMessage().text(1, domain).integer(2, version)

/** What a model says of itself. */
export interface ModelOptions {
  readonly name?: string
  readonly description?: string
  /** Shapes of inputs and outputs where they are not those of the graph. */
  readonly shapes?: ReadonlyMap<string, readonly Dimension[]>
  readonly metadata?: Readonly<Record<string, string>>
}

const graphMessage = (graph: Graph, { name = 'mechid', shapes = new Map() }: ModelOptions): Message => {
  const names = namesOf(graph)
  const body = protobufMessage()
  for (const node of graph.nodes) body.message(1, nodeMessage(node, names))
  for (const { name: copy, value } of names.copies) {
    body.message(1, protobufMessage().text(1, names.of(value)).text(2, copy).text(4, 'Identity'))
  }
  body.text(2, name)
  for (const [value, constantName] of names.constants) body.message(5, initializer(constantName, value))
  const dimensions = ({ name: of, value }: NamedValue): readonly Dimension[] => shapes.get(of) ?? value.shape
  for (const input of graph.inputs) body.message(11, typedName(input, dimensions(input)))
  for (const output of graph.outputs) body.message(12, typedName(output, dimensions(output)))
  return body
}

/**
 * The model, in pieces. Inputs and outputs have the graph's names. An output that is an input, a constant or another
 * output too gets an Identity of its own, since a value has one name only in ONNX.
 */
export const modelMessage = (graph: Graph, options: ModelOptions = {}): Message => {
  const model = protobufMessage().integer(1, IR_VERSION).text(2, 'mechid')
  if (options.description !== undefined) model.text(6, options.description)
  model.message(7, graphMessage(graph, options)).message(8, opset('', OPSET))
  if (graph.nodes.some(({ domain }) => domain !== '')) model.message(8, opset('com.microsoft', 1))
  for (const [key, value] of Object.entries(options.metadata ?? {}))
    model.message(14, protobufMessage().text(1, key).text(2, value))
  return model
}

/** The model's bytes. */
export const onnxModel = (graph: Graph, options: ModelOptions = {}): Uint8Array =>
  encoded(modelMessage(graph, options))

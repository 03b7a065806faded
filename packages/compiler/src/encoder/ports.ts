/** What a model asks for and gives, and which of it are observations and codes. */
import { type InvalidOption, invalidOption, shapeMismatch, unknownName } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { InferenceSession } from 'onnxruntime-node'
import { type CompilerError, wrongDtype } from '../errors.js'
import { type ElementType, elementTypes, isElementType } from './element-types.js'

/** An input or output of a model. */
export interface ModelPort {
  readonly name: string
  /** ONNX's element type, such as `float32`. */
  readonly dtype: string
  /** Lengths of its axes; an open one has a name, or an empty text. Empty: the model does not say. */
  readonly shape: ReadonlyArray<number | string>
}

/** A port whose numbers are read or written here. */
export interface NumericPort extends ModelPort {
  readonly dtype: ElementType
}

type Metadata = InferenceSession['inputMetadata'][number]

const portOf = (metadata: Metadata): ModelPort =>
  metadata.isTensor
    ? {
        name: metadata.name,
        dtype: metadata.type,
        // An axis without length or name is −1.
        shape: metadata.shape.map((length) => (typeof length === 'number' && length < 0 ? '' : length))
      }
    : { name: metadata.name, dtype: 'no tensor', shape: [] }

export const inputsOf = ({ inputMetadata }: InferenceSession): readonly ModelPort[] =>
  inputMetadata.map(portOf)

export const outputsOf = ({ outputMetadata }: InferenceSession): readonly ModelPort[] =>
  outputMetadata.map(portOf)

/** Such as `x float32 [batch, 20]`. */
export const shownPort = ({ name, dtype, shape }: ModelPort): string =>
  `${name} ${dtype} [${shape.map((length) => (length === '' ? '?' : length)).join(', ')}]`

const shownPorts = (ports: readonly ModelPort[]): string => ports.map(shownPort).join('; ')

const several = (
  where: string,
  option: 'input' | 'output',
  ports: readonly ModelPort[],
  role: string
): InvalidOption =>
  invalidOption(where, option, 'left out', `the name of the one with the ${role}, of ${shownPorts(ports)}`)

/**
 * The port that holds `role`: the one called `name`, or the only one. Errors: `UnknownName`, `InvalidOption` where there are
 * several and none is named, `WrongDtype`.
 */
export const chosenPort = (
  where: string,
  option: 'input' | 'output',
  ports: readonly ModelPort[],
  name: string | undefined,
  role: string
): E.Either<CompilerError, NumericPort> => {
  if (name === undefined && ports.length !== 1) return E.left(several(where, option, ports, role))
  const port = name === undefined ? ports[0] : ports.find((one) => one.name === name)
  if (port === undefined) {
    return E.left(
      unknownName(
        `${where}: ${option}s`,
        name ?? '',
        ports.map((one) => one.name)
      )
    )
  }
  return numeric(where, option, port)
}

/** A port whose numbers can be read and written. Error: `WrongDtype`. */
export const numeric = (
  where: string,
  option: 'input' | 'output',
  port: ModelPort
): E.Either<CompilerError, NumericPort> => {
  const { dtype } = port
  return isElementType(dtype)
    ? E.right({ ...port, dtype })
    : E.left(wrongDtype(where, `${option} ${port.name}`, dtype, `one of ${elementTypes.join(', ')}`))
}

/** Rows that a model takes at a time, where its inputs fix that. Error: `ShapeMismatch` where they fix several numbers. */
export const fixedBatch = (
  where: string,
  inputs: readonly ModelPort[]
): E.Either<CompilerError, number | undefined> => {
  const lengths = new Set(inputs.flatMap(({ shape: [first] }) => (typeof first === 'number' ? [first] : [])))
  const [batch] = lengths
  if (lengths.size > 1 || batch === 0) {
    const expected = 'one number of rows, of 1 or more'
    return E.left(shapeMismatch(where, 'the first axis of its inputs', [...lengths].join(' and '), expected))
  }
  return E.right(batch)
}

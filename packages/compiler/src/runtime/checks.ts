/** What is fed must be what was promised. */
import * as E from 'fp-ts/lib/Either.js'
import type { CompilerError } from '../errors.js'
import { sameShape } from '../graph/graph.js'
import {
  dtypeOf,
  type HostTensor,
  type HostTensors,
  sizeOf,
  type TensorSpec,
  type TensorSpecs
} from '../step-function.js'

const shown = (shape: readonly number[]): string => `[${shape.join(', ')}]`

/** Why an array does not fit a specification; undefined where it does. */
export const misfit = (
  where: string,
  actual: HostTensor,
  spec: TensorSpec | HostTensor
): CompilerError | undefined => {
  const isArray = actual?.data instanceof Float32Array || actual?.data instanceof Int32Array
  const dtype = isArray ? dtypeOf(actual) : ((actual?.data as unknown)?.constructor?.name ?? 'absent')
  if (dtype !== dtypeOf(spec)) return { _tag: 'WrongDtype', where, expected: dtypeOf(spec), actual: dtype }
  if (!sameShape(actual.shape, spec.shape)) {
    return { _tag: 'ShapeMismatch', where, expected: shown(spec.shape), actual: shown(actual.shape) }
  }
  if (actual.data.length === sizeOf(spec.shape)) return undefined
  const entries = `${actual.data.length} entries`
  return {
    _tag: 'ShapeMismatch',
    where,
    expected: `${shown(spec.shape)}, ${sizeOf(spec.shape)} entries`,
    actual: entries
  }
}

/** Why feeds do not fit their specifications. */
export const feedsMisfit = (feeds: HostTensors, specs: TensorSpecs): CompilerError | undefined => {
  for (const name in specs) {
    const feed = feeds[name]
    if (feed === undefined) return { _tag: 'MissingFeed', name, expected: Object.keys(specs) }
    const wrong = misfit(`feed ${name}`, feed, specs[name])
    if (wrong !== undefined) return wrong
  }
  for (const name in feeds) {
    if (specs[name] === undefined) return { _tag: 'UnknownFeed', name, expected: Object.keys(specs) }
  }
  return undefined
}

/** Every entry of a carry must be finite. */
export const nonFinite = (carry: HostTensors): CompilerError | undefined => {
  for (const [name, { data }] of Object.entries(carry)) {
    const index = data.findIndex((value: number) => !Number.isFinite(value))
    if (index >= 0) return { _tag: 'NonFiniteCarry', name, index, value: data[index] }
  }
  return undefined
}

/** The first carry as it is, if a session can start from it. */
export const checkCarry = (carry: HostTensors): E.Either<CompilerError, HostTensors> => {
  for (const [name, tensor] of Object.entries(carry)) {
    const wrong = misfit(`carry ${name}`, tensor, { ...tensor, data: tensor.data })
    if (wrong !== undefined) return E.left(wrong)
  }
  const wrong = nonFinite(carry)
  return wrong === undefined ? E.right(carry) : E.left(wrong)
}

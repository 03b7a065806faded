/** What is fed must be what was promised. */
import type { HostTensor, HostTensors } from '@mechid/engine'
import {
  checkFinite,
  entryCount,
  type NotFinite,
  type ShapeMismatch,
  shapeMismatch,
  showShape,
  unknownName
} from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type CompilerError, missingFeed, type WrongDtype, wrongDtype } from '../errors.js'
import { sameShape } from '../graph/graph.js'
import { dtypeOf, type TensorSpec, type TensorSpecs } from '../step-function.js'

/** Why the array `name` does not fit its specification; undefined where it does. */
export const misfit = (
  where: string,
  name: string,
  actual: HostTensor,
  spec: TensorSpec | HostTensor
): ShapeMismatch | WrongDtype | undefined => {
  const isArray = actual?.data instanceof Float32Array || actual?.data instanceof Int32Array
  const dtype = isArray ? dtypeOf(actual) : ((actual?.data as unknown)?.constructor?.name ?? 'absent')
  if (dtype !== dtypeOf(spec)) return wrongDtype(where, name, dtype, dtypeOf(spec))
  if (!sameShape(actual.shape, spec.shape)) {
    return shapeMismatch(where, name, showShape(actual.shape), showShape(spec.shape))
  }
  const needed = entryCount(spec.shape)
  if (actual.data.length === needed) return undefined
  const expected = `${needed} for shape ${showShape(spec.shape)}`
  return shapeMismatch(where, name, `${actual.data.length} numbers`, expected)
}

const FEEDS = 'feeds'

/** Why feeds do not fit their specifications. */
export const feedsMisfit = (feeds: HostTensors, specs: TensorSpecs): CompilerError | undefined => {
  for (const name in specs) {
    const feed = feeds[name]
    if (feed === undefined) return missingFeed(FEEDS, name, Object.keys(specs))
    const wrong = misfit(FEEDS, name, feed, specs[name])
    if (wrong !== undefined) return wrong
  }
  for (const name in feeds) {
    if (specs[name] === undefined) return unknownName(FEEDS, name, Object.keys(specs))
  }
  return undefined
}

const CARRY = 'carry'

/** Every entry of a carry must be finite; whole numbers are. */
const notFiniteEntry = (name: string, { data, shape }: HostTensor): NotFinite | undefined => {
  if (data instanceof Int32Array) return undefined
  const checked = checkFinite(CARRY, name, { data, shape })
  return E.isLeft(checked) ? checked.left : undefined
}

/** The first carry as it is, if a session can start from it. */
export const checkCarry = (carry: HostTensors): E.Either<CompilerError, HostTensors> => {
  const entries = Object.entries(carry)
  for (const [name, tensor] of entries) {
    const wrong = misfit(CARRY, name, tensor, tensor)
    if (wrong !== undefined) return E.left(wrong)
  }
  for (const [name, tensor] of entries) {
    const wrong = notFiniteEntry(name, tensor)
    if (wrong !== undefined) return E.left(wrong)
  }
  return E.right(carry)
}

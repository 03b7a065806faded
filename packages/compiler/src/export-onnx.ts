/** Functions of tensors as ONNX models, for every runtime that reads them. */
import { randomUUID } from 'node:crypto'
import { open, rename, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type InvalidOption, invalidOption, notWritable, type TooLarge, tooLarge } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CompilerError } from './errors.js'
import type { Graph } from './graph/graph.js'
import { TRACED_SIZES, withBatchAxis } from './onnx/dynamic-batch.js'
import { type ModelOptions, modelMessage, OPSET } from './onnx/model.js'
import { encoded, type Message } from './onnx/protobuf.js'
import { optimizeStandard } from './passes/optimize.js'
import { dtypeOf, type TensorFunction, type TensorSpecs } from './step-function.js'
import { traceFunction } from './trace/trace.js'

/** What to export, and what the model says of itself. */
export interface ExportOptions {
  /** The graph's name. Default `mechid`. */
  readonly name?: string
  /** What the model does, for people: ONNX's doc string. */
  readonly description?: string
  /** Further facts by name, kept in the model's metadata. */
  readonly metadata?: Readonly<Record<string, string>>
  /**
   * Inputs whose first axis is the batch: that axis is left open, by the name `batch`, and the length that the
   * signature gives it does not count. The function is traced at two batch sizes and refused if it is not the same
   * computation for both.
   */
  readonly batch?: readonly string[]
}

/** Larger messages cannot be read by Protocol Buffers. */
const LARGEST_MODEL = 2 ** 31 - 1

const traced = (where: string, f: TensorFunction, inputs: TensorSpecs): E.Either<CompilerError, Graph> =>
  E.map(optimizeStandard)(traceFunction(where, f, inputs))

/** The signature with another batch size. */
const atSize = (inputs: TensorSpecs, batch: readonly string[], size: number): TensorSpecs =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, spec]) => [
      name,
      { shape: batch.includes(name) ? [size, ...spec.shape.slice(1)] : spec.shape, dtype: dtypeOf(spec) }
    ])
  )

const unknownInput = (
  where: string,
  inputs: TensorSpecs,
  batch: readonly string[]
): InvalidOption | undefined => {
  const stranger = batch.find((name) => inputs[name] === undefined || inputs[name].shape.length === 0)
  if (stranger === undefined) return undefined
  const expected = `inputs with axes, of ${Object.keys(inputs).join(', ')}`
  return invalidOption(where, 'batch', stranger, expected)
}

const tooLargeModel = (where: string, model: Message): TooLarge =>
  tooLarge(where, "the model's size in bytes", model.size(), LARGEST_MODEL, 'pass large parameters as inputs')

const modelOf = (
  where: string,
  f: TensorFunction,
  inputs: TensorSpecs,
  { batch = [], ...options }: ExportOptions
): E.Either<CompilerError, Message> => {
  const about: ModelOptions = { ...options }
  const built: E.Either<CompilerError, Message> =
    batch.length === 0
      ? E.map((graph: Graph) => modelMessage(graph, about))(traced(where, f, inputs))
      : pipe(
          E.Do,
          E.bind('one', () => traced(where, f, atSize(inputs, batch, TRACED_SIZES[0]))),
          E.bind('two', () => traced(where, f, atSize(inputs, batch, TRACED_SIZES[1]))),
          E.chain(({ one, two }) => withBatchAxis(where, one, two, 'batch')),
          E.map(({ graph, shapes }) => modelMessage(graph, { ...about, shapes }))
        )
  const wrong = unknownInput(where, inputs, batch)
  if (wrong !== undefined) return E.left(wrong)
  return E.filterOrElse(
    (model: Message) => model.size() <= LARGEST_MODEL,
    (model): CompilerError => tooLargeModel(where, model)
  )(built)
}

/** The version of ONNX's standard operators in exported models; there are no others in them. */
export const onnxOpset = OPSET

/**
 * A pure function of tensors, such as a trained encoder or decoder, as the bytes of an ONNX model: opset
 * {@link onnxOpset}, IR version 8, standard operators only. Inputs and outputs have the function's names. Tensors that
 * the function uses from outside, such as its weights, are folded in; pass them as inputs to keep them apart.
 *
 * When to use it: to hand a network to another program or language. `compileFunction` runs it here.
 *
 * Errors: `UnsupportedKernel`, `UnsupportedAttribute`, `ValueRead`, `TraceFailed`, `DefinitionThrew`; `BatchDependent`,
 * `InvalidOption` of `batch`; `TooLarge`.
 *
 * @example
 * const model = exportOnnx(({ x }) => ({ z: tf.matMul(x, w) }), { x: { shape: [1, 20] } }, { batch: ['x'] })
 */
export const exportOnnx = (
  f: TensorFunction,
  inputs: TensorSpecs,
  options: ExportOptions = {}
): E.Either<CompilerError, Uint8Array> => E.map(encoded)(modelOf('exportOnnx', f, inputs, options))

const BLOCK = 65_536

/** Small chunks put together, large ones as they are. */
function* blocksOf(chunks: readonly Uint8Array[]): Generator<Uint8Array> {
  let waiting: Uint8Array[] = []
  let size = 0
  for (const chunk of chunks) {
    if (size + chunk.length > BLOCK) {
      yield Buffer.concat(waiting)
      waiting = []
      size = 0
    }
    if (chunk.length > BLOCK) yield chunk
    else {
      waiting.push(chunk)
      size += chunk.length
    }
  }
  yield Buffer.concat(waiting)
}

const writeChunks = async (path: string, { chunks }: Message): Promise<void> => {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`)
  const handle = await open(temporary, 'wx')
  try {
    for (const block of blocksOf(chunks)) await handle.writeFile(block)
    await handle.sync()
    await handle.close()
    await rename(temporary, path)
  } catch (thrown) {
    await handle.close().catch(() => undefined)
    await unlink(temporary).catch(() => undefined)
    throw thrown
  }
}

/**
 * Writes what {@link exportOnnx} answers to a file: whole, or not at all. Weights go to the disk as they are, without a
 * second copy in memory.
 *
 * Errors: those of {@link exportOnnx}, and `NotWritable`.
 */
export const writeOnnx = (
  path: string,
  f: TensorFunction,
  inputs: TensorSpecs,
  options: ExportOptions = {}
): TE.TaskEither<CompilerError, void> =>
  pipe(
    TE.fromEither(modelOf('writeOnnx', f, inputs, options)),
    TE.chain((model) =>
      TE.tryCatch(
        () => writeChunks(path, model),
        (thrown): CompilerError => notWritable(path, thrown)
      )
    )
  )

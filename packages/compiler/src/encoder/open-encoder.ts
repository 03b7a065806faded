/** Encoders that were trained elsewhere, from their ONNX files. */
import { availableParallelism } from 'node:os'
import {
  checkFinite,
  checkShape,
  entryCount,
  invalidOption,
  type RealArray,
  type Reals,
  type Samples,
  shapeMismatch,
  unknownName
} from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type CompilerError, disposed, missingFeed, unsteadyCodes, wrongDtype } from '../errors.js'
import { checkOptions, type RuntimeOptions } from '../runtime/onnx-runtime.js'
import { firstNoByte } from './element-types.js'
import { layoutFor } from './layout.js'
import { type LoadedModel, loadModelFile } from './model-file.js'
import {
  chosenPort,
  fixedBatch,
  inputsOf,
  type ModelPort,
  type NumericPort,
  numeric,
  outputsOf
} from './ports.js'
import { type Block, type RowsFor, runAll, runAlone, runOver } from './row-runs.js'

/** Which parts of a model are used, and how it runs. */
export interface OnnxEncoderOptions extends RuntimeOptions {
  /** The input of the observations; may be left out where there is one input. */
  readonly input?: string
  /** The output with the codes, such as the mean of a posterior; may be left out where there is one output. */
  readonly output?: string
  /** Rows of a run, for a model that says that it takes any number and does not; the last run is filled up. */
  readonly batch?: number
}

/** An encoder from an ONNX file. */
export interface OnnxEncoder {
  /** Everything that the model asks for and gives. */
  readonly inputs: readonly ModelPort[]
  readonly outputs: readonly ModelPort[]
  readonly input: ModelPort
  readonly output: ModelPort
  /**
   * The codes [rows, d] of observations: [rows, features], or frames [rows, height, width, channels], which a model that takes
   * channels first gets so. `beside`: rows of the model's other inputs by name, such as actions [rows, k]. An output with
   * more axes is flattened.
   *
   * Errors: `ShapeMismatch` (rows of another size than the model takes; an output without a row for each), `NotFinite` (also of
   * codes), `MissingFeed` and `UnknownName` (other inputs), `WrongDtype` (numbers that are no bytes where the model takes bytes),
   * `UnsteadyCodes` (found at the first call), `RuntimeFailed`, `Disposed`.
   */
  readonly encode: (
    observations: RealArray,
    beside?: Readonly<Record<string, RealArray>>
  ) => Promise<E.Either<CompilerError, Samples>>
  /** Gives the session back. */
  readonly dispose: () => void
}

/** Numbers that go into a run at most, and rows. */
const [MOST_NUMBERS, MOST_ROWS] = [2 ** 20, 1024]

/** How much codes of one row may differ, over the largest code: rounding, which depends on the number of rows. */
const tolerance = ({ dtype }: NumericPort): number => (dtype === 'float16' ? 2e-2 : 1e-3)

const checkRows = (where: string, what: string, array: RealArray): E.Either<CompilerError, RealArray> =>
  pipe(
    checkShape(where, what, array, [2, 4]),
    E.flatMap((sound): E.Either<CompilerError, RealArray> => checkFinite(where, what, sound))
  )

const checkBytes = (
  where: string,
  what: string,
  port: NumericPort,
  rows: RealArray
): E.Either<CompilerError, RealArray> => {
  const at = port.dtype === 'uint8' ? firstNoByte(rows.data) : -1
  if (at < 0) return E.right(rows)
  const expected = `bytes, whole numbers from 0 to 255, as the model's input ${port.name} has`
  return E.left(wrongDtype(where, what, `numbers such as ${rows.data[at]}`, expected))
}

const rowsFor = (
  where: string,
  what: string,
  port: NumericPort,
  array: RealArray
): E.Either<CompilerError, RowsFor> =>
  pipe(
    checkRows(where, what, array),
    E.flatMap((rows) => checkBytes(where, what, port, rows)),
    E.flatMap(
      (rows): E.Either<CompilerError, RowsFor> =>
        E.map((layout: RowsFor['layout']): RowsFor => ({ port, layout, rows }))(
          layoutFor(where, what, port, rows.shape)
        )
    )
  )

/** Rows of the model's other inputs. */
const othersFor = (
  where: string,
  others: readonly NumericPort[],
  beside: Readonly<Record<string, RealArray>>,
  rows: number
): E.Either<CompilerError, readonly RowsFor[]> => {
  const names = others.map(({ name }) => name)
  const stranger = Object.keys(beside).find((name) => !names.includes(name))
  if (stranger !== undefined) return E.left(unknownName(`${where}: other inputs`, stranger, names))
  const found: RowsFor[] = []
  for (const port of others) {
    const array = beside[port.name]
    if (array === undefined) return E.left(missingFeed(where, port.name, names))
    const one = rowsFor(where, `input ${port.name}`, port, array)
    if (E.isLeft(one)) return one
    const [count] = array.shape
    if (count !== rows) {
      return E.left(
        shapeMismatch(where, `input ${port.name}`, `${count} rows`, `${rows}, as the observations have`)
      )
    }
    found.push(one.right)
  }
  return E.right(found)
}

/** Why the first row's codes differ from those that it has alone; undefined where they do not. */
const unsteady = (
  where: string,
  output: NumericPort,
  { data: together, width }: Block,
  { data: alone }: Block
): CompilerError | undefined => {
  let largest = 0
  for (const value of together) largest = Math.max(largest, Math.abs(value))
  const least = tolerance(output) * largest
  for (let j = 0; j < width; j++) {
    if (Math.abs(together[j] - alone[j]) > least)
      return unsteadyCodes(where, output.name, [together[j], alone[j]])
  }
  return undefined
}

/** What of a model is used. */
interface Chosen {
  readonly input: NumericPort
  readonly output: NumericPort
  readonly others: readonly NumericPort[]
  /** Rows of each run, where the model or the user fixes that. */
  readonly fixed: number | undefined
}

const encoderOver = (
  path: string,
  model: LoadedModel,
  { input, output, others, fixed }: Chosen
): OnnxEncoder => {
  let [live, steady] = [true, false]
  const { session } = model
  const encode = async (rows: readonly RowsFor[]): Promise<E.Either<CompilerError, Samples>> => {
    const run = runOver(path, model, rows, output)
    const [{ rows: observations }] = rows
    const [count] = observations.shape
    const width = entryCount(observations.shape.slice(1))
    const size = fixed ?? Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_NUMBERS / width)))
    const codes = await runAll(run, count, size, fixed)
    if (E.isLeft(codes)) return codes
    if (!steady) {
      const alone = await runAlone(run, 0, fixed)
      if (E.isLeft(alone)) return alone
      const wrong = unsteady(path, output, codes.right, alone.right)
      if (wrong !== undefined) return E.left(wrong)
      steady = true
    }
    const { data, width: d } = codes.right
    return checkFinite<Samples<Reals>>(path, `output ${output.name}`, { data, shape: [count, d] })
  }
  return {
    inputs: inputsOf(session),
    outputs: outputsOf(session),
    input,
    output,
    encode: async (observations, beside = {}) => {
      if (!live) return E.left(disposed('encode'))
      const rows = pipe(
        rowsFor(path, 'the observations', input, observations),
        E.flatMap((one) =>
          E.map((more: readonly RowsFor[]) => [one, ...more])(
            othersFor(path, others, beside, observations.shape[0])
          )
        )
      )
      return E.isLeft(rows) ? rows : encode(rows.right)
    },
    dispose: () => {
      if (!live) return
      live = false
      void session.release()
    }
  }
}

const choose = (
  path: string,
  { session }: LoadedModel,
  { input, output, batch }: OnnxEncoderOptions
): E.Either<CompilerError, Chosen> =>
  pipe(
    E.Do,
    E.bind('input', () => chosenPort(path, 'input', inputsOf(session), input, 'observations')),
    E.bind('output', () => chosenPort(path, 'output', outputsOf(session), output, 'codes')),
    E.bind('others', (chosen) =>
      E.traverseArray((port: ModelPort) => numeric(path, 'input', port))(
        inputsOf(session).filter(({ name }) => name !== chosen.input.name)
      )
    ),
    E.bind('own', () => fixedBatch(path, inputsOf(session))),
    E.flatMap(
      ({ own, ...chosen }): E.Either<CompilerError, Chosen> =>
        own !== undefined && batch !== undefined && own !== batch
          ? E.left(invalidOption(path, 'batch', batch, `${own}, as the model takes`))
          : E.right({ ...chosen, fixed: own ?? batch })
    )
  )

/**
 * Opens an encoder that was trained elsewhere, such as by PyTorch, from its ONNX file. Weights that were saved beside the
 * model (`encoder.onnx.data`) are found there. Observations may be float32, float64, float16 or, as they are, bytes (uint8); codes
 * any of these but bytes. A model that takes a fixed number of rows gets so many, the last ones filled up.
 *
 * When to use it: to unmix and judge the representation of an encoder of your own. `encodeRows` of `@mechid/estimator` runs
 * models that were trained here.
 *
 * Errors: `ModelUnreadable` (no ONNX file, an operator that ONNX Runtime does not have, weights that are missing),
 * `UnknownName`, `InvalidOption` (also: several inputs or outputs and none named), `WrongDtype`, `ShapeMismatch`,
 * `ProviderUnavailable`.
 *
 * @example
 * const encoder = await openEncoder('encoder.onnx', { output: 'mean' })()
 */
export const openEncoder = (
  path: string,
  options: OnnxEncoderOptions = {}
): TE.TaskEither<CompilerError, OnnxEncoder> => {
  const { batch, provider, threads = availableParallelism() } = options
  if (batch !== undefined && !(Number.isInteger(batch) && batch >= 1)) {
    return TE.left(invalidOption('openEncoder', 'batch', batch, 'a whole number from 1 on'))
  }
  return pipe(
    TE.fromEither(checkOptions('openEncoder', { ...(provider === undefined ? {} : { provider }), threads })),
    TE.flatMap(({ provider: checked }) => loadModelFile(path, { provider: checked, threads })),
    TE.flatMap((model) =>
      pipe(
        TE.fromEither(choose(path, model, options)),
        TE.map((chosen) => encoderOver(path, model, chosen)),
        TE.tapError(() => {
          void model.session.release()
          return TE.right(undefined)
        })
      )
    )
  )
}

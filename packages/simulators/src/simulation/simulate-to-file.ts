/** Simulates more rows than memory holds, straight into an archive. */
import { type NpzWriter, npzWriter, type RowLayout } from '@mechid/files'
import { causalGraph } from '@mechid/mechanisms'
import { aborted, type CausalGraph, invalidOption, type Standardization } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { linePasses } from '../data-set/lines.js'
import { divided, fromMoments, unchanged } from '../data-set/standardization.js'
import type { SimulatorError } from '../errors.js'
import { pause } from './internal/pause.js'
import { BLOCK_ROWS, finisher, type RowBlock, rowSimulator, thrownBy } from './internal/row-simulator.js'
import { checkOptions, framesOf, type SimulationOptions, shapesOf } from './simulate.js'

/** What a listener is told after each block of rows. */
export interface SimulationProgress {
  /** All rows are simulated; then two passes standardize the observations; then the archive is written. */
  readonly phase: 'simulating' | 'standardizing' | 'writing'
  /** Rows done in this phase. */
  readonly done: number
  /** Rows of this phase in all. */
  readonly rows: number
}

export interface FileSimulationOptions extends SimulationOptions {
  readonly onProgress?: (progress: SimulationProgress) => void
  /** Aborting ends the simulation with `Aborted` and leaves no file. */
  readonly signal?: AbortSignal
}

export interface FileSimulation {
  readonly rows: number
  /** What was done to the features; mean 0 and scale 1 if they were not standardized. */
  readonly standardization: Standardization
  /** The kernel's causal graph, read off its definition. */
  readonly graph: CausalGraph
}

type Outcome<A> = E.Either<SimulatorError, A>

const WHERE = 'simulateToFile'

interface Run {
  readonly options: FileSimulationOptions
  readonly writer: NpzWriter
}

const emptyBlock = ({ kernel, mixing }: SimulationOptions, frames: number): RowBlock => ({
  x: new Float32Array(BLOCK_ROWS * frames * mixing.features),
  z: new Float32Array(BLOCK_ROWS * frames * kernel.latents),
  a: new Float32Array(BLOCK_ROWS * frames * kernel.actions)
})

/** Appends all rows as they come from the mixing; answers the mean of their observations. */
const simulateRows = async ({ options, writer }: Run): Promise<Outcome<Float64Array>> => {
  const { kernel, mixing, rows, seed, onProgress } = options
  const frames = framesOf(options)
  const fill = rowSimulator({ kernel, mixing, frames, seed })
  const block = emptyBlock(options, frames)
  const { addSums } = linePasses()
  const sums = new Float64Array(mixing.features)
  for (let start = 0; start < rows; start += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, rows - start)
    const thrown = thrownBy(WHERE, start, count, () => fill(count, block))
    if (thrown !== undefined) return E.left(thrown)
    for (const name of arraysOf(options)) {
      const numbers = block[name].subarray(0, (block[name].length / BLOCK_ROWS) * count)
      if (name === 'x') addSums(numbers, 0, numbers.length, sums)
      const appended = await writer.append(name, numbers)()
      if (E.isLeft(appended)) return appended
    }
    onProgress?.({ phase: 'simulating', done: start + count, rows })
    await pause()
  }
  return E.right(divided(sums, rows * frames))
}

/** Pass `pass` of two over the observations that the writer holds. */
const revise = (
  { options, writer }: Run,
  pass: 0 | 1,
  change: (x: Float32Array) => boolean
): Promise<Outcome<void>> => {
  const { rows, mixing, onProgress } = options
  const rowSize = framesOf(options) * mixing.features
  return writer.revise('x', (block, first) => {
    const changed = change(block as Float32Array)
    const done = pass * rows + first + block.length / rowSize
    onProgress?.({ phase: 'standardizing', done, rows: 2 * rows })
    return changed
  })()
}

/** The sums of `standardizationOf`, in its order: the very same numbers. */
const varianceOf = async (run: Run, mean: Float64Array): Promise<Outcome<Float64Array>> => {
  const accumulate = linePasses().addSquares(mean)
  const sums = new Float64Array(mean.length)
  const passed = await revise(run, 0, (x) => {
    accumulate(x, 0, x.length, sums)
    return false
  })
  return E.map(() => divided(sums, run.options.rows * framesOf(run.options)))(passed)
}

const simulateInto = async (run: Run): Promise<Outcome<FileSimulation>> => {
  const { kernel, mixing, rows, seed, standardized = true, observationNoise = 0.01, onProgress } = run.options
  const mean = await simulateRows(run)
  if (E.isLeft(mean)) return mean
  const variance = standardized ? await varianceOf(run, mean.right) : E.right(undefined)
  if (E.isLeft(variance)) return variance
  const standardization =
    variance.right === undefined ? unchanged(mixing.features) : fromMoments(mean.right, variance.right)
  const finish = finisher(standardization, observationNoise, seed)
  const finished = await revise(run, 1, (x) => {
    finish(x)
    return true
  })
  if (E.isLeft(finished)) return finished
  onProgress?.({ phase: 'writing', done: 0, rows })
  const committed = await run.writer.commit()
  if (E.isRight(committed)) onProgress?.({ phase: 'writing', done: rows, rows })
  return E.map(() => ({ rows, standardization, graph: causalGraph(kernel) }))(committed)
}

const arraysOf = ({ kernel }: SimulationOptions): ReadonlyArray<keyof RowBlock> =>
  kernel.actions > 0 ? ['x', 'z', 'a'] : ['x', 'z']

const layoutsOf = (options: SimulationOptions): Readonly<Record<string, RowLayout>> => {
  const shapes = shapesOf(options)
  const layout = (name: keyof RowBlock): RowLayout => ({ dtype: 'float32', rowShape: shapes[name].slice(1) })
  return Object.fromEntries(arraysOf(options).map((name) => [name, layout(name)]))
}

/**
 * Simulates into an .npz archive with the arrays `x`, `z` and, if there are actions, `a`: bit for bit those of `simulate` with
 * the same options, in memory that does not grow with the rows. Until the end the arrays lie in temporary files without a
 * name; then the archive appears, whole or not at all.
 *
 * When to use it: for more rows than memory holds. `openDataSet` and `fileSource` then train from the file.
 *
 * Errors: `InvalidOption`, those of writing files, `Aborted`; `DefinitionThrew`, with the rows, where the kernel or the mixing
 * throws.
 *
 * @example
 * await simulateToFile('data.npz', { kernel, mixing, rows: 100_000_000, seed: 1 })()
 */
export const simulateToFile =
  (path: string, options: FileSimulationOptions): TaskEither<SimulatorError, FileSimulation> =>
  async () => {
    const sound = checkOptions(WHERE, options)
    if (E.isLeft(sound)) return sound
    if (!path.endsWith('.npz')) {
      return E.left(invalidOption(WHERE, 'path', path, 'a name that ends with .npz'))
    }
    const { signal } = options
    const isAborted = (): boolean => signal?.aborted === true
    if (isAborted()) return E.left(aborted(WHERE))
    const opened = await npzWriter(path, layoutsOf(options))()
    if (E.isLeft(opened)) return opened
    const writer = opened.right
    const stop = (): void => void writer.discard()
    signal?.addEventListener('abort', stop)
    try {
      const done = await simulateInto({ options, writer })
      return E.isLeft(done) && isAborted() ? E.left(aborted(WHERE)) : done
    } finally {
      signal?.removeEventListener('abort', stop)
      await writer.discard()
    }
  }

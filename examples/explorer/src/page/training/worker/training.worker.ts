/** The worker that trains and that reads files. It is ended to stop it. */
import type { Engine } from '@mechid/engine'
import { encodeRows, learnedGraph, type Trained } from '@mechid/estimator'
import { edgeCount } from '@mechid/evaluation'
import { csvBytes } from '@mechid/files'
import { causalGraph } from '@mechid/mechanisms'
import { type DataSet, dataShape, exampleSource, linesOf } from '@mechid/simulators'
import * as E from 'fp-ts/lib/Either.js'
import type { TrainingChoice } from '../../state/state.js'
import type {
  FileJob,
  OpenedFile,
  TrainingMessage,
  TrainingProgress,
  TrainingRequest,
  TrainingResult
} from '../messages.js'
import { engineFor } from './engine.js'
import { fit } from './fit.js'
import { judgedResult, plainResult } from './judged.js'
import { openOwn, ownData } from './own-data.js'
import { smallRecipe } from './recipe.js'
import { simulatedData } from './simulated-data.js'

type Result<A> = E.Either<{ readonly message: string }, A>

const post = (message: TrainingMessage): void => self.postMessage(message)

const onProgress = (progress: TrainingProgress): void => post({ _tag: 'Progress', progress })

const seconds = (from: number): number => (performance.now() - from) / 1000

/** What a training is made with. */
interface Job {
  readonly data: DataSet
  /** Rows that train. */
  readonly train: Int32Array
  readonly latents: number
  readonly edges: number | undefined
  readonly steps: number
  readonly seed: number
  readonly engine: TrainingChoice['engine']
}

interface Finished {
  readonly trained: Trained
  readonly engine: Engine
  readonly seconds: number
}

const trainOn = async ({
  data,
  train,
  latents,
  edges,
  steps,
  seed,
  engine
}: Job): Promise<Result<Finished>> => {
  const { features, actions, temporal } = dataShape(data)
  const recipe = smallRecipe({ latents, features, actions, temporal }, edges, steps)
  if (E.isLeft(recipe)) return recipe
  const found = await engineFor(engine)
  if (E.isLeft(found)) return found
  post({ _tag: 'Engine', engine: found.right.description })
  const started = performance.now()
  const source = exampleSource(data, train)
  const trained = await fit({ source, latents, recipe: recipe.right, engine: found.right, seed, onProgress })
  return E.map(
    (right: Trained): Finished => ({
      trained: right,
      engine: found.right,
      seconds: seconds(started)
    })
  )(trained)
}

const trainSimulated = async (choice: TrainingChoice): Promise<Result<TrainingResult>> => {
  const made = simulatedData(choice)
  if (E.isLeft(made)) return made
  const { kernel, data, train } = made.right
  const graph = causalGraph(kernel)
  const edges = choice.edges === 'known' ? edgeCount(graph).edges : undefined
  const finished = await trainOn({ ...choice, data, train, edges })
  return E.isLeft(finished)
    ? finished
    : judgedResult(finished.right.trained, made.right, graph, finished.right.seconds)
}

const trainFile = async (job: FileJob): Promise<Result<TrainingResult>> => {
  const read = await ownData(job)
  if (E.isLeft(read)) return read
  const { data } = read.right
  const finished = await trainOn({ ...job, ...read.right })
  if (E.isLeft(finished)) return finished
  const { trained, engine, seconds } = finished.right
  const zHat = await encodeRows(engine, trained.model, linesOf(data.x))()
  if (E.isLeft(zHat)) return zHat
  const names = Array.from({ length: job.latents }, (_, i) => `z${i}`)
  return E.map(
    (bytes: BlobPart): TrainingResult => ({
      ...plainResult(trained, learnedGraph(trained.model), seconds),
      csv: new Blob([bytes], { type: 'text/csv' })
    })
  )(csvBytes(names, { data: zHat.right.data, shape: zHat.right.shape }))
}

const done = (result: TrainingResult): TrainingMessage => ({ _tag: 'Done', result })

const answer = async (request: TrainingRequest): Promise<Result<TrainingMessage>> => {
  switch (request.kind) {
    case 'open':
      return E.map(
        (opened: OpenedFile): TrainingMessage => ({
          _tag: 'Opened',
          opened
        })
      )(await openOwn(request.file))
    case 'simulated':
      return E.map(done)(await trainSimulated(request.choice))
    case 'file':
      return E.map(done)(await trainFile(request.job))
  }
}

self.onmessage = async ({ data }: MessageEvent<TrainingRequest>) => {
  try {
    const found = await answer(data)
    post(E.isLeft(found) ? { _tag: 'Failed', message: found.left.message } : found.right)
  } catch (error) {
    post({ _tag: 'Failed', message: error instanceof Error ? error.message : String(error) })
  }
}

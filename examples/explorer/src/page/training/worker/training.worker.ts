/** The worker that trains and that reads files. It is ended to stop it. */
import { encodeRows, learnedGraph } from '@mechid/estimator'
import { csvBytes } from '@mechid/files'
import { causalGraph } from '@mechid/mechanisms'
import { dataShape, exampleSource, linesOf } from '@mechid/simulators'
import type { CausalGraph } from '@mechid/values'
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

const edgesOf = ({ latents = [], actions = [] }: CausalGraph): number =>
  [...latents, ...actions].flat().reduce((sum, edge) => sum + edge, 0)

const seconds = (from: number): number => (performance.now() - from) / 1000

const trainSimulated = async (choice: TrainingChoice): Promise<Result<TrainingResult>> => {
  const made = simulatedData(choice)
  if (E.isLeft(made)) return made
  const { kernel, data, train } = made.right
  const graph = causalGraph(kernel)
  const { latents, features, edges, steps, seed } = choice
  const shape = { latents, features, actions: kernel.actions, temporal: kernel.lags > 0 }
  const recipe = smallRecipe(shape, edges === 'known' ? edgesOf(graph) : undefined, steps)
  if (E.isLeft(recipe)) return recipe
  const engine = await engineFor(choice.engine)
  if (E.isLeft(engine)) return engine
  post({ _tag: 'Engine', engine: engine.right.description })
  const started = performance.now()
  const source = exampleSource(data, train)
  const trained = await fit({ source, latents, recipe: recipe.right, engine: engine.right, seed, onProgress })
  if (E.isLeft(trained)) return trained
  return judgedResult(trained.right, made.right, graph, seconds(started))
}

const trainFile = async (job: FileJob): Promise<Result<TrainingResult>> => {
  const read = await ownData(job)
  if (E.isLeft(read)) return read
  const { data, train } = read.right
  const { features, actions, temporal } = dataShape(data)
  const recipe = smallRecipe({ latents: job.latents, features, actions, temporal }, job.edges, job.steps)
  if (E.isLeft(recipe)) return recipe
  const engine = await engineFor(job.engine)
  if (E.isLeft(engine)) return engine
  post({ _tag: 'Engine', engine: engine.right.description })
  const started = performance.now()
  const source = exampleSource(data, train)
  const { latents, seed } = job
  const trained = await fit({ source, latents, recipe: recipe.right, engine: engine.right, seed, onProgress })
  if (E.isLeft(trained)) return trained
  const zHat = await encodeRows(engine.right, trained.right.model, linesOf(data.x))()
  if (E.isLeft(zHat)) return zHat
  const names = Array.from({ length: latents }, (_, i) => `z${i}`)
  return E.map(
    (bytes: BlobPart): TrainingResult => ({
      ...plainResult(trained.right, learnedGraph(trained.right.model), seconds(started)),
      csv: new Blob([bytes], { type: 'text/csv' })
    })
  )(csvBytes(names, { data: zHat.right.data, shape: zHat.right.shape }))
}

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
      return E.map((result: TrainingResult): TrainingMessage => ({ _tag: 'Done', result }))(
        await trainSimulated(request.choice)
      )
    case 'file':
      return E.map((result: TrainingResult): TrainingMessage => ({ _tag: 'Done', result }))(
        await trainFile(request.job)
      )
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

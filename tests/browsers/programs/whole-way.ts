/** From a mechanism to a verdict, as a page, its worker and Node run it. */
import { predict } from '@mechid/causal-graph'
import { encodeRows, findEngine, learnedGraph, loadModel, modelBytes, preset, train } from '@mechid/estimator'
import { evaluate } from '@mechid/evaluation'
import { kernel } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { exampleSource, linesOf, nnMixing, simulate } from '@mechid/simulators'
import { unmix } from '@mechid/unmixing'
import { orThrow } from '@mechid/values'

export interface WholeWay {
  readonly promised: string
  readonly engine: string
  /** Of the last step. */
  readonly loss: number
  readonly mcc: number
  /** What is said to who wants a checkpoint on a disk. */
  readonly checkpoint: string
  /** Edges of the actions by the codes alone. */
  readonly unmixed: number
  /** Whether a model that went through its file's bytes encodes the same. */
  readonly sameModel: boolean
  /** Times that something else came to its turn during the training. */
  readonly turns: number
}

const ROWS = 600
const SMALL = { width: 16, depth: 1 }

/** Two tanks and two valves; each valve moves one of them. `folder`: for checkpoints, where there is a disk. */
export const wholeWay = async (wasmPaths: string, folder: string): Promise<WholeWay> => {
  const tanks = orThrow(
    kernel({ latents: 2, actions: 2, location: (F, _past, [a, b]) => [F.sin(a), F.sin(b)], scale: 0.05 })
  )
  const promised = orThrow(predict(tanks)).kind
  const mixing = orThrow(nnMixing({ latents: 2, features: 4, random: generator(1) }))
  const { data } = orThrow(simulate({ kernel: tanks, mixing, rows: ROWS, seed: 1 }))
  const source = exampleSource(
    data,
    Int32Array.from({ length: ROWS }, (_, i) => i)
  )

  const engine = await orThrow(findEngine('wasm', [], { wasmPaths }))
  const shape = { latents: 2, features: 4, actions: 2, temporal: false }
  const configuration = {
    ...orThrow(preset('gated', shape, 2)),
    batch: 32,
    steps: 60,
    encoder: SMALL,
    decoder: SMALL,
    transition: SMALL
  }
  const options = { latents: 2, configuration, engine }
  let turns = 0
  const timer = setInterval(() => {
    turns++
  }, 0)
  const { model, history } = await orThrow(train(source, options))
  clearInterval(timer)
  const refused = await train(source, { ...options, checkpoint: { directory: folder, every: 60 } })()

  const x = linesOf(data.x)
  const zHat = await orThrow(encodeRows(engine, model, x))
  const loaded = await orThrow(loadModel(new Blob([orThrow(modelBytes(model))])))
  const again = await orThrow(encodeRows(engine, loaded.model, x))
  const z = data.z === undefined ? {} : { z: linesOf(data.z) }
  const { comparison } = orThrow(evaluate({ ...z, zHat, graph: tanks, learned: learnedGraph(model) }))

  const codes = data.z === undefined ? zHat : linesOf(data.z)
  const a = data.a === undefined ? {} : { actions: linesOf(data.a) }
  const unmixed = await orThrow(unmix({ codes, ...a }))
  return {
    promised,
    engine: engine.description,
    loss: history.terms.loss[history.steps - 1],
    mcc: comparison?.mcc.value ?? Number.NaN,
    checkpoint: refused._tag === 'Left' ? refused.left.message : 'written',
    unmixed: (unmixed.graph.actions ?? []).flat().reduce((sum, edge) => sum + edge, 0),
    sameModel: zHat.data.every((value, i) => value === again.data[i]),
    turns
  }
}

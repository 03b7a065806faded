/** A trained model as a result to show: its graph, its scores where there is a truth. */
import { graphPanels, predict } from '@mechid/causal-graph'
import { encodeRows, learnedGraph, type Trained } from '@mechid/estimator'
import { type Evaluation, evaluate } from '@mechid/evaluation'
import { graphAfterAssignment } from '@mechid/metrics'
import { linesOf, subset } from '@mechid/simulators'
import type { CausalGraph } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TrainingResult, Truth } from '../messages.js'
import type { SimulatedData } from './simulated-data.js'

type Result<A> = E.Either<{ readonly message: string }, A>

/** Everything that a learned graph shows by itself. */
export const plainResult = (trained: Trained, learned: CausalGraph, seconds: number): TrainingResult => {
  const prediction = predict(learned)
  return {
    engine: trained.engine.description,
    seconds,
    learned,
    picture: E.getOrElseW(() => [])(graphPanels(learned, { title: 'Learned graph' })).map(
      ({ name, svg }) => ({ name, svg })
    ),
    promise: E.isRight(prediction) ? prediction.right.explanation.join(' ') : prediction.left.message,
    unused: trained.unused
  }
}

const truthOf = (
  { comparison, verdict, latents, rows }: Evaluation,
  graph: CausalGraph
): Truth | undefined =>
  comparison === undefined
    ? undefined
    : {
        rows,
        mcc: comparison.mcc.value,
        chance: comparison.mcc.chance,
        r: comparison.r.value,
        shd: comparison.graph?.shd,
        verdict: verdict._tag,
        sentence: verdict.sentence,
        reasons: verdict._tag === 'Broken' ? verdict.reasons : [],
        latents: latents.map(({ sentence }) => sentence),
        correlation: comparison.correlation.map((row) => row.map(Math.abs)),
        graph
      }

/** The result on rows that the training did not see. Errors: those of encoding and of the evaluation. */
export const judgedResult = async (
  trained: Trained,
  { data, test, kernel }: SimulatedData,
  graph: CausalGraph,
  seconds: number
): Promise<Result<TrainingResult>> => {
  const held = subset(data, test)
  const zHat = await encodeRows(trained.engine, trained.model, linesOf(held.x))()
  if (E.isLeft(zHat)) return zHat
  if (held.z === undefined) return E.left({ message: 'The simulation has no latents.' })
  const learned = learnedGraph(trained.model)
  const judged = evaluate(
    { z: linesOf(held.z), zHat: zHat.right, graph: kernel, learned },
    { kernel: { rows: 0 } }
  )
  if (E.isLeft(judged)) return judged
  const against = truthOf(judged.right, graph)
  const assignment = judged.right.comparison?.assignment
  const named =
    assignment === undefined || assignment.includes(-1) ? learned : graphAfterAssignment(learned, assignment)
  return E.right({
    ...plainResult(trained, named, seconds),
    ...(against === undefined ? {} : { against })
  })
}

/** Opens what a step needs of ONNX Runtime: its model, and one that reads the carry where that stays on the device. */
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CompilerError } from '../errors.js'
import { onnxModel } from '../onnx/model.js'
import type { StepGraph } from '../passes/update.js'
import type { HostTensors, TensorSpecs } from '../step-function.js'
import { carriedOutputs, readingGraph, staysOnDevice, waitedFor } from './device-carry.js'
import type { CheckedOptions } from './onnx-runtime.js'
import { type CompiledSession, startSession } from './session.js'
import { leaseSession } from './session-cache.js'

/** A session that runs `step` from a first carry that was checked. */
export const openSession = (
  step: StepGraph,
  first: HostTensors,
  feeds: TensorSpecs,
  options: Required<CheckedOptions>
): TE.TaskEither<CompilerError, CompiledSession> => {
  if (!staysOnDevice(options.provider, first)) {
    return pipe(
      leaseSession(onnxModel(step.graph), options),
      TE.map((lease) => startSession(lease, step, first, feeds))
    )
  }
  const waited = waitedFor(step.graph)
  return pipe(
    leaseSession(onnxModel(readingGraph(first)), options),
    TE.chain((reader) =>
      pipe(
        leaseSession(onnxModel(waited), options, carriedOutputs(waited)),
        TE.map((lease) => startSession(lease, { ...step, graph: waited }, first, feeds, reader)),
        TE.mapLeft((error) => {
          reader.giveBack()
          return error
        })
      )
    )
  )
}

/** Opens what a step needs of ONNX Runtime: its model, and one that reads the carry where that stays on the device. */
import type { HostTensors } from '@mechid/engine'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type CompilerError, runtimeFailed } from '../errors.js'
import type { StepGraph } from '../graph/update.js'
import { onnxModel } from '../onnx/model.js'
import type { TensorSpecs } from '../step-function.js'
import { carriedOutputs, readingGraph, staysOnDevice, waitedFor } from './device-carry.js'
import type { CheckedOptions } from './onnx-runtime.js'
import { type CompiledSession, startSession } from './session.js'
import { type Lease, leaseSession } from './session-cache.js'

/** A session on a model; where memory is short, the model goes back. */
const started = (
  where: string,
  lease: Lease,
  start: () => CompiledSession
): TE.TaskEither<CompilerError, CompiledSession> =>
  TE.fromEither(
    E.tryCatch(start, (thrown): CompilerError => {
      lease.giveBack()
      return runtimeFailed(where, 'making room for the carry', thrown)
    })
  )

/** A session that runs `step` from a first carry that was checked. `where`: who asks. */
export const openSession = (
  where: string,
  step: StepGraph,
  first: HostTensors,
  feeds: TensorSpecs,
  options: Required<CheckedOptions>
): TE.TaskEither<CompilerError, CompiledSession> => {
  if (!staysOnDevice(options.provider, first)) {
    return pipe(
      leaseSession(where, onnxModel(step.graph), options),
      TE.chain((lease) => started(where, lease, () => startSession(lease, step, first, feeds)))
    )
  }
  const graph = waitedFor(step.graph)
  return pipe(
    leaseSession(where, onnxModel(readingGraph(first)), options),
    TE.chain((reader) =>
      pipe(
        leaseSession(where, onnxModel(graph), options, carriedOutputs(graph)),
        TE.chain((lease) =>
          started(where, lease, () => startSession(lease, { ...step, graph }, first, feeds, reader))
        ),
        TE.mapLeft((error) => {
          reader.giveBack()
          return error
        })
      )
    )
  )
}

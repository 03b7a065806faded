/** Runs a compiled step: feeds written in place, steps one after the other, each from the carry that the last one left. */
import { type HostTensors, withoutPrefix } from '@mechid/engine'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type CompilerError, disposed, runtimeFailed } from '../errors.js'
import { byName, type Graph } from '../graph/graph.js'
import type { StepGraph } from '../graph/update.js'
import { dtypeOf, type TensorSpecs } from '../step-function.js'
import { FEED, OUTPUT } from '../trace/trace.js'
import type { FixedBindings } from './carry.js'
import { feedsMisfit } from './checks.js'
import { deviceCarry } from './device-carry.js'
import { hostCarry } from './host-carry.js'
import { hostUpdate } from './host-update.js'
import type { Lease } from './session-cache.js'
import { arrayOf, bound, buffers, contents, type Tensors } from './tensors.js'

/** A step function bound to its carry, compiled. */
export interface CompiledSession {
  /**
   * Runs one step: the carry moves on. The feeds are read before this returns; steps that are asked for at once run
   * one after the other. ONNX Runtime's binding computes on the thread that calls it. Errors: `MissingFeed`,
   * `UnknownName`, `ShapeMismatch`, `WrongDtype`, `RuntimeFailed`, `Disposed`; the carry then stays as it was.
   */
  readonly run: (feeds: HostTensors) => Promise<E.Either<CompilerError, void>>
  /** Copies of the outputs of the last step; zeros before the first one. */
  readonly outputs: () => HostTensors
  /**
   * A copy of the carry after all steps that were asked for before; with provider `webgpu` it comes from the GPU.
   * Rejects once the session is disposed, and where the GPU fails.
   */
  readonly carry: () => Promise<HostTensors>
  /** Gives the buffers and the session back, once the step under way has ended; steps that wait do not run. */
  readonly dispose: () => void
}

/** The specifications of the graph's outputs named `prefix…`, by the rest of the name. */
const outputSpecs = ({ outputs }: Graph, prefix: string): TensorSpecs =>
  Object.fromEntries(
    Object.entries(withoutPrefix(byName(outputs), prefix)).map(([name, { dtype, shape }]) => [
      name,
      { shape, dtype: dtype === 'int32' ? dtype : 'float32' }
    ])
  )

const copies = (arrays: HostTensors): HostTensors =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, { data, shape }]) => [name, { data: data.slice(), shape }])
  )

const done: E.Either<CompilerError, void> = E.right(undefined)

/** Work that is asked for at any time, done in order. */
interface Queue {
  /** Whether nothing is under way. */
  readonly isIdle: () => boolean
  /** Does this once all work before has ended; where nothing is under way, it begins before this returns. */
  readonly inTurn: <A>(work: () => Promise<A>) => Promise<A>
}

const queue = (): Queue => {
  let pending = 0
  let last: Promise<unknown> = Promise.resolve()
  const ended = (): void => {
    pending--
  }
  return {
    isIdle: () => pending === 0,
    inTurn: (work) => {
      const working = pending === 0 ? work() : last.then(work)
      pending++
      last = working.then(ended, ended)
      return working
    }
  }
}

/**
 * Starts a session whose model has the inputs and outputs of the graph, from a carry that was checked. With a `reader`
 * (the model of `readingGraph`) the carry stays on the device; the next carry's outputs must be placed there.
 */
export const startSession = (
  lease: Lease,
  { graph, update }: StepGraph,
  first: HostTensors,
  feedSpecs: TensorSpecs,
  reader?: Lease
): CompiledSession => {
  let live = true
  const { ort } = lease
  const feedTensors = buffers(ort, feedSpecs)
  const outputTensors = buffers(ort, outputSpecs(graph, OUTPUT))
  const fixed: FixedBindings = {
    inputs: bound(ort, graph.inputs, FEED, feedTensors),
    results: bound(ort, graph.outputs, OUTPUT, outputTensors)
  }
  const carry =
    reader === undefined
      ? hostCarry(ort, graph, first, fixed, hostUpdate(ort, update, first))
      : deviceCarry(reader, graph, first, fixed)
  const expected = Object.fromEntries(
    Object.entries(feedSpecs).map(([name, spec]) => [
      name,
      { shape: spec.shape.slice(), dtype: dtypeOf(spec) }
    ])
  )
  const step = async (feeds: HostTensors): Promise<E.Either<CompilerError, void>> => {
    if (!live) return E.left(disposed('run'))
    for (const name in expected) arrayOf(feedTensors[name]).set(feeds[name].data)
    const { inputs, results } = carry.bindings()
    try {
      carry.take((await lease.session.run(inputs, results)) as Tensors)
    } catch (thrown) {
      return E.left(runtimeFailed('run', 'running a step', thrown))
    }
    return done
  }
  const { isIdle, inTurn } = queue()
  return {
    run: async (feeds) => {
      if (!live) return E.left(disposed('run'))
      const wrong = feedsMisfit(feeds, expected)
      if (wrong !== undefined) return E.left(wrong)
      // The buffers are in use until the steps before have ended.
      const kept = isIdle() ? feeds : copies(feeds)
      return inTurn(() => step(kept))
    },
    outputs: () => contents(outputTensors),
    carry: async () => {
      if (!live) return orThrow(E.left(disposed('carry')))
      return inTurn(carry.read)
    },
    dispose: () => {
      if (!live) return
      live = false
      void inTurn(async () => {
        carry.dispose()
        lease.giveBack()
      })
    }
  }
}

/** Runs a compiled step: two sets of carry buffers that swap, feeds written in place. */
import * as E from 'fp-ts/lib/Either.js'
import type { CompilerError } from '../errors.js'
import type { Graph, NamedValue } from '../graph/graph.js'
import { dtypeOf, type HostTensor, type HostTensors, sizeOf, type TensorSpecs } from '../step-function.js'
import { CARRY, FEED, NEXT, OUTPUT } from '../trace/trace.js'
import { feedsMisfit } from './checks.js'
import type { Lease, OrtTensor } from './session-cache.js'

/** A step function bound to its carry, compiled. */
export interface CompiledSession {
  /**
   * Runs one step: the carry moves on. The feeds are read before this returns; steps that are asked for at once run
   * one after the other. ONNX Runtime's binding computes on the thread that calls it. Errors: `MissingFeed`,
   * `UnknownFeed`, `ShapeMismatch`, `WrongDtype`, `RuntimeFailed`, `Disposed`; the carry then stays as it was.
   */
  readonly run: (feeds: HostTensors) => Promise<E.Either<CompilerError, void>>
  /** Copies of the outputs of the last step; zeros before the first one. */
  readonly outputs: () => HostTensors
  /** A copy of the present carry. */
  readonly carry: () => HostTensors
  /** Gives the buffers and the session back. */
  readonly dispose: () => void
}

type Tensors = Record<string, OrtTensor>

/** What one step reads and what it writes. */
interface Layout {
  readonly inputs: Tensors
  readonly results: Tensors
}

type Buffer = Float32Array | Int32Array

const buffer = (lease: Lease, dtype: string, shape: readonly number[]): OrtTensor => {
  const size = sizeOf(shape)
  return dtype === 'int32'
    ? new lease.ort.Tensor('int32', new Int32Array(size), shape)
    : new lease.ort.Tensor('float32', new Float32Array(size), shape)
}

/** A buffer for each specification. */
const buffers = (lease: Lease, specs: TensorSpecs): Tensors =>
  Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, buffer(lease, dtypeOf(spec), spec.shape)])
  )

/** What the graph's values named `prefix…` read or write: buffers, and views of parts of them. */
const bound = (lease: Lease, values: readonly NamedValue[], prefix: string, entries: Tensors): Tensors =>
  Object.fromEntries(
    values
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ name, value, part }) => {
        if (part === undefined) return [name, entries[name.slice(prefix.length)]]
        const all = entries[part.of.slice(prefix.length)].data as Float32Array
        const view = all.subarray(part.begin, part.begin + sizeOf(value.shape))
        return [name, new lease.ort.Tensor('float32', view, value.shape)]
      })
  )

/** The specifications of the graph's outputs named `prefix…`, by the rest of the name. */
const outputSpecs = ({ outputs }: Graph, prefix: string): TensorSpecs =>
  Object.fromEntries(
    outputs
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ name, value: { dtype, shape } }) => [
        name.slice(prefix.length),
        { shape, dtype: dtype === 'int32' ? dtype : 'float32' }
      ])
  )

const contents = (tensors: Tensors): HostTensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]): [string, HostTensor] => [
      name,
      { data: (tensor.data as Buffer).slice(), shape: tensor.dims.slice() }
    ])
  )

const copies = (arrays: HostTensors): HostTensors =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, { data, shape }]) => [name, { data: data.slice(), shape }])
  )

const done: E.Either<CompilerError, void> = E.right(undefined)

/** Starts a session whose model has the inputs and outputs of `graph`, from a carry that was checked. */
export const startSession = (
  lease: Lease,
  graph: Graph,
  first: HostTensors,
  feedSpecs: TensorSpecs
): CompiledSession => {
  let live = true
  const feedTensors = buffers(lease, feedSpecs)
  const outputTensors = buffers(lease, outputSpecs(graph, OUTPUT))
  let current = buffers(lease, first)
  let other = buffers(lease, first)
  for (const [name, { data }] of Object.entries(first)) (current[name].data as Buffer).set(data)
  const expected = Object.fromEntries(
    Object.entries(feedSpecs).map(([name, spec]) => [
      name,
      { shape: spec.shape.slice(), dtype: dtypeOf(spec) }
    ])
  )
  const layOut = (from: Tensors, to: Tensors): Layout => ({
    inputs: {
      ...bound(lease, graph.inputs, CARRY, from),
      ...bound(lease, graph.inputs, FEED, feedTensors)
    },
    results: {
      ...bound(lease, graph.outputs, NEXT, to),
      ...bound(lease, graph.outputs, OUTPUT, outputTensors)
    }
  })
  // Both directions are laid out once: what one step writes is what the next one reads.
  let present = layOut(current, other)
  let following = layOut(other, current)
  const swap = (): void => {
    ;[current, other] = [other, current]
    ;[present, following] = [following, present]
  }
  const write = (feeds: HostTensors): void => {
    for (const name in expected) (feedTensors[name].data as Buffer).set(feeds[name].data)
  }
  const step = async (): Promise<E.Either<CompilerError, void>> => {
    try {
      await lease.session.run(present.inputs, present.results)
    } catch (thrown) {
      return E.left({ _tag: 'RuntimeFailed', during: 'running a step', reason: String(thrown) })
    }
    swap()
    return done
  }
  /** Steps that have not ended; the last of them, for the next one to wait for. */
  let pending = 0
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = (feeds: HostTensors): Promise<E.Either<CompilerError, void>> => {
    if (pending === 0) {
      write(feeds)
      return step()
    }
    // The buffers are in use until the steps before have ended.
    const kept = copies(feeds)
    return last.then(() => {
      if (!live) return E.left<CompilerError, void>({ _tag: 'Disposed' })
      write(kept)
      return step()
    })
  }
  return {
    run: (feeds) => {
      if (!live) return Promise.resolve(E.left({ _tag: 'Disposed' }))
      const wrong = feedsMisfit(feeds, expected)
      if (wrong !== undefined) return Promise.resolve(E.left(wrong))
      const running = inTurn(feeds)
      pending++
      last = running.then(() => {
        pending--
      })
      return running
    },
    outputs: () => contents(outputTensors),
    carry: () => contents(current),
    dispose: () => {
      live = false
      lease.giveBack()
    }
  }
}

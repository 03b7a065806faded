/** Runs a function of tensors once, to see what it computes. */
import { type NamedTensors, prefixed, type StepFunction, withoutPrefix } from '@mechid/engine'
import { definitionThrew, reasonOf } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import { type CompilerError, carryMismatch, Failure, traceFailed, unsupportedKernel } from '../errors.js'
import { byName, type Graph, type NamedValue, type Value } from '../graph/graph.js'
import { cast } from '../graph/operators.js'
import { supportLine } from '../kernels/index.js'
import { dtypeOf, shownType, type TensorFunction, type TensorSpecs } from '../step-function.js'
import { TraceBackend } from './backend.js'
import { registerKernels, TRACE } from './registration.js'
import '../gradients.js'

/** Prefixes of names in the graph of a step. */
export const CARRY = 'carry/'
export const FEED = 'feed/'
export const NEXT = 'next/'
export const OUTPUT = 'output/'

/** Runs `work` with TF.js on the tracing backend, and puts back what was there. Everything here is synchronous. */
const onTraceBackend = <A>(work: (backend: TraceBackend) => A): A => {
  registerKernels()
  const before = tf.getBackend()
  const backend = new TraceBackend()
  tf.registerBackend(TRACE, () => backend, 0)
  try {
    // With a backend that needs no waiting, all of this happens before the promise is returned.
    void tf.setBackend(TRACE)
    return work(backend)
  } finally {
    tf.removeBackend(TRACE)
    if (before) void tf.setBackend(before)
  }
}

const kindOf = (value: unknown): string => (value === null ? 'null' : typeof value)

const checkedTensors = (result: unknown, what: string): NamedTensors => {
  const entries = typeof result === 'object' && result !== null ? Object.entries(result) : undefined
  if (entries === undefined || result instanceof Promise) {
    const found = result instanceof Promise ? 'a promise' : kindOf(result)
    throw new Failure((where) => traceFailed(where, what, found, 'a record of tensors, at once'))
  }
  const stranger = entries.find(([, tensor]) => !(tensor instanceof tf.Tensor))
  if (stranger !== undefined) {
    const [name, found] = stranger
    throw new Failure((where) => traceFailed(where, `${what}.${name}`, kindOf(found), 'a tensor'))
  }
  return result as NamedTensors
}

/** The failure in what was thrown; TF.js's own words where a kernel is not even known by name. */
const failureOf = (where: string, thrown: unknown): CompilerError => {
  if (thrown instanceof Failure) return thrown.at(where)
  const unknownKernel = /Kernel '(\w+)' not registered|registered kernel '(\w+)'/.exec(reasonOf(thrown))
  const kernel = unknownKernel?.[1] ?? unknownKernel?.[2]
  return kernel === undefined
    ? definitionThrew(where, thrown)
    : unsupportedKernel(where, kernel, supportLine(kernel))
}

/** What an input is called in messages. */
const inputName = (name: string): string => {
  const prefix = [CARRY, FEED].find((each) => name.startsWith(each))
  return prefix === undefined ? `input ${name}` : `${prefix.slice(0, -1)} ${name.slice(prefix.length)}`
}

const inputTensors = (backend: TraceBackend, specs: TensorSpecs): NamedTensors =>
  Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => {
      const dtype = dtypeOf(spec)
      const id = backend.hold(backend.graph.input(name, dtype, spec.shape), inputName(name))
      return [name, tf.engine().makeTensorFromDataId(id, spec.shape.slice(), dtype, backend)]
    })
  )

/** What leaves a graph is numbers: booleans become int32. */
const outputValue = (backend: TraceBackend, tensor: tf.Tensor): Value => {
  const value = backend.resolve(tensor.dataId)
  return value.dtype === 'bool' ? cast(backend.graph, value, 'int32') : value
}

/** What a function computes. Inputs and outputs of the graph have the function's names. `where`: who asks. */
export const traceFunction = (
  where: string,
  f: TensorFunction,
  inputs: TensorSpecs,
  what = 'result'
): E.Either<CompilerError, Graph> =>
  onTraceBackend((backend) => {
    try {
      const outputs: NamedValue[] = []
      tf.tidy(() => {
        const results = checkedTensors(f(inputTensors(backend, inputs)), what)
        for (const [name, tensor] of Object.entries(results)) {
          outputs.push({ name, value: outputValue(backend, tensor) })
        }
      })
      if (backend.failure !== undefined) return E.left(backend.failure.at(where))
      return E.right({ inputs: backend.graph.inputs, nodes: backend.graph.nodes, outputs })
    } catch (thrown) {
      return E.left(failureOf(where, backend.failure ?? thrown))
    }
  })

/** The next carry must fit where the carry came from. */
const differentCarry = (where: string, graph: Graph): CompilerError | undefined => {
  const typesOf = (values: readonly NamedValue[], prefix: string): ReadonlyMap<string, string> =>
    new Map(
      Object.entries(withoutPrefix(byName(values), prefix)).map(([name, { dtype, shape }]) => [
        name,
        shownType(dtype, shape)
      ])
    )
  const before = typesOf(graph.inputs, CARRY)
  const after = typesOf(graph.outputs, NEXT)
  const names = [...new Set([...before.keys(), ...after.keys()])]
  const wrong = names.find((name) => before.get(name) !== after.get(name))
  if (wrong === undefined) return undefined
  const [expected, actual] = [before, after].map((types) => types.get(wrong) ?? 'absent')
  return carryMismatch(where, wrong, actual, expected)
}

/**
 * What a step computes: inputs `carry/NAME` and `feed/NAME`, outputs `next/NAME` (the next carry) and `output/NAME`. Gradients
 * (`tf.grads`, `tf.customGrad`) are traced like everything else.
 */
export const traceStep = (
  where: string,
  step: StepFunction,
  carry: TensorSpecs,
  feeds: TensorSpecs
): E.Either<CompilerError, Graph> => {
  const f: TensorFunction = (inputs) => {
    const result = step(withoutPrefix(inputs, CARRY), withoutPrefix(inputs, FEED))
    return {
      ...prefixed(checkedTensors(result?.carry, 'carry'), NEXT),
      ...prefixed(checkedTensors(result?.outputs, 'outputs'), OUTPUT)
    }
  }
  const traced = traceFunction(where, f, { ...prefixed(carry, CARRY), ...prefixed(feeds, FEED) })
  const mismatch = E.isRight(traced) ? differentCarry(where, traced.right) : undefined
  return mismatch === undefined ? traced : E.left(mismatch)
}

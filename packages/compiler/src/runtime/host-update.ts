/** What is left to do once a step's graph has run, in the memory that ONNX Runtime reads and writes, too. */
import { type HostTensors, withoutPrefix } from '@mechid/engine'
import { entryCount } from '@mechid/values'
import { PAGE, type WebAssemblyHost, webAssembly } from '@mechid/wasm'
import { type Place, RESULT, type Update } from '../graph/update.js'
import { CARRY } from '../trace/trace.js'
import { kernelFunction } from '../wasm/kernel.js'
import { V128, wasmModule } from '../wasm/module.js'
import type { OnnxRuntime } from './onnx-runtime.js'
import type { Tensors } from './tensors.js'

/** Buffers begin at cache lines. */
const LINE = 64
const BYTES = 4

/** An update with its memory. */
export interface HostUpdate {
  /** The entries of the carry that are updated in place. */
  readonly entries: Tensors
  /** What the graph's outputs that the update reads are written to, as vectors. */
  readonly results: Tensors
  readonly run: () => void
}

type Run = (...parameters: number[]) => void

interface Region {
  readonly shape: readonly number[]
  /** In bytes. */
  readonly begin: number
}

interface Layout {
  readonly regions: ReadonlyMap<string, Region>
  readonly bytes: number
}

/** WebAssembly has 4 GiB at most; what is read beside the carry is about as large as its parameters. */
const LARGEST = 2 ** 31

/** Whether a step with this carry can have an update here: WebAssembly with vectors, and room for all. */
export const canUpdate = (carry: HostTensors): boolean =>
  Object.values(carry).reduce((sum, { data }) => sum + data.byteLength, 0) <= LARGEST &&
  webAssembly()?.validate(wasmModule([{ parameters: 0, locals: [V128], body: [] }])) === true

const layOut = ({ entries, results }: Update, first: HostTensors): Layout => {
  const regions = new Map<string, Region>()
  let bytes = 0
  const add = (name: string, shape: readonly number[]): void => {
    regions.set(name, { shape, begin: bytes })
    bytes += Math.ceil((entryCount(shape) * BYTES) / LINE) * LINE
  }
  for (const name of entries) add(CARRY + name, first[name].shape)
  for (const [name, size] of Object.entries(results)) add(RESULT + name, [size])
  return { regions, bytes }
}

/** An update of the carry `first`, which is copied. Where `canUpdate` says yes. Throws where memory is short. */
export const hostUpdate = (ort: OnnxRuntime, update: Update, first: HostTensors): HostUpdate => {
  if (update.calls.length === 0) return { entries: {}, results: {}, run: () => undefined }
  const { regions, bytes } = layOut(update, first)
  const { Memory, Module, Instance } = webAssembly() as WebAssemblyHost
  const memory = new Memory({ initial: Math.ceil(bytes / PAGE) })
  const kernels = [...new Set(update.calls.map(({ kernel }) => kernel))]
  const module = new Module(wasmModule(kernels.map(kernelFunction)))
  const { exports } = new Instance(module, { env: { memory } })
  const functions = new Map(
    kernels.map((kernel, i) => [kernel, (exports as Readonly<Record<string, Run>>)[String(i)]])
  )
  const address = ({ buffer, begin }: Place): number => (regions.get(buffer) as Region).begin + begin * BYTES
  const calls = update.calls.map(({ kernel, length, vectors, scalars, results }) => ({
    call: functions.get(kernel) as Run,
    parameters: [length, ...[...vectors, ...scalars, ...results].map(address)]
  }))
  const tensors = (prefix: string): Tensors =>
    Object.fromEntries(
      Object.entries(withoutPrefix(Object.fromEntries(regions), prefix)).map(([name, { shape, begin }]) => {
        const view = new Float32Array(memory.buffer, begin, entryCount(shape))
        return [name, new ort.Tensor('float32', view, shape)]
      })
    )
  const entries = tensors(CARRY)
  for (const [name, tensor] of Object.entries(entries)) (tensor.data as Float32Array).set(first[name].data)
  return {
    entries,
    results: tensors(RESULT),
    run: () => {
      for (const { call, parameters } of calls) call(...parameters)
    }
  }
}

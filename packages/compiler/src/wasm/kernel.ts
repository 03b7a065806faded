/** Element-wise kernels as WebAssembly: four entries at a time, each read and written once. */
import type { Kernel, Operand } from '../graph/update.js'
import { F32, I32, V128, type WasmFunction, wasm } from './module.js'

/**
 * Results below the smallest normal number become 0, as in ONNX Runtime's sessions here: some processors take a hundred
 * times longer for such numbers, and averages of an optimizer decay through them.
 */
const SMALLEST_NORMAL = 2 ** -126

/** How one number, or four, are computed. */
interface Width {
  readonly type: number
  readonly bytes: number
  readonly load: readonly number[]
  readonly store: readonly number[]
  readonly literal: (value: number) => readonly number[]
  /** Of the value in a local. */
  readonly flushed: (local: number) => readonly number[]
  readonly arithmetic: 'one' | 'four'
}

const one: Width = {
  type: F32,
  bytes: 4,
  load: wasm.loadF32(),
  store: wasm.storeF32(),
  literal: wasm.f32,
  flushed: (local) => [
    ...wasm.f32(0),
    ...wasm.get(local),
    ...wasm.get(local),
    ...wasm.absF32,
    ...wasm.f32(SMALLEST_NORMAL),
    ...wasm.lessF32,
    ...wasm.select
  ],
  arithmetic: 'one'
}

const four: Width = {
  type: V128,
  bytes: 16,
  load: wasm.loadV128(),
  store: wasm.storeV128(),
  literal: wasm.v128,
  flushed: (local) => [
    ...wasm.get(local),
    ...wasm.get(local),
    ...wasm.absF32x4,
    ...wasm.v128(SMALLEST_NORMAL),
    ...wasm.lessF32x4,
    ...wasm.andNot
  ],
  arithmetic: 'four'
}

/**
 * The function of a kernel. Parameters: the number of entries, then addresses in bytes of all vectors, scalars and
 * results.
 */
export const kernelFunction = ({ vectors, scalars, steps, results }: Kernel): WasmFunction => {
  const parameters = 1 + vectors + scalars + results.length
  const locals: number[] = []
  const local = (type: number): number => parameters + locals.push(type) - 1
  const [at, end] = [local(I32), local(I32)]
  const address = (parameter: number): number[] => [...wasm.get(parameter), ...wasm.get(at), ...wasm.addI32]
  const scalarParameter = (i: number): number => 1 + vectors + i
  const loop = (width: Width): number[] => {
    const held = Array.from({ length: scalars }, () => local(width.type))
    const read = Array.from({ length: vectors }, () => local(width.type))
    const made = steps.map(() => local(width.type))
    const operand = (from: Operand): readonly number[] => {
      if ('vector' in from) return wasm.get(read[from.vector])
      if ('scalar' in from) return wasm.get(held[from.scalar])
      return 'step' in from ? wasm.get(made[from.step]) : width.literal(from.literal)
    }
    const before = held.flatMap((name, i) => [
      ...wasm.get(scalarParameter(i)),
      ...wasm.loadF32(),
      ...(width === four ? wasm.splatF32 : []),
      ...wasm.set(name)
    ])
    const kept = local(width.type)
    const body = [
      ...read.flatMap((name, i) => [...address(1 + i), ...width.load, ...wasm.set(name)]),
      ...steps.flatMap(({ op, operands }, i) => [
        ...operands.flatMap(operand),
        ...wasm.arithmetic[op][width.arithmetic],
        ...wasm.set(made[i])
      ]),
      ...results.flatMap((result, i) => [
        ...operand(result),
        ...wasm.set(kept),
        ...address(1 + vectors + scalars + i),
        ...width.flushed(kept),
        ...width.store
      ]),
      ...wasm.get(at),
      ...wasm.i32(width.bytes),
      ...wasm.addI32,
      ...wasm.set(at)
    ]
    return [...before, ...wasm.whileLoop([...wasm.get(at), ...wasm.get(end), ...wasm.lessI32], body)]
  }
  const bytesOf = (mask: number): number[] => [
    ...wasm.get(0),
    ...wasm.i32(mask),
    ...wasm.andI32,
    ...wasm.i32(2),
    ...wasm.shiftLeftI32,
    ...wasm.set(end)
  ]
  const body = [...bytesOf(~3), ...loop(four), ...bytesOf(~0), ...loop(one)]
  return { parameters, locals, body }
}

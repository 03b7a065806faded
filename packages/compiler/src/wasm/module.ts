/** The few parts of WebAssembly's binary format that kernels need (WebAssembly Core Specification 2.0, chapter 5). */

/** Unsigned LEB128. */
export const unsigned = (value: number): number[] => {
  const out: number[] = []
  let rest = value
  do {
    const group = rest & 127
    rest >>>= 7
    out.push(rest === 0 ? group : group | 128)
  } while (rest !== 0)
  return out
}

/** Signed LEB128 of a 32-bit number. */
const signed = (value: number): number[] => {
  const out: number[] = []
  let rest = value
  for (;;) {
    const group = rest & 127
    rest >>= 7
    if ((rest === 0 && (group & 64) === 0) || (rest === -1 && (group & 64) !== 0)) return [...out, group]
    out.push(group | 128)
  }
}

const float = (value: number): number[] => [...new Uint8Array(Float32Array.of(value).buffer)]

const list = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()]
const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes]
const text = (value: string): number[] => sized([...new TextEncoder().encode(value)])
const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)]

export const I32 = 0x7f
export const F32 = 0x7d
export const V128 = 0x7b
const VOID = 0x40

const vector = (opcode: number, ...rest: number[]): number[] => [0xfd, ...unsigned(opcode), ...rest]
/** Alignment as a power of two, then the offset in bytes. */
const memory = (alignment: number, offset: number): number[] => [...unsigned(alignment), ...unsigned(offset)]

/** Instructions. */
export const wasm = {
  get: (local: number): number[] => [0x20, ...unsigned(local)],
  set: (local: number): number[] => [0x21, ...unsigned(local)],
  i32: (value: number): number[] => [0x41, ...signed(value)],
  addI32: [0x6a],
  andI32: [0x71],
  shiftLeftI32: [0x74],
  lessI32: [0x49],
  /** Repeats its body as long as the condition, asked before each turn, holds. */
  whileLoop: (condition: readonly number[], body: readonly number[]): number[] => [
    ...[0x02, VOID, 0x03, VOID],
    ...condition,
    // Out of the block where it does not hold, else on and back to the loop.
    ...[0x45, 0x0d, 1],
    ...body,
    ...[0x0c, 0, 0x0b, 0x0b]
  ],
  select: [0x1b],
  f32: (value: number): number[] => [0x43, ...float(value)],
  loadF32: (offset = 0): number[] => [0x2a, ...memory(2, offset)],
  storeF32: (offset = 0): number[] => [0x38, ...memory(2, offset)],
  lessF32: [0x5d],
  absF32: [0x8b],
  v128: (value: number): number[] => vector(12, ...[0, 1, 2, 3].flatMap(() => float(value))),
  loadV128: (offset = 0): number[] => vector(0, ...memory(2, offset)),
  storeV128: (offset = 0): number[] => vector(11, ...memory(2, offset)),
  splatF32: vector(19),
  lessF32x4: vector(0x43),
  absF32x4: vector(0xe0),
  /** a ∧ ¬b */
  andNot: vector(79),
  /** One number, and four at a time. */
  arithmetic: {
    Abs: { one: [0x8b], four: vector(0xe0) },
    Neg: { one: [0x8c], four: vector(0xe1) },
    Sqrt: { one: [0x91], four: vector(0xe3) },
    Add: { one: [0x92], four: vector(0xe4) },
    Sub: { one: [0x93], four: vector(0xe5) },
    Mul: { one: [0x94], four: vector(0xe6) },
    Div: { one: [0x95], four: vector(0xe7) },
    Min: { one: [0x96], four: vector(0xe8) },
    Max: { one: [0x97], four: vector(0xe9) }
  }
} as const

export interface WasmFunction {
  /** It takes this many 32-bit integers and gives nothing. */
  readonly parameters: number
  /** Types of its further locals. */
  readonly locals: readonly number[]
  readonly body: readonly number[]
}

/** A module that imports the memory `env.memory` and exports its functions as `0`, `1`, …. */
export const wasmModule = (functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> => {
  const types = functions.map(({ parameters }) => [
    0x60,
    ...list(Array.from({ length: parameters }, () => [I32])),
    0
  ])
  const codes = functions.map(({ locals, body }) =>
    sized([...list(locals.map((type) => [1, type])), ...body, 0x0b])
  )
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(types)),
    ...section(2, list([[...text('env'), ...text('memory'), 2, 0, 0]])),
    ...section(3, list(functions.map((_, i) => unsigned(i)))),
    ...section(7, list(functions.map((_, i) => [...text(String(i)), 0, ...unsigned(i)]))),
    ...section(10, list(codes))
  ])
}

/** The few parts of Protocol Buffers' wire format that an ONNX model needs. */

const VARINT = 0
const FIXED32 = 5
const LENGTH_DELIMITED = 2

/** A message in the making; fields come in the order in which they are added. */
export interface Message {
  readonly integer: (field: number, value: number | bigint) => Message
  readonly float: (field: number, value: number) => Message
  readonly text: (field: number, value: string) => Message
  readonly bytes: (field: number, value: Uint8Array) => Message
  readonly message: (field: number, value: Message) => Message
  /** Repeated integers, packed. */
  readonly integers: (field: number, values: readonly number[]) => Message
  readonly chunks: readonly Uint8Array[]
  readonly size: () => number
}

/** Base 128, least significant group first; negative numbers as 64-bit two's complement. */
const varint = (value: number | bigint): number[] => {
  let rest = BigInt.asUintN(64, BigInt(value))
  const out: number[] = []
  do {
    const group = Number(rest & 127n)
    rest >>= 7n
    out.push(rest === 0n ? group : group | 128)
  } while (rest !== 0n)
  return out
}

const key = (field: number, wire: number): number[] => varint(field * 8 + wire)

export const protobufMessage = (): Message => {
  const chunks: Uint8Array[] = []
  let size = 0
  const push = (chunk: Uint8Array): void => {
    chunks.push(chunk)
    size += chunk.length
  }
  const delimited = (field: number, length: number): void =>
    push(Uint8Array.from([...key(field, LENGTH_DELIMITED), ...varint(length)]))
  const self: Message = {
    chunks,
    size: () => size,
    integer: (field, value) => {
      push(Uint8Array.from([...key(field, VARINT), ...varint(value)]))
      return self
    },
    float: (field, value) => {
      const bytes = new Uint8Array(4)
      new DataView(bytes.buffer).setFloat32(0, value, true)
      push(Uint8Array.from([...key(field, FIXED32), ...bytes]))
      return self
    },
    text: (field, value) => self.bytes(field, new TextEncoder().encode(value)),
    bytes: (field, value) => {
      delimited(field, value.length)
      push(value)
      return self
    },
    message: (field, value) => {
      delimited(field, value.size())
      for (const chunk of value.chunks) push(chunk)
      return self
    },
    integers: (field, values) => self.bytes(field, Uint8Array.from(values.flatMap((value) => varint(value))))
  }
  return self
}

/** All chunks in one piece. */
export const encoded = (message: Message): Uint8Array => {
  const out = new Uint8Array(message.size())
  let at = 0
  for (const chunk of message.chunks) {
    out.set(chunk, at)
    at += chunk.length
  }
  return out
}

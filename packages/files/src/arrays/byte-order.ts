/** The order of the bytes of numbers. Node's buffers turn it around several times as fast as a loop. */

/** Turns each element's bytes around, in place. `bytes` is aligned to the elements and holds whole ones. */
export const swapBytes = (bytes: Uint8Array, width: number): void => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (width === 2) buffer.swap16()
  else if (width === 4) buffer.swap32()
  else if (width === 8) buffer.swap64()
}

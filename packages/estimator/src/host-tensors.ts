/** Arrays on the host: building parameters and feeds before they go to a device. */
import type { HostTensor } from './engine.js'

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1)

/** Zeros of the given shape. */
export const zeros = (...shape: number[]): HostTensor => ({ data: new Float32Array(sizeOf(shape)), shape })

/** The same value everywhere. */
export const filled = (value: number, ...shape: number[]): HostTensor => ({
  data: new Float32Array(sizeOf(shape)).fill(value),
  shape
})

/** A scalar. */
export const scalar = (value: number): HostTensor => filled(value)

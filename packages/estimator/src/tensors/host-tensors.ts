/** Arrays on the host: building parameters and feeds before they go to a device. */
import { entryCount, type RealArray } from '@mechid/values'

type Floats = RealArray<Float32Array>

/** Zeros of the given shape. */
export const zeros = (...shape: number[]): Floats => ({ data: new Float32Array(entryCount(shape)), shape })

/** The same value everywhere. */
export const filled = (value: number, ...shape: number[]): Floats => ({
  data: new Float32Array(entryCount(shape)).fill(value),
  shape
})

/** A scalar. */
export const scalar = (value: number): Floats => filled(value)

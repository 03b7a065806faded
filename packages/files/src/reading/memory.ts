/** How much memory there is, in bytes. */
import { constants } from 'node:buffer'
import { freemem, totalmem } from 'node:os'

/** Of the machine, or of the container. */
export const totalMemory = (): number =>
  // 0 where there is no container.
  Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)

/** Not in use now. */
export const freeMemory = (): number => freemem()

/** The most elements that an array may have. */
export const LONGEST_ARRAY = constants.MAX_LENGTH

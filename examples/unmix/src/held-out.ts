/** Sequences or rows that unmixing does not see, for scores. */
import { generator } from '@mechid/random'
import { splitRows } from '@mechid/simulators'
import type { Codes } from '@mechid/unmixing'
import { entryCount, type RealArray, takeRows } from '@mechid/values'
import type { FileCodes } from './codes-file.js'

export interface Split {
  readonly seen: Codes
  /** Indices on the first axis of the codes; all of them where there are too few to hold some out. */
  readonly held: Int32Array
  readonly heldOut: boolean
}

const SHARE = 0.1
/** With fewer rows unmixing needs them all; with fewer sequences a tenth of them is none. */
const [FEWEST_ROWS, FEWEST_SEQUENCES] = [1000, 20]

/** Entries `indices` of the first axis, in double precision. */
export const takeFirst = ({ data, shape }: RealArray, indices: Int32Array): RealArray => {
  const [count, ...entry] = shape
  const taken = takeRows({ data, shape: [count, entryCount(entry)] }, indices)
  return { data: taken.data, shape: [indices.length, ...entry] }
}

/** Holds a tenth out, the same for the same seed. */
export const holdOut = ({ codes, actions }: FileCodes, seed: number): Split => {
  const [count, frames] = codes.shape
  const enough =
    codes.shape.length === 3
      ? count >= FEWEST_SEQUENCES && count * (frames - 1) >= FEWEST_ROWS
      : count >= FEWEST_ROWS
  if (!enough) {
    const seen = { codes, ...(actions === undefined ? {} : { actions }) }
    return { seen, held: Int32Array.from({ length: count }, (_, i) => i), heldOut: false }
  }
  const { train, test } = splitRows(count, { validation: 0, test: SHARE }, generator(seed).split('held out'))
  return {
    seen: {
      codes: takeFirst(codes, train),
      ...(actions === undefined ? {} : { actions: takeFirst(actions, train) })
    },
    held: test,
    heldOut: true
  }
}

/** Sequences of unequal lengths, one below the other, as windows of equal length. */
import { failWith } from '@mechid/example-terminal'
import { asFloat64, type NumericArray } from '@mechid/files'
import type { RealArray } from '@mechid/values'

/** `lengths` of a file as numbers of frames; where they do not fit the codes, the program ends and says why. */
export const lengthsOf = (file: string, lengths: NumericArray, lines: number): readonly number[] => {
  const found = Array.from(asFloat64(lengths).data)
  const sum = found.reduce((a, b) => a + b, 0)
  return found.every((length) => Number.isInteger(length) && length >= 1) && sum === lines
    ? found
    : failWith(
        `${file}: lengths has ${found.length} sequences of ${sum} frames in all, the codes ${lines}; they must agree`
      )
}

/**
 * Windows of `frames` frames of sequences, as [windows, frames, width]: every one that lies within a sequence. `array` has a line
 * for each frame, or, with `missing`, that many less a sequence.
 */
export const windowsOf = (
  { data, shape: [, width] }: RealArray,
  lengths: readonly number[],
  frames: number,
  missing = 0
): RealArray => {
  const starts: number[] = []
  let at = 0
  for (const length of lengths) {
    const lines = length - missing
    for (let i = 0; i + frames <= lines; i++) starts.push(at + i)
    at += lines
  }
  const out = new Float64Array(starts.length * frames * width)
  starts.forEach((start, i) => {
    out.set(data.subarray(start * width, (start + frames) * width), i * frames * width)
  })
  return { data: out, shape: [starts.length, frames, width] }
}

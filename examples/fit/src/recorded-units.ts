/** Prepared columns in the units in which they were recorded. */
import type { Prepared } from './data.js'

interface Scale {
  readonly mean: number
  readonly scale: number
}

const AS_IT_IS: Scale = { mean: 0, scale: 1 }

/** One entry for each column of `prepared.a`. */
const actionScales = ({ coding }: Prepared): readonly Scale[] =>
  (coding.actions ?? []).flatMap((column): Scale[] => {
    switch (column._tag) {
      case 'Number':
        return [column]
      case 'Values':
        return column.values.map(() => AS_IT_IS)
      case 'Indicator':
        return [AS_IT_IS]
      default:
        return []
    }
  })

const read = (
  data: ArrayLike<number>,
  width: number,
  j: number,
  lines: Int32Array,
  { mean, scale }: Scale
): number[] => Array.from(lines, (line) => data[line * width + j] * scale + mean)

/** Feature `j` at lines of `x`; nothing where `x` is not in memory. */
export const featureValues = ({ x, coding }: Prepared, j: number, lines: Int32Array): number[] =>
  x === undefined ? [] : read(x.data, x.shape[1], j, lines, coding.features[j])

/** Action column `j` at lines of `a`; nothing without actions. */
export const actionValues = (prepared: Prepared, j: number, lines: Int32Array): number[] =>
  prepared.a === undefined
    ? []
    : read(prepared.a.data, prepared.a.shape[1], j, lines, actionScales(prepared)[j])

/** The actions of a file as columns for unmixing, with names. */
import { failWith, orFail } from '@mechid/example-terminal'
import { asFloat32, asFloat64, type NumericArray } from '@mechid/files'
import { oneHot } from '@mechid/simulators'
import type { RealArray } from '@mechid/values'

export interface ActionColumns {
  readonly array: RealArray
  readonly names: readonly string[]
}

export type ActionKind = 'continuous' | 'discrete'

/** Fewest values of a discrete action: one is compared with the other. */
const FEWEST_VALUES = 2

/**
 * Columns of 0 and 1, one for each value that action column `l` takes. The lowest has none: it is what the others are
 * compared with, and its column would follow from theirs.
 */
const valuesOf = (
  file: string,
  l: number,
  column: Float32Array
): { readonly value: number; readonly taken: Float32Array }[] => {
  const rows = column.length
  const where = `${file}, column ${l} of a`
  const { data, shape } = orFail(oneHot({ data: column, shape: [rows, 1] }, where))
  const columns = Array.from({ length: shape[1] }, (_, value) => ({
    value,
    taken: Float32Array.from({ length: rows }, (_, r) => data[r * shape[1] + value])
  }))
  const taken = columns.filter((one) => one.taken.includes(1))
  return taken.length < FEWEST_VALUES
    ? failWith(`${where} is ${taken[0]?.value ?? 0} in every row; actions must vary`)
    : taken.slice(1)
}

const discrete = (file: string, { data, shape }: NumericArray<Float32Array>): ActionColumns => {
  const width = shape[shape.length - 1]
  const rows = data.length / width
  const columns = Array.from({ length: width }, (_, l) =>
    valuesOf(
      file,
      l,
      Float32Array.from({ length: rows }, (_, r) => data[r * width + l])
    ).map(({ value, taken }) => ({ name: `a${l}=${value}`, taken }))
  ).flat()
  const out = new Float32Array(rows * columns.length)
  columns.forEach(({ taken }, c) => {
    for (let r = 0; r < rows; r++) out[r * columns.length + c] = taken[r]
  })
  return {
    array: { data: out, shape: [...shape.slice(0, -1), columns.length] },
    names: columns.map(({ name }) => name)
  }
}

/** The columns of `a`; an array of one rank less is one column. Where `a` is malformed, the program ends and says why. */
export const actionColumns = (
  file: string,
  a: NumericArray,
  rank: number,
  kind: ActionKind
): ActionColumns => {
  const shape = a.shape.length === rank - 1 ? [...a.shape, 1] : a.shape
  if (shape.length === 0 || shape.includes(0)) return failWith(`${file}: a has shape [${a.shape.join(', ')}]`)
  if (kind === 'discrete') return discrete(file, { data: asFloat32(a).data, shape })
  const data = a.data instanceof Float32Array ? a.data : asFloat64(a).data
  const width = shape[shape.length - 1]
  return { array: { data, shape }, names: Array.from({ length: width }, (_, l) => `a${l}`) }
}

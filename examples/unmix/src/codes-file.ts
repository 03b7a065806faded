/** Codes as they lie in an archive. */
import { failWith, orFail } from '@mechid/example-terminal'
import { asFloat64, type NumericArray, readNpz } from '@mechid/files'
import type { Codes, Unmixed } from '@mechid/unmixing'
import type { RealArray } from '@mechid/values'
import { type ActionKind, actionColumns } from './actions.js'

export interface FileCodes extends Codes {
  readonly actionNames: readonly string[]
  /** True latents, [rows or frames, latents]. */
  readonly z?: { readonly data: Float64Array; readonly shape: readonly [number, number] }
}

const codeArray = (array: NumericArray): RealArray => ({
  data: array.data instanceof Float32Array ? array.data : asFloat64(array).data,
  shape: array.shape
})

const trueLatents = (file: string, z: NumericArray, codes: NumericArray): FileCodes['z'] => {
  const sameRows =
    z.shape.length === codes.shape.length &&
    z.shape.every((n, i) => i === z.shape.length - 1 || n === codes.shape[i])
  if (!sameRows) {
    return failWith(
      `${file}: z has shape [${z.shape.join(', ')}], the codes [${codes.shape.join(', ')}]; rows and frames must agree`
    )
  }
  const width = z.shape[z.shape.length - 1]
  return { data: asFloat64(z).data, shape: [z.data.length / width, width] }
}

/** Reads arrays h or x, a and z, or ends the program with what is wrong. */
export const readCodes = async (file: string, kind: ActionKind): Promise<FileCodes> => {
  const arrays = orFail(await readNpz(file)())
  const codes = arrays.h ?? arrays.x
  if (codes === undefined) {
    return failWith(`${file} has arrays ${Object.keys(arrays).join(', ')}; h or x, the codes, is needed`)
  }
  const { a, z } = arrays
  const actions = a === undefined ? undefined : actionColumns(file, a, codes.shape.length, kind)
  const truth = z === undefined ? undefined : trueLatents(file, z, codes)
  return {
    codes: codeArray(codes),
    actionNames: actions?.names ?? [],
    ...(actions === undefined ? {} : { actions: actions.array }),
    ...(truth === undefined ? {} : { z: truth })
  }
}

/** ẑ = matrix (h − centre) for every row, or every frame, in the shape of the codes. */
export const latentsOf = ({ data, shape }: RealArray, { map, latents: d }: Unmixed) => {
  const out = new Float64Array(data.length)
  for (let at = 0; at < data.length; at += d) {
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) out[at + i] += map.matrix[i * d + j] * (data[at + j] - map.centre[j])
    }
  }
  return { data: out, shape: [...shape] }
}

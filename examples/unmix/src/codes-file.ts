/** Reads codes, actions and true latents from an archive. */
import { failWith, orFail } from '@mechid/example-terminal'
import { asFloat64, type NumericArray, readNpz } from '@mechid/files'
import type { Codes } from '@mechid/unmixing'
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

/** Reads the arrays h or x, a and z. Where something is wrong with them, the program ends and says what. */
export const readCodes = async (file: string, kind: ActionKind): Promise<FileCodes> => {
  const arrays = orFail(await readNpz(file)())
  const codes = arrays.h ?? arrays.x
  if (codes === undefined) {
    return failWith(`${file} has arrays ${Object.keys(arrays).join(', ')}; h or x is needed: the codes`)
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

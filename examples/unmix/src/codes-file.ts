/** Reads codes, actions and true latents from an archive. */
import { failWith, orFail } from '@mechid/example-terminal'
import { asFloat64, type NumericArray, readNpz } from '@mechid/files'
import type { Codes } from '@mechid/unmixing'
import { checkFinite, type RealArray } from '@mechid/values'
import { type ActionKind, actionColumns } from './actions.js'
import { lengthsOf, windowsOf } from './windows.js'

export interface FileCodes extends Codes {
  readonly actionNames: readonly string[]
  /** True latents, with the axes of the codes. */
  readonly z?: RealArray
  /** The codes as they lie in the file: where sequences differ in length, `codes` are windows of them. */
  readonly lines: RealArray
}

const codeArray = (array: NumericArray): RealArray => ({
  data: array.data instanceof Float32Array ? array.data : asFloat64(array).data,
  shape: array.shape
})

const trueLatents = (file: string, z: NumericArray, codes: NumericArray): RealArray => {
  const sameRows =
    z.shape.length === codes.shape.length &&
    z.shape.every((n, i) => i === z.shape.length - 1 || n === codes.shape[i])
  if (!sameRows) {
    return failWith(
      `${file}: z has shape [${z.shape.join(', ')}], the codes [${codes.shape.join(', ')}]; rows and frames must agree`
    )
  }
  return { data: asFloat64(z).data, shape: z.shape }
}

/** Windows of `lags` + 1 frames in place of sequences of unequal length. */
const inWindows = (file: string, found: FileCodes, lengths: NumericArray, lags: number): FileCodes => {
  const { codes, actions, z } = found
  const all = lengthsOf(file, lengths, codes.shape[0])
  const missing = actions === undefined || actions.shape[0] === codes.shape[0] ? 0 : 1
  if (actions !== undefined && actions.shape[0] !== codes.shape[0] - missing * all.length) {
    return failWith(
      `${file}: a has ${actions.shape[0]} lines, the codes ${codes.shape[0]} in ${all.length} sequences; a needs as many, or one less a sequence`
    )
  }
  return {
    ...found,
    codes: windowsOf(codes, all, lags + 1),
    ...(actions === undefined ? {} : { actions: windowsOf(actions, all, lags, missing) }),
    ...(z === undefined ? {} : { z: windowsOf(z, all, lags + 1) })
  }
}

/**
 * Reads the arrays h or x, a, z and lengths. Where something is wrong with them, the program ends and says what. `lags`: past
 * frames that a transition reads.
 */
export const readCodes = async (file: string, kind: ActionKind, lags: number): Promise<FileCodes> => {
  const arrays = orFail(await readNpz(file)())
  const codes = arrays.h ?? arrays.x
  if (codes === undefined) {
    return failWith(`${file} has arrays ${Object.keys(arrays).join(', ')}; h or x is needed: the codes`)
  }
  const { a, z, lengths } = arrays
  // Here, where rows are still those of the file.
  for (const [name, array] of Object.entries({ [arrays.h === undefined ? 'x' : 'h']: codes, a, z })) {
    if (array !== undefined) orFail(checkFinite(file, name, codeArray(array)))
  }
  const actions = a === undefined ? undefined : actionColumns(file, a, codes.shape.length, kind)
  const found: FileCodes = {
    codes: codeArray(codes),
    lines: codeArray(codes),
    actionNames: actions?.names ?? [],
    ...(actions === undefined ? {} : { actions: actions.array }),
    ...(z === undefined ? {} : { z: trueLatents(file, z, codes) })
  }
  return lengths === undefined || codes.shape.length !== 2 ? found : inWindows(file, found, lengths, lags)
}

/** Codes as they lie in an archive. */
import { failWith, orFail } from '@mechid/example-terminal'
import { asFloat32, asFloat64, message, type NumericArray, readNpz } from '@mechid/files'
import type { CodeArray, Codes, Unmixed } from '@mechid/unmixing'

export interface FileCodes extends Codes {
  /** True latents, [rows or frames, latents]. */
  readonly z?: { readonly data: Float64Array; readonly shape: readonly [number, number] }
}

const codeArray = ({ data, shape }: NumericArray): CodeArray => ({
  data: data instanceof Float32Array ? asFloat32({ data, shape }).data : asFloat64({ data, shape }).data,
  shape
})

/** Reads arrays h or x, a and z, or ends the program with what is wrong. */
export const readCodes = async (file: string): Promise<FileCodes> => {
  const arrays = orFail(await readNpz(file)(), message)
  const codes = arrays.h ?? arrays.x
  if (codes === undefined) {
    return failWith(`${file} has arrays ${Object.keys(arrays).join(', ')}; h or x, the codes, is needed`)
  }
  const { a, z } = arrays
  if (
    z !== undefined &&
    (z.shape.length !== codes.shape.length ||
      z.shape.some((n, i) => i < z.shape.length - 1 && n !== codes.shape[i]))
  ) {
    return failWith(
      `${file}: z has shape [${z.shape.join(', ')}], the codes [${codes.shape.join(', ')}]; rows and frames must agree`
    )
  }
  const width = z?.shape[z.shape.length - 1] ?? 1
  return {
    codes: codeArray(codes),
    ...(a === undefined ? {} : { actions: codeArray(a) }),
    ...(z === undefined
      ? {}
      : { z: { data: asFloat64(z).data, shape: [z.data.length / width, width] as const } })
  }
}

/** ẑ = matrix (h − centre) for every row, or every frame, in the shape of the codes. */
export const latentsOf = ({ data, shape }: CodeArray, { map, latents: d }: Unmixed) => {
  const out = new Float64Array(data.length)
  for (let at = 0; at < data.length; at += d) {
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) out[at + i] += map.matrix[i * d + j] * (data[at + j] - map.centre[j])
    }
  }
  return { data: out, shape: [...shape] }
}

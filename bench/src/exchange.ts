/** Hands arrays to a peer: as .npz files, which NumPy reads. */
import { join } from 'node:path'
import { type NumericArray, writeNpz } from '@mechid/files'
import { orThrow } from '@mechid/values'

const PARAMETER = 'parameter.'

/** A model's parameters as entries of an archive, where names have no folders: `encoder/w0` is `parameter.encoder.w0`. */
export const parameterEntries = <A>(parameters: Readonly<Record<string, A>>): Readonly<Record<string, A>> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [PARAMETER + name.replaceAll('/', '.'), value])
  )

/** Writes the arrays as `NAME.npz` into the folder and answers the path, or rejects. */
export const arraysFor = async (
  folder: string,
  name: string,
  arrays: Readonly<Record<string, NumericArray>>
): Promise<string> => {
  const path = join(folder, `${name}.npz`)
  await orThrow(writeNpz(path, arrays))
  return path
}

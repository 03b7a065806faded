/** How arrays get to a peer: as .npz files, which NumPy reads. */
import { join } from 'node:path'
import { type NumericArray, writeNpz } from '@mechid/files'
import { orThrow } from '@mechid/values'

/** Writes the arrays as `NAME.npz` in the folder; its path. Rejects where it cannot. */
export const arraysFor = async (
  folder: string,
  name: string,
  arrays: Readonly<Record<string, NumericArray>>
): Promise<string> => {
  const path = join(folder, `${name}.npz`)
  await orThrow(writeNpz(path, arrays))
  return path
}

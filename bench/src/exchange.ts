/** How arrays get to a peer: as .npz files, which NumPy reads. */
import { join } from 'node:path'
import { message, type NumericArray, writeNpz } from '@mechid/files'

/** Writes the arrays as `NAME.npz` in the folder; its path. Rejects where it cannot. */
export const arraysFor = async (
  folder: string,
  name: string,
  arrays: Readonly<Record<string, NumericArray>>
): Promise<string> => {
  const path = join(folder, `${name}.npz`)
  const done = await writeNpz(path, arrays)()
  if (done._tag === 'Left') throw new Error(message(done.left))
  return path
}

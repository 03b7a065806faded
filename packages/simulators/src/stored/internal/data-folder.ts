/** Folders of data on the disk. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Whether `path` is a folder. */
export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false
  )

/** The path of a file in a folder. */
export const fileIn = (folder: string, name: string): string => join(folder, name)

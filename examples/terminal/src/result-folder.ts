/** The folder that a run leaves behind: checked before hours of work, filled when the work is done. */
import { dirname, join, resolve } from 'node:path'
import { checkWritable, type FileError, writeFileAtomically } from '@mechid/files'
import { type ReportContent, renderHtml, renderPictures } from '@mechid/report'
import type * as E from 'fp-ts/lib/Either.js'
import { orFail } from './output.js'

const fine = <A>(result: E.Either<FileError, A>): A => orFail(result)

/** Creates the folder, and that of the JSON file, or ends the program with what is wrong. */
export const prepareFolder = async (folder: string, json?: string): Promise<void> => {
  fine(await checkWritable(resolve(folder))())
  if (json !== undefined) fine(await checkWritable(dirname(resolve(json)))())
}

export const writeText = async (path: string, text: string): Promise<void> => {
  fine(await writeFileAtomically(resolve(path), text)())
}

export const writeJson = (path: string, value: unknown): Promise<void> =>
  writeText(path, `${JSON.stringify(value, null, 2)}\n`)

/** `report.html` and, in `pictures/`, each picture as an SVG. */
export const writeReport = async (folder: string, content: ReportContent): Promise<void> => {
  const html = orFail(await renderHtml(content)())
  const pictures = orFail(await renderPictures(content)())
  fine(await checkWritable(resolve(folder, 'pictures'))())
  for (const { name, svg } of pictures) await writeText(join(folder, 'pictures', name), svg)
  await writeText(join(folder, 'report.html'), html)
}

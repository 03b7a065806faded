/** The folder of a run's results: checked before the work, filled after it. */
import { dirname, join, resolve } from 'node:path'
import { checkWritable, writeFileAtomically } from '@mechid/files'
import { type ReportContent, renderHtml, renderPictures } from '@mechid/report'
import { orFail } from './output.js'

/** Creates the folder, and that of the JSON file. Where one cannot be written, the program ends and says why. */
export const prepareFolder = async (folder: string, json?: string): Promise<void> => {
  orFail(await checkWritable(resolve(folder))())
  if (json !== undefined) orFail(await checkWritable(dirname(resolve(json)))())
}

export const writeText = async (path: string, text: string): Promise<void> => {
  orFail(await writeFileAtomically(resolve(path), text)())
}

export const writeJson = (path: string, value: unknown): Promise<void> =>
  writeText(path, `${JSON.stringify(value, null, 2)}\n`)

/** `report.html` and, in `pictures/`, each picture as an SVG. */
export const writeReport = async (folder: string, content: ReportContent): Promise<void> => {
  const html = orFail(await renderHtml(content)())
  const pictures = orFail(await renderPictures(content)())
  orFail(await checkWritable(resolve(folder, 'pictures'))())
  for (const { name, svg } of pictures) await writeText(join(folder, 'pictures', name), svg)
  await writeText(join(folder, 'report.html'), html)
}

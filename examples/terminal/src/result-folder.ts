/** The folder of a run's results: checked before the work, filled after it. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { checkWritable, writeFileAtomically } from '@mechid/files'
import { type ReportContent, renderHtml, renderPictures } from '@mechid/report'
import { failWith, orFail } from './output.js'
import { listenToSignals } from './signals.js'

const LOCK = '.running'

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    // The process exists, and is another user's.
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The process that a lock names, if it is still running. */
const holderOf = (lock: string): number | undefined => {
  try {
    const pid = Number(readFileSync(lock, 'utf8'))
    return Number.isInteger(pid) && pid > 0 && pid !== process.pid && isRunning(pid) ? pid : undefined
  } catch {
    return undefined
  }
}

/** A file that was being written beside its target: `.NAME.UUID.tmp`. */
const HALF_WRITTEN = /^\..+\.[0-9a-f-]{36}\.tmp$/

/** Folders of a run within its own. */
const INNER =
  /^(pictures|seed-\d+|dense|sharpen|refine|refine again|straighten \d+|pilots|variance \w+|\d+ latents( again)?)$/

/** Removes what a run that was killed or interrupted has not finished writing. Nobody else writes in a locked folder. */
const removeHalfWritten = (folder: string): void => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && INNER.test(entry.name)) removeHalfWritten(path)
    else if (entry.isFile() && HALF_WRITTEN.test(entry.name)) rmSync(path, { force: true })
  }
}

/** Two runs in one folder would mix their files: the second one ends here. What a killed run left does not count. */
const lockFolder = (folder: string): void => {
  const lock = resolve(folder, LOCK)
  const holder = holderOf(lock)
  if (holder !== undefined)
    failWith(`${folder}: another run (process ${holder}) writes there; wait for it, or choose another --out`)
  writeFileSync(lock, String(process.pid))
  removeHalfWritten(resolve(folder))
  listenToSignals()
  process.on('exit', () => {
    if (!existsSync(lock)) return
    removeHalfWritten(resolve(folder))
    rmSync(lock, { force: true })
  })
}

/** Creates the folder, for this run alone, and that of the JSON file; the program ends where one cannot be written. */
export const prepareFolder = async (folder: string, json?: string): Promise<void> => {
  orFail(await checkWritable(resolve(folder))())
  lockFolder(folder)
  if (json !== undefined) orFail(await checkWritable(dirname(resolve(json)))())
}

export const writeText = async (path: string, text: string): Promise<void> => {
  orFail(await writeFileAtomically(resolve(path), text)())
}

export const writeJson = (path: string, value: unknown): Promise<void> =>
  writeText(path, `${JSON.stringify(value, null, 2)}\n`)

/** The object in a JSON file of an earlier run; undefined where there is no such file, or it cannot be read as one. */
export const keptJson = (file: string): object | undefined => {
  if (!existsSync(file)) return undefined
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof kept === 'object' && kept !== null ? kept : undefined
  } catch {
    return undefined
  }
}

/** `report.html` and, in `pictures/`, each picture as an SVG. */
export const writeReport = async (folder: string, content: ReportContent): Promise<void> => {
  const html = orFail(await renderHtml(content)())
  const pictures = orFail(await renderPictures(content)())
  orFail(await checkWritable(resolve(folder, 'pictures'))())
  for (const { name, svg } of pictures) await writeText(join(folder, 'pictures', name), svg)
  await writeText(join(folder, 'report.html'), html)
}

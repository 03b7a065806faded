/** Progress of unmixing: a bar for each of its searches. */
import { type ProgressBar, progressBar } from './output.js'

/** Parts of a bar: the total changes while a search runs. */
const PARTS = 1000

/** `done` of `of`, and what is counted. */
export interface Counted {
  readonly what: string
  readonly done: number
  readonly of: number
}

export interface SearchProgress {
  readonly update: (progress: Counted) => void
  readonly stop: () => void
}

export const searchProgress = (label: string): SearchProgress => {
  let bar: ProgressBar | undefined
  let last: Counted | undefined
  return {
    update: (progress) => {
      const { what, done, of } = progress
      if (what !== last?.what || done < last.done) {
        bar?.stop()
        bar = progressBar(label, PARTS)
      }
      last = progress
      bar?.update(Math.round((PARTS * done) / of), {
        [what]: what === 'latents found' ? `${done} of ${of}` : `${done}`
      })
    },
    stop: () => bar?.stop()
  }
}

/** The number of latents that a command line asks for: stated, or chosen from a range by what held-out rows say. */
import { existsSync, readFileSync } from 'node:fs'
import type { Engine } from '@mechid/engine'
import type { Recipe } from '@mechid/estimator'
import {
  failWith,
  interruptible,
  orInterrupted,
  type ProgressBar,
  progressBar,
  say,
  table,
  writeJson
} from '@mechid/example-terminal'
import { chooseLatents, type LatentNumber } from '@mechid/model-selection'
import type { Prepared } from './data.js'

/** Numbers of latents, `least` to `most`. */
export interface LatentRange {
  readonly least: number
  readonly most: number
}

/** `auto` tries no more: each training costs its time. */
const MOST_TRIED = 20

/** `7`, `8..12`, or `auto`: from 1 to the number of features, 20 at most. */
export const latentRange = (text: string, features: number): LatentRange => {
  if (text === 'auto') return { least: 1, most: Math.min(features, MOST_TRIED) }
  const [, first = '', last = first] = /^(\d+)(?:\.\.(\d+))?$/.exec(text) ?? []
  const [least, most] = [Number(first), Number(last)]
  return first !== '' && least >= 1 && least <= most
    ? { least, most }
    : failWith(`--latents is "${text}"; it must be a number, 1 or more, a range such as 8..12, or auto`, 2)
}

const rowsOf = ({ tried, latents }: LatentNumber): string[][] => [
  ['latents', 'in use', 'held-out nats', 'behind', ''],
  ...tried.map((one) => [
    String(one.latents),
    String(one.used),
    (-one.heldOut).toFixed(2),
    one.behind.nats === 0 ? '0' : `${one.behind.nats.toFixed(2)} ± ${one.behind.standardError.toFixed(2)}`,
    one.latents === latents ? 'chosen' : ''
  ])
]

const sentence = ({ latents, decided }: LatentNumber, { least, most }: LatentRange): string =>
  decided
    ? `${latents} latents: with one fewer, held-out rows are less likely; with more, some hold nothing.`
    : `${latents} latents are the fewest of ${least} to ${most} that explain held-out rows as well as any; the trainings do not settle it.`

interface Choosing {
  readonly engine: Engine
  readonly seed: number
  readonly recipe: (latents: number) => Recipe
}

/** Trains with several numbers of latents and says which it takes. */
const chosenLatents = async (
  { training, heldOut }: Prepared,
  range: LatentRange,
  { engine, seed, recipe }: Choosing
): Promise<LatentNumber> => {
  let bar: ProgressBar | undefined
  let shown: number | undefined
  const found = await interruptible(
    (signal) =>
      chooseLatents(training, heldOut, {
        ...range,
        engine,
        seed,
        recipe,
        signal,
        onProgress: ({ latents, step, steps, loss }) => {
          if (latents !== shown) {
            bar?.stop()
            bar = progressBar(`${latents} latents`, steps)
            shown = latents
          }
          bar?.update(step, { loss: loss.toFixed(3) })
        }
      })(),
    () => bar?.stop()
  )
  const chosen = orInterrupted(found)
  say(`\n${table(rowsOf(chosen))}`)
  say(sentence(chosen, range))
  return chosen
}

const isKept = (kept: unknown, range: LatentRange): kept is LatentNumber & LatentRange => {
  const { least, most, latents } = (kept ?? {}) as Partial<LatentNumber & LatentRange>
  return least === range.least && most === range.most && Number.isSafeInteger(latents)
}

/** The choice that an earlier run of the same range left in `file`. */
const keptLatents = (file: string, range: LatentRange): number | undefined => {
  if (!existsSync(file)) return undefined
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return isKept(kept, range) ? kept.latents : undefined
  } catch {
    // What cannot be read counts as none: the number is chosen again.
    return undefined
  }
}

/** The number of latents: the one that is stated, or the choice from a range, which is kept in the file `record`. */
export const latentsFor = async (
  prepared: Prepared,
  range: LatentRange,
  { record, resume, ...choosing }: Choosing & { readonly record: string; readonly resume: boolean }
): Promise<number> => {
  if (range.least === range.most) return range.most
  const kept = resume ? keptLatents(record, range) : undefined
  if (kept !== undefined) return kept
  const chosen = await chosenLatents(prepared, range, choosing)
  await writeJson(record, { ...range, ...chosen })
  return chosen.latents
}

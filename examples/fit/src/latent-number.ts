/** The number of latents that a command line asks for: stated, or chosen from a range by what held-out rows say. */
import type { Engine } from '@mechid/engine'
import type { Recipe } from '@mechid/estimator'
import {
  failWith,
  interruptible,
  orInterrupted,
  type ProgressBar,
  progressBar,
  say,
  table
} from '@mechid/example-terminal'
import { chooseLatents, type LatentNumber } from '@mechid/model-selection'
import type { Prepared } from './data.js'
import { decidedOnce, ON_RESUME, type Pilots, pilotRun } from './pilots.js'

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
  { engine, seed, recipe }: Choosing,
  pilots: Pilots
): Promise<LatentNumber> => {
  let bar: ProgressBar | undefined
  let shown: string | undefined
  const found = await interruptible(
    (signal) =>
      chooseLatents(training, heldOut, {
        ...range,
        engine,
        seed,
        recipe,
        signal,
        ...pilotRun(pilots),
        onProgress: ({ latents, start, step, steps, loss }) => {
          const named = `${latents} latents${start === 1 ? '' : ' again'}`
          if (named !== shown) {
            bar?.stop()
            bar = progressBar(named, steps)
            shown = named
          }
          bar?.update(step, { loss: loss.toFixed(3) })
        }
      })(),
    () => bar?.stop()
  )
  const chosen = orInterrupted(found, ON_RESUME)
  say(`\n${table(rowsOf(chosen))}`)
  say(sentence(chosen, range))
  return chosen
}

/** Whether a number was decided that the range allows. */
const isWithin =
  ({ least, most }: LatentRange) =>
  (kept: object): kept is Pick<LatentNumber, 'latents'> => {
    const { latents } = kept as Partial<LatentNumber>
    return latents !== undefined && Number.isSafeInteger(latents) && latents >= least && latents <= most
  }

/** The number of latents: the one that is stated, or the choice from a range, which is kept. */
export const latentsFor = async (
  prepared: Prepared,
  range: LatentRange,
  choosing: Choosing,
  pilots: Pilots
): Promise<number> => {
  if (range.least === range.most) return range.most
  const basis = { ...pilots.basis, ...range }
  const { latents } = await decidedOnce('latent-number.json', { ...pilots, basis }, isWithin(range), () =>
    chosenLatents(prepared, range, choosing, pilots)
  )
  return latents
}

/** The number of latents, chosen from a range by what held-out rows say, with progress bars and a table. */
import { chooseLatents, type LatentNumber, type LatentNumberOptions } from '@mechid/model-selection'
import type { ExampleSource } from '@mechid/values'
import { failWith, type ProgressBar, progressBar, say, table } from './output.js'
import { interruptible, orInterrupted } from './signals.js'

/** Numbers of latents, `least` to `most`. */
export interface LatentRange {
  readonly least: number
  readonly most: number
}

/** `auto` tries no more: each training costs its time. */
const MOST_TRIED = 20

/** `7`, `8..12`, or `auto`: from 1 to the number of features, 20 at most. What is none of these ends the program, which names the option. */
export const latentRange = (text: string, features: number, option = '--latents'): LatentRange => {
  if (text === 'auto') return { least: 1, most: Math.min(features, MOST_TRIED) }
  const [, first = '', last = first] = /^(\d+)(?:\.\.(\d+))?$/.exec(text) ?? []
  const [least, most] = [Number(first), Number(last)]
  return first !== '' && least >= 1 && least <= most
    ? { least, most }
    : failWith(`${option} is "${text}"; it must be a number, 1 or more, a range such as 8..12, or auto`, 2)
}

const rowsOf = ({ tried, latents }: LatentNumber): string[][] => [
  ['latents', 'in use', 'held-out nats', 'behind', 'straightness', ''],
  ...tried.map((one) => [
    String(one.latents),
    String(one.used),
    (-one.heldOut).toFixed(2),
    one.behind.nats === 0 ? '0' : `${one.behind.nats.toFixed(2)} ± ${one.behind.standardError.toFixed(2)}`,
    one.straightness?.toFixed(2) ?? '',
    one.latents === latents ? 'chosen' : ''
  ])
]

const FOLDED =
  ' What is decoded along one of them winds to and fro (straightness), as where one stands for two: there may be more.'

const sentence = ({ latents, decided, folded }: LatentNumber, { least, most }: LatentRange): string =>
  decided
    ? `${latents} latents: with one fewer, held-out rows are less likely; with more, some hold nothing.`
    : `${latents} latents are the fewest of ${least} to ${most} that explain held-out rows as well as any; the trainings do not settle it.${folded ? FOLDED : ''}`

/** How numbers are tried; the range is given apart. */
export type ChoiceOptions = Omit<LatentNumberOptions, 'least' | 'most' | 'signal' | 'onProgress'>

/** Trains with several numbers of latents and says which it takes. `advice`: how to go on after an interruption. */
export const latentsChosen = async (
  training: ExampleSource,
  heldOut: ExampleSource,
  range: LatentRange,
  options: ChoiceOptions,
  advice: string
): Promise<LatentNumber> => {
  let bar: ProgressBar | undefined
  let shown: string | undefined
  const found = await interruptible(
    (signal) =>
      chooseLatents(training, heldOut, {
        ...options,
        ...range,
        signal,
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
  const chosen = orInterrupted(found, advice)
  say(`\n${table(rowsOf(chosen))}`)
  say(sentence(chosen, range))
  return chosen
}

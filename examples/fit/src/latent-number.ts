/** The number of latents that a command line asks for: stated, or chosen from a range, and then kept. */
import { type ChoiceOptions, type LatentRange, latentsChosen } from '@mechid/example-terminal'
import type { LatentNumber } from '@mechid/model-selection'
import type { Prepared } from './data.js'
import { decidedOnce, ON_RESUME, type Pilots, pilotRun } from './pilots.js'

/** Whether a number was decided that the range allows. */
const isWithin =
  ({ least, most }: LatentRange) =>
  (kept: object): kept is Pick<LatentNumber, 'latents'> => {
    const { latents } = kept as Partial<LatentNumber>
    return latents !== undefined && Number.isSafeInteger(latents) && latents >= least && latents <= most
  }

/** The number of latents: the one that is stated, or the choice from a range, which is kept. */
export const latentsFor = async (
  { training, heldOut }: Prepared,
  range: LatentRange,
  choosing: Pick<ChoiceOptions, 'engine' | 'seed' | 'recipe'>,
  pilots: Pilots
): Promise<number> => {
  if (range.least === range.most) return range.most
  const basis = { ...pilots.basis, ...range }
  const { latents } = await decidedOnce('latent-number.json', { ...pilots, basis }, isWithin(range), () =>
    latentsChosen(training, heldOut, range, { ...choosing, ...pilotRun(pilots) }, ON_RESUME)
  )
  return latents
}

/** The basis of static codes: its rows are moved by few actions. */
import { identityMatrix } from '@mechid/numerics'
import { type ActionEffects, actionEffects, type RowsFound, rowsOfFewCauses } from './action-effects.js'
import { sameBasis } from './basis.js'
import {
  additiveCandidate,
  additivityOf,
  type Candidate,
  type Chosen,
  FASTER_EFFECTS,
  levelsOf,
  listening,
  type Searching,
  STANDARD_ERRORS
} from './candidates.js'
import { causesOf } from './cause-counts.js'
import type { Harmonics } from './direction-search.js'
import { effectsFromRest, interventionEffects } from './intervention-effects.js'
import type { Interventions } from './interventions.js'
import type { UnmixOptions } from './options.js'
import { type VarianceBasis, varianceBasis } from './variance-basis.js'

const STATIC_SEARCHES = 2
/** Minima closer than this are one. */
const SAME_VALUE = 1e-2
/** How many noise variances make half a cause, in searches by all that actions do together. */
const HALVES = [1, 5]
/**
 * The same, where the bases of these searches are compared. Where codes are precise and a little bent, an action moves latents that it does not act on by .1 to
 * 1.3 noise variances, and a hundred of these would outweigh a cause; what it acts on it moves by 50 to 400.
 */
const COMPARED = 5
/**
 * What interactions explain where they are worth a look: nats a row and latent, and a share of what actions explain. Norms left .4 nats and .013 or more, sums in
 * bent codes .1 to .3 nats and .0003 to .006.
 */
const NOTICED = { nats: 0.1, share: 0.01 }
/**
 * So many causes fewer gives the basis of functions alone away. Codes of additive mechanisms had .1 fewer as a rule and .4 at most, those of
 * norms .6 to 9.
 */
const FEWER = 0.45

/**
 * The map of static codes whose rows are moved by few actions. Where functions of one action each explain nearly all, by these. Else a
 * basis that has few causes by all that actions do together may have fewer of them than it has: of functions alone, a difference of two latents that one action moves
 * alike can have as few causes as the latents do.
 */
export const staticChoice = async (given: Searching): Promise<Chosen> => {
  const { interventions } = given.codes
  if (interventions !== undefined) return fewestInterventions(given, interventions)
  const searching = { ...given, harmonics: neededHarmonics(given) }
  const { hypothesis } = searching.options
  if (hypothesis === 'sparse') return fewestTogether(searching)
  const alone = await fewestActions(searching)
  const { nats, share, standardError, rejected } = additivityOf(searching, alone.best)
  const noticed = nats > NOTICED.nats && share > Math.max(NOTICED.share, STANDARD_ERRORS * standardError)
  if (hypothesis === 'additive' || !(noticed || rejected)) return alone
  const usual: Candidate = rejected ? { ...alone.best, hypothesis: 'sparse' } : alone.best
  return fewestTogether(searching, { ...alone, best: usual })
}

/** Slow sines, or fast ones where these predict held-out rows better. */
const neededHarmonics = (searching: Searching): Harmonics => {
  const d = searching.codes.latents
  const [slow, ...faster] = levelsOf(searching)
  const likelihood = (harmonics: Harmonics): number =>
    additiveCandidate({ ...searching, harmonics }, { rows: identityMatrix(d).data, found: [] }).logLikelihood
  return faster.find((level) => likelihood(level) > likelihood(slow) + FASTER_EFFECTS * d) ?? slow
}

/** What each action of continuous values does to codes: by itself, or `together` with the others. */
const effectsOf = ({ codes, harmonics, sizes }: Searching, together: boolean): ActionEffects =>
  actionEffects(codes, harmonics, sizes.rows, together)

const fewestActions = async (searching: Searching): Promise<Chosen> => {
  const found = await searched(searching, effectsOf(searching, false))
  return counted(found, additiveCandidate(searching, { rows: found.rows, found: found.moved }))
}

/** The basis that has fewest causes by all that actions do together; `usual` unless another has clearly fewer. */
const fewestTogether = async (searching: Searching, usual?: Chosen): Promise<Chosen> => {
  const {
    codes: { latents: d },
    options
  } = searching
  const effects = effectsOf(searching, true)
  const measured = (chosen: Chosen) => ({
    chosen,
    causes: causesOf({ ...effects, half: COMPARED }, chosen.best.rows)
  })
  const found: Array<ReturnType<typeof measured>> = []
  for (const half of HALVES) {
    const rows = await searched(searching, { ...effects, half })
    const additive = additiveCandidate(searching, { rows: rows.rows, found: rows.moved }, 'sparse')
    found.push(measured(counted(rows, { ...additive, actionWorth: rows.worth })))
    if (options.signal?.aborted === true) break
  }
  const least = found.reduce((best, one) => (one.causes < best.causes ? one : best))
  const first = usual === undefined ? least : measured(usual)
  const { chosen, causes } = least.causes < first.causes - FEWER ? least : first
  const ahead = [first, ...found]
    .filter((other) => !sameBasis(chosen.best.rows, other.chosen.best.rows, d))
    .map((rival) => rival.causes - causes)
  const all = chosen.choice.ahead === undefined ? ahead : [chosen.choice.ahead, ...ahead]
  return {
    ...chosen,
    choice: { ...chosen.choice, ahead: all.length === 0 ? undefined : Math.min(...all) }
  }
}

const searched = ({ options, random }: Searching, effects: ActionEffects): Promise<RowsFound> =>
  rowsOfFewCauses(effects, STATIC_SEARCHES, random, listening(options, 'rows tried'))

const counted = ({ search }: RowsFound, best: Candidate): Chosen => {
  const other = search.values.find((value) => value > search.value + SAME_VALUE)
  const ahead = other === undefined ? undefined : other - search.value
  const { logLikelihood } = best
  return { best, choice: { logLikelihood, ahead, unit: 'causes', searches: STATIC_SEARCHES } }
}

/**
 * The map whose rows are moved by few values of one discrete action. Values do not act together, so nothing is supposed of
 * their effects. Where every row has a value, effects are first measured from the one that moves codes least, and again from
 * where the rows that were found rest.
 */
const fewestInterventions = async (searching: Searching, interventions: Interventions): Promise<Chosen> => {
  const { codes, options } = searching
  const first = await searched(searching, interventionEffects(codes, interventions))
  const again =
    options.signal?.aborted === true ? undefined : effectsFromRest(codes, interventions, first.rows)
  const found = again === undefined ? first : await searched(searching, again)
  const basis = { rows: found.rows, found: found.moved }
  const moved = counted(found, additiveCandidate(searching, basis, options.hypothesis))
  const changing = varianceBasis(codes, interventions, searching.random.split('variances'))
  return changing !== undefined && namesBasis(options.hypothesis, changing, found)
    ? changed(searching, changing, moved)
    : moved
}

/** Nats a row and latent that variances must gain to name the basis. */
const CHANGING_VARIANCES = 0.05

/** Whether variances name the basis: if that is asked, or if means do not find all latents, and variances change. */
const namesBasis = (
  hypothesis: UnmixOptions['hypothesis'],
  { gain, rows }: VarianceBasis,
  { moved }: RowsFound
): boolean => {
  if (hypothesis !== undefined) return hypothesis === 'variances'
  return moved.includes(false) && gain > CHANGING_VARIANCES * Math.sqrt(rows.length)
}

const changed = (searching: Searching, { rows, worth, gain }: VarianceBasis, other: Chosen): Chosen => {
  const k = searching.codes.actions.length
  const found = Array.from({ length: rows.length / searching.codes.latents }, (_, i) =>
    worth.subarray(i * k, (i + 1) * k).some((value) => value > 0)
  )
  const best: Candidate = {
    ...additiveCandidate(searching, { rows, found }, 'variances'),
    actionWorth: worth
  }
  const logLikelihood = best.logLikelihood + gain
  return {
    best: { ...best, logLikelihood },
    choice: {
      logLikelihood,
      ahead: logLikelihood - other.choice.logLikelihood,
      unit: 'nats a row',
      searches: 2
    }
  }
}

/** Interventions as discrete actions of a kernel. */
import type { Elementary, Kernel } from '@mechid/mechanisms'
import type { Generator } from '@mechid/random'
import { invalidOption, notFinite, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { GraphError } from '../errors.js'

/** What one regime does to its targets, entry by entry. */
export interface Regime {
  /** Perfect: the location. Imperfect: added to the location. */
  readonly location: ReadonlyArray<number>
  /** Perfect: the scale. Imperfect: a factor of the scale. Above 0. */
  readonly scale: ReadonlyArray<number>
}

/**
 * An intervention on some latents. `perfect` cuts its targets off from past and actions (do(z ~ a law of its own));
 * `imperfect` changes the law that they have. Several regimes are a group: other changes of the same targets.
 */
export interface Intervention {
  readonly kind: 'perfect' | 'imperfect'
  readonly targets: ReadonlyArray<number>
  readonly regimes: ReadonlyArray<Regime>
}

const check = (latents: number, intervention: Intervention, index: number): E.Either<GraphError, void> => {
  const where = `intervene, intervention ${index}`
  const { targets, regimes } = intervention
  if (targets.length === 0) return E.left(shapeMismatch(where, 'the number of targets', 0, 'at least 1'))
  if (regimes.length === 0) return E.left(shapeMismatch(where, 'the number of regimes', 0, 'at least 1'))
  for (const target of targets)
    if (!(Number.isInteger(target) && target >= 0 && target < latents))
      return E.left(invalidOption(where, 'a target', target, `a latent, 0..${latents - 1}`))
  if (new Set(targets).size < targets.length)
    return E.left(invalidOption(where, 'targets', `[${targets.join(', ')}]`, 'each latent once'))
  for (const [r, { location, scale }] of regimes.entries()) {
    for (const [what, values] of [
      ['location', location],
      ['scale', scale]
    ] as const)
      if (values.length !== targets.length)
        return E.left(
          shapeMismatch(
            where,
            `the length of the ${what} of regime ${r}`,
            values.length,
            `${targets.length}, one a target`
          )
        )
    const astray = location.findIndex((m) => !Number.isFinite(m))
    if (astray >= 0)
      return E.left(notFinite(where, `the location of regime ${r}`, location[astray], { column: astray }))
    if (!scale.every((s) => s > 0 && Number.isFinite(s)))
      return E.left(
        invalidOption(where, `the scale of regime ${r}`, `[${scale.join(', ')}]`, 'finite numbers above 0')
      )
  }
  return E.right(undefined)
}

type Field = 'location' | 'scale'

const changed = <A>(
  F: Elementary<A>,
  { kind, regimes }: Intervention,
  field: Field,
  r: number,
  t: number,
  before: A
): A => {
  const value = F.lit(regimes[r][field][t])
  if (kind === 'perfect') return value
  return field === 'location' ? F.add(before, value) : F.mul(before, value)
}

/** What the kernel returns, changed by each intervention in turn: value r + 1 of its action turns regime r on. */
const applyAll = <A>(
  F: Elementary<A>,
  field: Field,
  interventions: ReadonlyArray<Intervention>,
  base: ReadonlyArray<A>,
  switches: ReadonlyArray<A>
): A[] => {
  const out = [...base]
  interventions.forEach((intervention, q) => {
    intervention.targets.forEach((i, t) => {
      const before = out[i]
      intervention.regimes.forEach((_, r) => {
        const on = F.sub(switches[q], F.lit(r + 0.5))
        out[i] = F.where(on, changed(F, intervention, field, r, t, before), out[i])
      })
    })
  })
  return out
}

/**
 * The kernel with one more discrete action for each intervention: 0 leaves the kernel alone, value r ≥ 1 puts regime
 * r − 1 in force. Each intervention is a column of Ga whose ones are its targets, so all of [MS] applies; a learner that
 * does not know the targets learns this column. Where two act at once, the later one changes what the earlier one made.
 *
 * Errors: `InvalidOption` (targets, scales), `NotFinite` (locations), `ShapeMismatch` (also no target, no regime).
 *
 * @example
 * intervene(kernel, [{ kind: 'perfect', targets: [2], regimes: [{ location: [1], scale: [0.5] }] }])
 */
export const intervene = (
  kernel: Kernel,
  interventions: ReadonlyArray<Intervention>
): E.Either<GraphError, Kernel> => {
  for (const [index, intervention] of interventions.entries()) {
    const sound = check(kernel.latents, intervention, index)
    if (E.isLeft(sound)) return sound
  }
  const own = kernel.actions
  return E.right({
    ...kernel,
    actions: own + interventions.length,
    actionDomains: [
      ...kernel.actionDomains,
      ...interventions.map(({ regimes }) => ({ _tag: 'Choice' as const, values: regimes.length + 1 }))
    ],
    location: (F, past, a) =>
      applyAll(F, 'location', interventions, kernel.location(F, past, a.slice(0, own)), a.slice(own)),
    scale: (F, past, a) =>
      applyAll(F, 'scale', interventions, kernel.scale(F, past, a.slice(0, own)), a.slice(own))
  })
}

export interface InterventionOptions {
  readonly kind: Intervention['kind']
  /** Regimes of each intervention. Default: one more than its targets, enough for sufficient influence. */
  readonly regimes?: number
  readonly random: Generator
}

/**
 * An intervention with drawn regimes: locations standard normal; scales log-uniform between 1/2 and 2, as they
 * are where it is perfect and as factors where it is not.
 *
 * @example
 * drawIntervention([0, 3], { kind: 'imperfect', random: generator(1) })
 */
export const drawIntervention = (
  targets: ReadonlyArray<number>,
  { kind, regimes = targets.length + 1, random }: InterventionOptions
): Intervention => ({
  kind,
  targets,
  regimes: Array.from({ length: regimes }, () => ({
    location: targets.map(() => random.normal()),
    scale: targets.map(() => 2 ** (2 * random.uniform() - 1))
  }))
})

/** One intervention on each of `latents` latents. */
export const singleNodeInterventions = (latents: number, options: InterventionOptions): Intervention[] =>
  Array.from({ length: latents }, (_, i) => drawIntervention([i], { regimes: 1, ...options }))

/** One intervention on each set of targets. */
export const multiNodeInterventions = (
  targetSets: ReadonlyArray<ReadonlyArray<number>>,
  options: InterventionOptions
): Intervention[] => targetSets.map((targets) => drawIntervention(targets, options))

/**
 * One intervention for each regime, for learners that do not know which regimes share their targets. With several targets
 * influence is then seldom sufficient: a single shift moves them in lockstep.
 */
export const ungrouped = (interventions: ReadonlyArray<Intervention>): Intervention[] =>
  interventions.flatMap((intervention) =>
    intervention.regimes.map((regime) => ({ ...intervention, regimes: [regime] }))
  )

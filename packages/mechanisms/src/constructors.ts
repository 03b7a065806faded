/** Mechanisms and kernels from a user's functions, checked once. */
import { definitionThrew, invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type MechanismError, neverDefined, wrongLength } from './errors.js'
import type { Kernel } from './kernel.js'
import { type ActionDomain, defaultActionDomain, type Mechanism } from './mechanism.js'
import { gaussian, type Noise } from './noise.js'
import { number } from './readings/number.js'

const isCount = (n: number, least: number): boolean => Number.isInteger(n) && n >= least

const checkCounts = (where: string, latents: number, actions: number): E.Either<MechanismError, void> => {
  if (!isCount(latents, 1)) return E.left(invalidOption(where, 'latents', latents, 'an integer, 1 or more'))
  if (!isCount(actions, 0)) return E.left(invalidOption(where, 'actions', actions, 'an integer, 0 or more'))
  return E.right(undefined)
}

/** Points tried: a definition may be undefined at some (a logarithm at 0), but not at all of them. */
const TRIED = [0, 0.5, 1, -0.5, -1, 0.1, 2, 3]

const tried = (count: number, k: number): number[] =>
  Array.from({ length: count }, (_, i) => TRIED[(i + k) % TRIED.length] + 0.01 * i)

const checkOutputs = (
  where: string,
  what: string,
  latents: number,
  expected: 'finite' | 'positive',
  evaluate: (k: number) => ReadonlyArray<number>
): E.Either<MechanismError, void> => {
  const seen = new Uint8Array(latents)
  try {
    for (let k = 0; k < TRIED.length; k++) {
      const outputs = evaluate(k)
      if (outputs.length !== latents) return E.left(wrongLength(where, what, latents, outputs.length))
      outputs.forEach((y, i) => {
        if (Number.isFinite(y) && (expected === 'finite' || y > 0)) seen[i] = 1
      })
    }
  } catch (cause) {
    return E.left(definitionThrew(where, cause))
  }
  const never = seen.indexOf(0)
  return never < 0 ? E.right(undefined) : E.left(neverDefined(where, never, expected, TRIED.length))
}

/** What `mechanism` is told; without actions, `actions` may be left out. */
export interface MechanismDefinition {
  readonly name?: string
  readonly latents: number
  readonly actions?: number
  readonly step: Mechanism['step']
  /** What each action ranges over (default [−2, 2]). */
  readonly actionDomains?: ReadonlyArray<ActionDomain>
}

const checkDomains = (
  where: string,
  actions: number,
  domains: ReadonlyArray<ActionDomain>
): E.Either<MechanismError, void> => {
  if (domains.length !== actions) return E.left(wrongLength(where, 'actionDomains', actions, domains.length))
  for (const domain of domains) {
    if (domain._tag === 'Interval' && !(domain.low < domain.high)) {
      return E.left(
        invalidOption(where, 'an action’s interval', `[${domain.low}, ${domain.high}]`, 'low < high')
      )
    }
    if (domain._tag === 'Choice' && !isCount(domain.values, 2)) {
      return E.left(
        invalidOption(where, 'an action’s number of values', domain.values, 'an integer, 2 or more')
      )
    }
  }
  return E.right(undefined)
}

/**
 * A mechanism from its definition, for whatever the library lacks. For differential equations use `flow`, for noise
 * `kernel` or `stochastic`.
 *
 * Errors: `InvalidOption`, `ShapeMismatch` (the step returns another number of latents), `NeverDefined`,
 * `DefinitionThrew`.
 *
 * @example
 * mechanism({ latents: 1, step: (F, [z]) => [F.sin(z)] })
 */
export const mechanism = (definition: MechanismDefinition): E.Either<MechanismError, Mechanism> => {
  const { latents, actions = 0, step } = definition
  const where = definition.name ?? 'mechanism'
  const counts = checkCounts(where, latents, actions)
  if (E.isLeft(counts)) return counts
  const { actionDomains } = definition
  const domains =
    actionDomains === undefined ? E.right(undefined) : checkDomains(where, actions, actionDomains)
  if (E.isLeft(domains)) return domains
  const outputs = checkOutputs(where, 'the list that step returns', latents, 'finite', (k) =>
    step(number, tried(latents, k), tried(actions, k + 1))
  )
  return E.map(() => ({ ...definition, actions }))(outputs)
}

/** What `kernel` is told. */
export interface KernelDefinition {
  readonly name?: string
  readonly latents: number
  readonly actions?: number
  /** Past states that are read: 0 (static) by default. */
  readonly lags?: number
  readonly location: Kernel['location']
  /** Standard deviations, or whatever the noise's scale is; one constant for all, or a function. */
  readonly scale: number | Kernel['scale']
  /** One law for all latents, or one a latent (default Gaussian). */
  readonly noise?: Noise | ReadonlyArray<Noise>
  readonly actionDomains?: ReadonlyArray<ActionDomain>
}

const constantScale =
  (latents: number, value: number): Kernel['scale'] =>
  (F) =>
    new Array(latents).fill(F.lit(value))

const isList = <A>(value: A | ReadonlyArray<A>): value is ReadonlyArray<A> => Array.isArray(value)

/**
 * A kernel from its definition: next latents are location + scale · noise, independently. For a mechanism with
 * noise of one width `stochastic` is shorter; noise that is correlated between latents is not covered.
 *
 * Errors: as for `mechanism`, for location and scale; a scale must be positive somewhere.
 *
 * @example
 * kernel({ latents: 1, actions: 1, location: (F, _past, [a]) => [F.sin(a)], scale: 0.1 })
 */
export const kernel = (definition: KernelDefinition): E.Either<MechanismError, Kernel> => {
  const { latents, actions = 0, lags = 0, location } = definition
  const where = definition.name ?? 'kernel'
  const counts = checkCounts(where, latents, actions)
  if (E.isLeft(counts)) return counts
  if (!isCount(lags, 0)) return E.left(invalidOption(where, 'lags', lags, 'an integer, 0 or more'))
  const given = definition.noise ?? gaussian
  const noise = isList(given) ? given : new Array<Noise>(latents).fill(given)
  if (noise.length !== latents) return E.left(wrongLength(where, 'noise', latents, noise.length))
  const actionDomains = definition.actionDomains ?? new Array<ActionDomain>(actions).fill(defaultActionDomain)
  const domains = checkDomains(where, actions, actionDomains)
  if (E.isLeft(domains)) return domains
  const scale =
    typeof definition.scale === 'number' ? constantScale(latents, definition.scale) : definition.scale
  const made: Kernel = {
    ...(definition.name === undefined ? {} : { name: definition.name }),
    latents,
    actions,
    lags,
    location,
    scale,
    noise,
    actionDomains
  }
  const past = (k: number): number[] => tried(lags * latents, k)
  const first = checkOutputs(where, 'the list that location returns', latents, 'finite', (k) =>
    location(number, past(k), tried(actions, k + 1))
  )
  if (E.isLeft(first)) return first
  const second = checkOutputs(where, 'the list that scale returns', latents, 'positive', (k) =>
    scale(number, past(k), tried(actions, k + 1))
  )
  return E.map(() => made)(second)
}

/** Mechanisms and kernels put together from others. */
import { invalidOption, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { kernel } from './constructors.js'
import type { Elementary } from './elementary.js'
import { type MechanismError, wrongLength } from './errors.js'
import type { Kernel } from './kernel.js'
import {
  type ActionDomain,
  actionDomainsOf,
  defaultActionDomain,
  type ExactFlow,
  type Mechanism
} from './mechanism.js'
import type { Noise } from './noise.js'

/** The mechanism that changes nothing. */
export const identity = (latents: number): Mechanism => ({
  name: 'identity',
  latents,
  actions: 0,
  step: (_, z) => z
})

/** With more steps of integration, where it is built as a flow. */
const finer = (m: Mechanism, times: number): Mechanism => m.exactFlow?.finer(times) ?? m

/** What is said of the whole, where something is said of a part. */
const flowing = (
  parts: ReadonlyArray<Mechanism>,
  fields: ExactFlow['fields'],
  refined: (times: number) => Mechanism
): Pick<Mechanism, 'exactFlow'> =>
  parts.some((part) => part.exactFlow !== undefined) ? { exactFlow: { fields, finer: refined } } : {}

const ranging = (domains: ReadonlyArray<ActionDomain> | undefined): Pick<Mechanism, 'actionDomains'> =>
  domains === undefined ? {} : { actionDomains: domains }

const composed = (first: Mechanism, second: Mechanism): Mechanism => ({
  latents: first.latents,
  actions: Math.max(first.actions, second.actions),
  step: (F, z, a) =>
    second.step(F, first.step(F, z, first.actions === 0 ? [] : a), second.actions === 0 ? [] : a),
  ...ranging((first.actions === 0 ? undefined : first.actionDomains) ?? second.actionDomains),
  ...flowing([first, second], [], (times) => composed(finer(first, times), finer(second, times)))
})

/**
 * First `first`, then `second`: z ↦ second(first(z)). Both see the same action; one of them may have none.
 *
 * Errors: `ShapeMismatch` if latents or actions differ.
 */
export const compose = (first: Mechanism, second: Mechanism): E.Either<MechanismError, Mechanism> => {
  if (first.latents !== second.latents) {
    return E.left(wrongLength('compose', 'the state of the second mechanism', first.latents, second.latents))
  }
  if (first.actions !== second.actions && first.actions !== 0 && second.actions !== 0) {
    return E.left(wrongLength('compose', 'the action of the second mechanism', first.actions, second.actions))
  }
  return E.right(composed(first, second))
}

const repeated = (m: Mechanism, times: number): Mechanism => ({
  latents: m.latents,
  actions: m.actions,
  step: (F, z, a) => {
    let state = z
    for (let t = 0; t < times; t++) state = m.step(F, state, a)
    return state
  },
  ...ranging(m.actionDomains),
  ...flowing([m], m.exactFlow?.fields ?? [], (more) => repeated(finer(m, more), times))
})

/** The mechanism `times` times over, under the same action. `times` = 0 is the identity. */
export const iterate = (m: Mechanism, times: number): E.Either<MechanismError, Mechanism> => {
  if (!Number.isInteger(times) || times < 0) {
    return E.left(invalidOption('iterate', 'times', times, 'an integer, 0 or more'))
  }
  return E.right(repeated(m, times))
}

/** Where each part's latents and actions start. */
const offsets = (counts: ReadonlyArray<number>): number[] => {
  const starts = [0]
  for (const count of counts) starts.push(starts[starts.length - 1] + count)
  return starts
}

/** The fields of one part, where all other latents stay. */
const embedded = ({ exactFlow, latents }: Mechanism, from: number, count: number): ExactFlow['fields'] =>
  (exactFlow?.fields ?? []).map((field) => (F, z) => {
    const own = field(F, z.slice(from, from + latents))
    return Array.from({ length: count }, (_, i) => own[i - from] ?? F.zero)
  })

/**
 * The block product: each mechanism moves its own latents under its own actions, in the order given. For independent
 * systems side by side; what interacts needs a mechanism of its own.
 */
export const parallel = (parts: ReadonlyArray<Mechanism>): Mechanism => {
  const latents = offsets(parts.map((part) => part.latents))
  const actions = offsets(parts.map((part) => part.actions))
  return {
    latents: latents[parts.length],
    actions: actions[parts.length],
    step: (F, z, a) =>
      parts.flatMap((part, p) =>
        part.step(F, z.slice(latents[p], latents[p + 1]), a.slice(actions[p], actions[p + 1]))
      ),
    ...ranging(
      parts.some((part) => part.actionDomains !== undefined) ? parts.flatMap(actionDomainsOf) : undefined
    ),
    ...flowing(
      parts,
      parts.flatMap((part, p) => embedded(part, latents[p], latents[parts.length])),
      (times) => parallel(parts.map((part) => finer(part, times)))
    )
  }
}

/** Trusted: choices of one size, one or more. */
const switched = (choices: ReadonlyArray<Mechanism>): Mechanism => {
  const [first] = choices
  const values = choices.length
  // One mechanism alone: whatever the action is, it is chosen.
  const choosing: ActionDomain = values === 1 ? defaultActionDomain : { _tag: 'Choice', values }
  return {
    latents: first.latents,
    actions: first.actions + 1,
    actionDomains: [choosing, ...actionDomainsOf(first)],
    step: <A>(F: Elementary<A>, z: ReadonlyArray<A>, [choice, ...rest]: ReadonlyArray<A>) => {
      let chosen = first.step(F, z, rest)
      for (let k = 1; k < choices.length; k++) {
        const above = F.sub(choice, F.lit(k - 0.5))
        const other = choices[k].step(F, z, rest)
        chosen = chosen.map((value, i) => F.where(above, other[i], value))
      }
      return chosen
    },
    ...flowing(choices, [], (times) => switched(choices.map((each) => finer(each, times))))
  }
}

/**
 * One mechanism for each value of a discrete action: the first action coordinate, an integer 0 … n−1, chooses;
 * the others go to the chosen one. What actions range over: 0 … n−1, then as of the first choice. Use it where data say
 * which of several mechanisms acted; where all of them are known to act, hand `ambiguityOf` the list.
 *
 * Errors: `ShapeMismatch` without choices, or if they differ in size.
 */
export const switchOn = (choices: ReadonlyArray<Mechanism>): E.Either<MechanismError, Mechanism> => {
  const [first] = choices
  if (first === undefined)
    return E.left(shapeMismatch('switchOn', 'choices', 'empty', 'one mechanism or more'))
  for (const choice of choices) {
    if (choice.latents !== first.latents) {
      return E.left(wrongLength('switchOn', 'the state of a choice', first.latents, choice.latents))
    }
    if (choice.actions !== first.actions) {
      return E.left(wrongLength('switchOn', 'the action of a choice', first.actions, choice.actions))
    }
  }
  return E.right(switched(choices))
}

/**
 * A mechanism with noise added to each latent: z' = m(z, a) + scale · u.
 *
 * Errors: those of `kernel`.
 *
 * @example
 * stochastic(identity(3), laplace, 0.1) // a Laplace random walk
 */
export const stochastic = (
  m: Mechanism,
  noise: Noise | ReadonlyArray<Noise>,
  scale: number
): E.Either<MechanismError, Kernel> =>
  kernel({
    ...(m.name === undefined ? {} : { name: m.name }),
    latents: m.latents,
    actions: m.actions,
    lags: 1,
    actionDomains: actionDomainsOf(m),
    location: (F, past, a) => m.step(F, past, a),
    scale,
    noise
  })

/** A random walk: each latent moves by independent noise of the given scale. */
export const randomWalk = (latents: number, noise: Noise, scale: number): E.Either<MechanismError, Kernel> =>
  stochastic({ ...identity(latents), name: 'random walk' }, noise, scale)

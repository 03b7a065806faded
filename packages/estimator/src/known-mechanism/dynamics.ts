/** What is known of how latents move: a mechanism, one with unknown parameters, or a stochastic kernel. */
import type { Elementary, Kernel, Mechanism, Noise } from '@mechid/mechanisms'

/**
 * A mechanism with numbers that are learned along with the encoder: partly known parameters, or a hypothesis
 * class (all linear maps: d² parameters). `step` must be pure and use nothing but `F` on its numbers.
 */
export interface ParametricMechanism {
  readonly name?: string
  readonly latents: number
  readonly actions: number
  /** Where the parameters start. */
  readonly initial: ReadonlyArray<number>
  readonly step: <A>(
    F: Elementary<A>,
    z: ReadonlyArray<A>,
    a: ReadonlyArray<A>,
    parameters: ReadonlyArray<A>
  ) => ReadonlyArray<A>
}

/**
 * A Markov kernel with numbers that are learned along with the encoder, such as the scale of its noise: next
 * latents are `location + scale · noise`, independently. Scales must be positive at every parameter.
 */
export interface ParametricKernel {
  readonly name?: string
  readonly latents: number
  readonly actions: number
  /** Where the parameters start. */
  readonly initial: ReadonlyArray<number>
  readonly location: ParametricMechanism['step']
  readonly scale: ParametricMechanism['step']
  /** One law a latent. */
  readonly noise: ReadonlyArray<Noise>
}

/** How latents move. */
export type Dynamics =
  /** z' = m(z, a), exactly. */
  | { readonly _tag: 'Deterministic'; readonly mechanism: ParametricMechanism }
  /** z' ~ p(z' | z, a), a Markov kernel whose density is known. */
  | { readonly _tag: 'Stochastic'; readonly kernel: ParametricKernel; readonly lags: number }

/** A known mechanism. */
export const known = (mechanism: Mechanism): Dynamics => ({
  _tag: 'Deterministic',
  mechanism: { ...mechanism, initial: [], step: (F, z, a) => mechanism.step(F, z, a) }
})

/** A mechanism of a class, or partly known: its parameters are learned. */
export const ofClass = (mechanism: ParametricMechanism): Dynamics => ({ _tag: 'Deterministic', mechanism })

/** A known stochastic kernel. */
export const knownKernel = (kernel: Kernel): Dynamics => ({
  _tag: 'Stochastic',
  lags: kernel.lags,
  kernel: {
    ...kernel,
    initial: [],
    location: (F, past, a) => kernel.location(F, past, a),
    scale: (F, past, a) => kernel.scale(F, past, a)
  }
})

/** A stochastic kernel of a class, or partly known: its parameters are learned by likelihood. */
export const kernelOfClass = (kernel: ParametricKernel): Dynamics => ({ _tag: 'Stochastic', lags: 1, kernel })

const law = (dynamics: Dynamics): ParametricMechanism | ParametricKernel =>
  dynamics._tag === 'Deterministic' ? dynamics.mechanism : dynamics.kernel

export const latentsOf = (dynamics: Dynamics): number => law(dynamics).latents

export const actionsOf = (dynamics: Dynamics): number => law(dynamics).actions

/** Where learned numbers of the dynamics start; none where all is known. */
export const initialOf = (dynamics: Dynamics): ReadonlyArray<number> => law(dynamics).initial

/** For people and fingerprints. */
export const nameOf = (dynamics: Dynamics): string => {
  const what = dynamics._tag === 'Deterministic' ? 'mechanism' : 'kernel'
  const { name, latents } = law(dynamics)
  return `${what} ${name ?? 'without a name'} of ${latents} latents`
}

/**
 * All linear maps of d latents, as a class: z' = (I + P) z with the entries of P learned, row by row.
 *
 * @example
 * ofClass(linearDynamics(2))
 */
export const linearDynamics = (latents: number): ParametricMechanism => ({
  name: 'linear',
  latents,
  actions: 0,
  initial: new Array<number>(latents * latents).fill(0),
  step: (F, z, _a, parameters) =>
    z.map((own, i) => z.reduce((sum, value, j) => F.add(sum, F.mul(parameters[i * latents + j], value)), own))
})

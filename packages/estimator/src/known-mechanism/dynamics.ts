/** What is known of how latents move: a mechanism, one with unknown parameters, or a stochastic kernel. */
import type { Elementary, Kernel, Mechanism, Noise } from '@mechid/mechanisms'

/**
 * A mechanism with parameters that are learned along with the encoder: one that is partly known, or a hypothesis class (all
 * linear maps have d² parameters). `step` must be pure and compute with `F` alone.
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
 * A Markov kernel with parameters that are learned along with the encoder, such as the scale of its noise. Each next latent
 * is `location + scale · noise`, independent of the others. Scales must be positive for all parameters.
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

/** Latents that move exactly by a known mechanism. */
export const known = (mechanism: Mechanism): Dynamics => ({
  _tag: 'Deterministic',
  mechanism: { ...mechanism, initial: [], step: (F, z, a) => mechanism.step(F, z, a) }
})

/** Latents that move exactly by a mechanism of a class, or a partly known one; its parameters are learned. */
export const ofClass = (mechanism: ParametricMechanism): Dynamics => ({ _tag: 'Deterministic', mechanism })

/** Latents that move by a known stochastic kernel. */
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

/** Latents that move by a stochastic kernel of a class, or a partly known one; its parameters are learned by likelihood. */
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

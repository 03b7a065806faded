/** Whether means are additive: mixed second derivatives, exact, and double differences, which kinks cannot deceive. */
import { type Elementary, jacobian, number } from '@mechid/mechanisms'
import type { Condition } from '../influence/scores.js'
import { callSize, type MeanInput, type Means, meansAt, mixed } from './places.js'

/** Two inputs whose joint effect on a latent's mean is not the sum of their own. */
export interface Interaction {
  readonly latent: number
  readonly inputs: readonly [MeanInput, MeanInput]
  /**
   * The largest mixed second derivative, in units of the inputs' widths, or double difference, over the standard
   * deviation of the mean.
   */
  readonly size: number
}

export interface Interactions {
  /** Above the tolerance, the largest first. */
  readonly found: ReadonlyArray<Interaction>
  /** Too close to the tolerance to call. */
  readonly undecided: ReadonlyArray<Interaction>
}

/** More inputs than this are compared by double differences alone. */
const MOST_DIFFERENTIATED = 64

/** Conditions at which all mixed derivatives are taken, and pairs of conditions for double differences. */
const PLACES = 4
const PAIRS = 8

/** Every pair of inputs that some latent reads. */
const pairsOf = ({ inputs, reads }: Means): (readonly [number, number])[] =>
  inputs.flatMap((_, m) =>
    inputs.flatMap((__, n) => (n > m && reads.some((row) => row[m] && row[n]) ? [[m, n] as const] : []))
  )

/** `second[i · n + m][q]` = ∂²m_i / ∂x_m ∂x_q, x = (past, a). */
const secondDerivatives = ({ kernel }: Means, { past, a }: Condition): number[][] =>
  jacobian<number>(
    number,
    <B>(F: Elementary<B>, x: ReadonlyArray<B>) =>
      jacobian<B>(F, (G, y) => kernel.location(G, y.slice(0, past.length), y.slice(past.length)), x).flat(),
    [...past, ...a]
  )

const isContinuous = ({ kernel, inputs }: Means, m: number): boolean => {
  const input = inputs[m]
  return input.kind === 'latent' || kernel.actionDomains[input.action]._tag === 'Interval'
}

/** Sizes by latent and pair; what is not finite does not count. */
const sizesBy = ({ spreads, inputs }: Means) => {
  const sizes = new Map<string, number>()
  return {
    note: (latent: number, m: number, n: number, amount: number): void => {
      const size = Math.abs(amount) / spreads[latent]
      const key = `${latent},${m},${n}`
      if (spreads[latent] > 0 && Number.isFinite(size)) sizes.set(key, Math.max(sizes.get(key) ?? 0, size))
    },
    list: (): Interaction[] =>
      [...sizes]
        .map(([key, size]): Interaction => {
          const [latent, m, n] = key.split(',').map(Number)
          return { latent, inputs: [inputs[m], inputs[n]], size }
        })
        .sort((a, b) => b.size - a.size)
  }
}

/**
 * All interactions between inputs of the means. Mixed second derivatives by nested dual numbers at a few conditions;
 * double differences `m(x, y) − m(x', y) − m(x, y') + m(x', y')` between others, for discrete actions and for means
 * with kinks, whose second derivatives vanish almost everywhere.
 */
export const interactionsOf = (means: Means, tolerance: number): Interactions => {
  const { kernel, widths, draws, inputs } = means
  const pairs = pairsOf(means)
  const sizes = sizesBy(means)
  if (inputs.length <= MOST_DIFFERENTIATED && pairs.length > 0)
    for (const place of draws.slice(0, PLACES)) {
      const second = secondDerivatives(means, place)
      for (const [m, n] of pairs)
        if (isContinuous(means, m) && isContinuous(means, n))
          for (let i = 0; i < kernel.latents; i++)
            sizes.note(i, m, n, second[i * inputs.length + m][n] * widths[m] * widths[n])
    }
  for (let p = 0; p < PAIRS && 2 * p + 1 < draws.length; p++) {
    const [base, other] = [draws[2 * p], draws[2 * p + 1]]
    const whole = meansAt(kernel, base)
    const single = inputs.map((_, m) => meansAt(kernel, mixed(base, other, [m])))
    for (const [m, n] of pairs) {
      const both = meansAt(kernel, mixed(base, other, [m, n]))
      for (let i = 0; i < kernel.latents; i++)
        sizes.note(i, m, n, whole[i] - single[m][i] - single[n][i] + both[i])
    }
  }
  const all = sizes.list()
  return {
    found: all.filter(({ size }) => callSize(size, tolerance) === 'yes'),
    undecided: all.filter(({ size }) => callSize(size, tolerance) === 'undecided')
  }
}

/** Second derivatives of additive means, column by column: what tells past latents apart. */
import { dual, type Kernel, number } from '@mechid/mechanisms'
import type { Condition } from '../influence/scores.js'
import { type Call, callSize, type Means } from './places.js'

/**
 * How the effects of one past latent bend: some effect's second derivative `varying`; all second derivatives
 * `constant`, not all zero; `none`: everything depends on it linearly; `undecided`: too close to the tolerance.
 */
export type Curvature = 'varying' | 'constant' | 'none' | 'undecided'

export interface Column {
  readonly curvature: Curvature
  /** Where it is constant: `∂²m_i/∂z_j²` for each lag and effect i, over the standard deviation of m_i. */
  readonly constants: ReadonlyArray<number>
  /** The largest variation of a second derivative and the largest second derivative, without units. */
  readonly variation: number
  readonly size: number
}

/** Steps of the line along which a column is looked at, and how far it reaches, in widths. */
const STEPS = 48
const REACH = 2.4
/** Third differences reach over this many steps each: kinks show, whose second derivatives vanish. */
const STRIDE = 11

/** Values and exact second derivatives of all means by one input, others as they are; `[i]` undefined where not finite. */
const bent = (kernel: Kernel, { past, a }: Condition, m: number, x: number) => {
  const D = dual(number)
  const D2 = dual(D)
  const at = (y: number, index: number) =>
    index === m ? { value: { value: x, tangents: [1] }, tangents: [D.one] } : D2.lit(y)
  return kernel
    .location(
      D2,
      past.map(at),
      a.map((y) => D2.lit(y))
    )
    .map(({ value, tangents }) => ({ value: value.value, second: tangents[0]?.tangents[0] ?? 0 }))
}

interface Effect {
  readonly variation: number
  readonly constant: number
}

/** One effect along the line, in units of the input's width and the mean's standard deviation. */
const effectOf = (values: ReadonlyArray<number>, seconds: ReadonlyArray<number>): Effect => {
  const sound = seconds.filter((c, k) => Number.isFinite(c) && Number.isFinite(values[k]))
  if (sound.length === 0) return { variation: 0, constant: 0 }
  let variation = Math.max(...sound) - Math.min(...sound)
  for (let k = 0; k + 3 * STRIDE < values.length; k++) {
    const third = values[k + 3 * STRIDE] - 3 * values[k + 2 * STRIDE] + 3 * values[k + STRIDE] - values[k]
    if (Number.isFinite(third)) variation = Math.max(variation, Math.abs(third))
  }
  return { variation, constant: sound.reduce((sum, c) => sum + c, 0) / sound.length }
}

const curvatureOf = (varies: Call, bends: Call): Curvature => {
  if (varies === 'yes') return 'varying'
  if (varies === 'undecided') return 'undecided'
  return bends === 'yes' ? 'constant' : bends === 'no' ? 'none' : 'undecided'
}

/** The column of past latent j, over all lags. */
export const columnOf = (means: Means, j: number, tolerance: number): Column => {
  const { kernel, widths, spreads, reads, draws } = means
  const effects = Array.from({ length: kernel.lags }, (_, lag) => {
    const m = lag * kernel.latents + j
    const readers = spreads.map((spread, i) => spread > 0 && reads[i][m])
    if (!readers.includes(true) || draws.length === 0)
      return spreads.map(() => ({ variation: 0, constant: 0 }))
    const line = Array.from({ length: STEPS + 1 }, (_, k) => {
      const x = widths[m] * REACH * ((2 * k) / STEPS - 1 + 0.003)
      return bent(kernel, draws[0], m, x)
    })
    return spreads.map((spread, i) =>
      readers[i]
        ? effectOf(
            line.map((row) => row[i].value / spread),
            line.map((row) => (row[i].second * widths[m] ** 2) / spread)
          )
        : { variation: 0, constant: 0 }
    )
  }).flat()
  const variation = Math.max(0, ...effects.map((effect) => effect.variation))
  const size = Math.max(0, ...effects.map((effect) => Math.abs(effect.constant)))
  return {
    curvature: curvatureOf(callSize(variation, tolerance), callSize(size, tolerance)),
    // The width goes out again: other inputs of the same effect have other widths.
    constants: effects.map(
      ({ constant }, e) => constant / widths[Math.floor(e / kernel.latents) * kernel.latents + j] ** 2
    ),
    variation,
    size
  }
}

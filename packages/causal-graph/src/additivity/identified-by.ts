/** Which assumption identifies each latent: sparsity of the graph, additive means, both, or neither. */
import type { Kernel } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { type EdgeTable, orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { GraphError } from '../errors.js'
import { bitsOfKernel } from '../graph/graph-bits.js'
import { provenPart } from '../influence/proven-part.js'
import { type SufficientInfluence, sufficientInfluence } from '../influence/sufficient-influence.js'
import { variability } from '../influence/variability.js'
import { type BinaryMatrix, binaryMatrix, binaryRows, get, othersInRow } from '../matrices/binary-matrix.js'
import { getMonoidAnd } from '../matrices/matrix-algebra.js'
import { blocksOf } from '../pattern/blocks.js'
import { patternOf } from '../pattern/pattern.js'
import { type AdditivityOptions, additivity } from './additivity.js'
import type { Additivity } from './answer.js'
import { latentList } from './explanation.js'

/**
 * What identifies a latent up to order and an element-wise map: `sparsity`, `additivity`, `each` of them by itself, or only
 * both `together`; `factorization` where none of these does and none is needed, for independence of the latents given past
 * and actions is enough; else `neither`.
 */
export type IdentifiedBy = 'sparsity' | 'additivity' | 'each' | 'together' | 'factorization' | 'neither'

export interface LatentIdentification {
  readonly latent: number
  readonly by: IdentifiedBy
  /** The other latents that it may stay mixed with under sparsity, under additivity, and under both. */
  readonly sparsity: ReadonlyArray<number>
  readonly additivity: ReadonlyArray<number>
  readonly together: ReadonlyArray<number>
  readonly text: string
}

export interface Identification {
  readonly latents: ReadonlyArray<LatentIdentification>
  /** The latents that some assumption identifies, or both together, ascending. */
  readonly identified: ReadonlyArray<number>
  /** d × d patterns, up to order: entry (i, j) iff z_i may depend on ẑ_j. Upper bounds, as `graphPattern` is. */
  readonly patterns: {
    readonly sparsity: EdgeTable
    readonly additivity: EdgeTable
    readonly together: EdgeTable
  }
  readonly influence: SufficientInfluence
  readonly additivity: Additivity
  /** Whether factorization over latents is enough, with neither assumption: first and second slopes vary in all 2d directions. */
  readonly factorization: boolean
  readonly explanation: ReadonlyArray<string>
}

const othersOf = (pattern: BinaryMatrix, i: number): number[] => othersInRow(pattern, i)

const mixedWith = (others: ReadonlyArray<number>): string =>
  others.length === 0 ? 'nothing' : latentList(others)

const textOf = ({
  latent,
  by,
  sparsity,
  additivity: additive,
  together
}: Omit<LatentIdentification, 'text'>): string => {
  const left = `sparsity alone leaves it mixed with ${mixedWith(sparsity)}, additivity alone with ${mixedWith(additive)}`
  switch (by) {
    case 'each':
      return `z${latent} is identified by sparsity, and by additivity as well.`
    case 'sparsity':
      return `z${latent} is identified by sparsity; additivity alone would leave it mixed with ${mixedWith(additive)}.`
    case 'additivity':
      return `z${latent} is identified by additivity, not by sparsity, which alone would leave it mixed with ${mixedWith(sparsity)}.`
    case 'together':
      return `z${latent} is identified only by sparsity and additivity together: ${left}.`
    case 'factorization':
      return `z${latent} is identified by factorization over latents alone, by neither sparsity nor additivity as far as is shown.`
    case 'neither':
      return `z${latent} is identified by neither: ${left}, both together with ${mixedWith(together)}.`
  }
}

const byOf = (sparsity: number, additive: number, together: number, factorized: boolean): IdentifiedBy => {
  if (sparsity === 0) return additive === 0 ? 'each' : 'sparsity'
  if (additive === 0) return 'additivity'
  if (together === 0) return 'together'
  return factorized ? 'factorization' : 'neither'
}

const KINDS = ['sparsity', 'additivity', 'each', 'together'] as const

const NAMES: Readonly<Record<(typeof KINDS)[number], string>> = {
  sparsity: 'sparsity (and not by additivity)',
  additivity: 'additivity (and not by sparsity)',
  each: 'sparsity, and by additivity as well',
  together: 'sparsity and additivity only together'
}

const explain = (
  latents: ReadonlyArray<LatentIdentification>,
  together: BinaryMatrix,
  influence: SufficientInfluence,
  additive: Additivity,
  factorization: boolean
): string[] => {
  const lines = KINDS.flatMap((kind) => {
    const named = latents.filter(({ by }) => by === kind).map(({ latent }) => latent)
    return named.length === 0 ? [] : [`Identified by ${NAMES[kind]}: ${latentList(named)}.`]
  })
  for (const block of factorization ? [] : blocksOf(together))
    if (block.length > 1)
      lines.push(`${latentList(block)} stay mixed with each other under both assumptions.`)
  for (const { latent, together: others } of latents) {
    const oneWay = others.filter((j) => !get(together, j, latent))
    if (oneWay.length > 0 && !factorization)
      lines.push(`z${latent} may stay mixed with ${latentList(oneWay)}, one way, under both assumptions.`)
  }
  const open = influence.parts.filter(({ verdict }) => verdict !== 'sufficient')
  if (open.length > 0)
    lines.push(
      `Sparsity counts only where influence is shown to be sufficient: ${open.map(({ explanation }) => explanation).join(' ')}`
    )
  if (factorization)
    lines.push(
      'Factorization over latents is enough here, with neither assumption: first and second slopes of the log density vary in all directions.'
    )
  return [...lines, ...additive.explanation]
}

/**
 * Which assumption identifies each latent, and what stays entangled under each and under both. Mechanism sparsity (a model
 * with as few edges as the truth, [MS]) counts by those parts of the graph whose influence is sufficient. Additive means are
 * a hypothesis class of their own ([PfM]). Under both, the two patterns hold for the same order of the learned latents, so
 * their conjunction holds.
 *
 * When to use it: to decide which assumption a training should rest on. For sparsity alone `predict` is enough.
 *
 * Errors: those of `sufficientInfluence` and `additivity`.
 *
 * @example
 * identifiedBy(kernel) // E.right({ latents: [{ by: 'additivity', sparsity: [1], additivity: [], … }, …], … })
 */
export const identifiedBy = (
  kernel: Kernel,
  options: AdditivityOptions = {}
): E.Either<GraphError, Identification> =>
  E.flatMap((influence: SufficientInfluence) =>
    E.map((additive: Additivity): Identification => {
      const d = kernel.latents
      const sparsity = patternOf(provenPart(bitsOfKernel(kernel), influence.parts))
      const own = orThrow(binaryMatrix(additive.pattern))
      const both = getMonoidAnd(d, d).concat(sparsity, own)
      const { rank, needed, decided } = variability(
        kernel,
        3,
        generator(options.seed ?? 0).split('variability')
      )
      const factorization = decided && rank === needed
      const latents = kernel.noise.map((_, latent): LatentIdentification => {
        const others = {
          sparsity: othersOf(sparsity, latent),
          additivity: othersOf(own, latent),
          together: othersOf(both, latent)
        }
        const by = byOf(
          others.sparsity.length,
          others.additivity.length,
          others.together.length,
          factorization
        )
        const found = { latent, by, ...others }
        return { ...found, text: textOf(found) }
      })
      return {
        latents,
        identified: latents.flatMap(({ latent, by }) => (by === 'neither' ? [] : [latent])),
        patterns: { sparsity: binaryRows(sparsity), additivity: binaryRows(own), together: binaryRows(both) },
        influence,
        additivity: additive,
        factorization,
        explanation: explain(latents, both, influence, additive, factorization)
      }
    })(additivity(kernel, options))
  )(sufficientInfluence(kernel, { seed: options.seed ?? 0 }))

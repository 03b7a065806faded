/** Explicit other models where identification fails. */
import { type Kernel, logDensity, number } from '@mechid/mechanisms'
import { type Generator, generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import { type BinaryMatrix, isIdentity, tabulate } from '../binary-matrix.js'
import { blocks } from '../blocks.js'
import { type CausalGraph, eqCausalGraph } from '../causal-graph.js'
import { type GraphError, invalidParameter } from '../errors.js'
import { drawCondition, drawPoint } from '../influence/conditions.js'
import type { InfluenceVerdict } from '../influence/part.js'
import { hasCurvature } from '../influence/scores.js'
import { sufficientInfluence } from '../influence/sufficient-influence.js'
import { graphOfKernel } from '../kernel-graph.js'
import { denseToRows, inverseOf } from '../linear/dense.js'
import { linearTransformation } from '../maps/latent-map.js'
import { graphPattern } from '../pattern.js'
import type { WitnessAnswer } from './answer.js'
import { differenceResidual } from './differences.js'
import { applyToPast, type DensityMap, factorizationResidual, type Place } from './factorization.js'
import { searchField } from './field-search.js'
import { dictionary, flowMap, type Monomial } from './polynomial-field.js'
import { fixedRatios, rotatedKernel, whitenedRotation } from './rotation.js'

export interface WitnessOptions {
  /** Highest degree of the polynomial fields that are tried. Default: 2. */
  readonly degree?: 1 | 2 | 3
  /** Fresh places at which a witness is checked. Default: 6. */
  readonly places?: number
  readonly seed?: number
}

interface Search {
  readonly kernel: Kernel
  readonly graph: CausalGraph
  readonly pattern: BinaryMatrix
  readonly influence: InfluenceVerdict
  readonly degree: number
  readonly places: number
  readonly random: Generator
}

const names = (latents: ReadonlyArray<number>): string => latents.map((i) => `z${i}`).join(', ')

const drawPlaces = (kernel: Kernel, count: number, random: Generator): Place[] =>
  Array.from({ length: count }, () => ({ z: drawPoint(kernel, random), ...drawCondition(kernel, random) }))

/** Relative; second derivatives by nested dual numbers are exact to rounding, flows to about 1e−8. */
const RESIDUAL_TOLERANCE = 1e-5

/** Largest relative difference between log densities of v's kernel and the transformed one. */
const densityGap = (
  kernel: Kernel,
  other: Kernel,
  M: ReturnType<typeof whitenedRotation>,
  places: ReadonlyArray<Place>
): number => {
  const forward = linearTransformation(M)
  return Math.max(
    ...places.map(({ z, past, a }) => {
      const truth = logDensity(
        number,
        kernel,
        forward(number, z),
        applyToPast(number, forward, z.length, past),
        a
      )
      return Math.abs(logDensity(number, other, z, past, a) - truth) / (1 + Math.abs(truth))
    })
  )
}

/** How far the transformed kernel is from factorizing, by derivatives and by differences; the worse counts. */
const residualOf = ({ kernel, graph }: Search, map: DensityMap, places: ReadonlyArray<Place>): number =>
  Math.max(factorizationResidual(kernel, graph, map, places), differenceResidual(kernel, graph, map, places))

/** A rotation within one block. Rotations have determinant 1, whitened or not. */
const rotationWitness = (search: Search, block: number[]): WitnessAnswer | undefined => {
  const { kernel, graph, places, random } = search
  const ratios = fixedRatios(kernel, block, random.split('ratios'))
  if (ratios === undefined) return undefined
  const M = whitenedRotation(kernel.latents, block, ratios)
  const other = rotatedKernel(kernel, M)
  const apply = linearTransformation(M)
  const invert = linearTransformation(inverseOf(M) ?? M)
  const fresh = drawPlaces(other, places, random.split('places'))
  const map = { apply, logDet: <A>(F: { readonly zero: A }) => F.zero }
  const residual = Math.max(residualOf(search, map, fresh), densityGap(kernel, other, M, fresh))
  if (!(residual <= RESIDUAL_TOLERANCE) || !eqCausalGraph.equals(graphOfKernel(other), graph))
    return undefined
  return {
    _tag: 'Found',
    kind: 'rotation',
    latents: block,
    apply,
    invert,
    matrix: denseToRows(M),
    kernel: other,
    residual,
    places,
    explanation:
      `Another model: ${names(block)}, whitened and rotated. Their noises are Gaussian with fixed ratios, so the rotated ` +
      `ones are independent again; all that bears on one of them bears on the others, so the graph stays. Checked at ` +
      `${places} places: the largest forbidden mixed derivative or difference is ${residual.toExponential(1)}, relative.`
  }
}

/** Whether every noise has a density that is positive everywhere. */
const hasFullSupport = (kernel: Kernel): boolean =>
  kernel.noise.every((noise) =>
    [-30, -3, -1, 0, 1, 3, 30].every((u) => Number.isFinite(noise.logDensity(number, u)))
  )

/** The reason why there is no other model, where theory gives one. */
const excluded = ({ kernel, pattern, influence }: Search): string | undefined => {
  if (influence !== 'sufficient') return undefined
  if (isIdentity(pattern))
    return 'None exists: the pattern is the identity and influence is sufficient, so that every other model is a permutation with element-wise maps.'
  if (blocks(pattern).length === kernel.latents && hasFullSupport(kernel))
    return (
      'None exists: influence is sufficient, so v stays within the pattern, where every latent is alone in its block. ' +
      'Its remaining entries are one-way: v_i(·, u) would be a monotone map carrying the law of learned latent i to that ' +
      'of z_i for every u (densities are positive everywhere), so it cannot depend on u.'
    )
  return undefined
}

const UNKNOWNS = 160
const INPUTS = 30

/** Within the pattern where influence is sufficient; else v may be anything, and all entries are tried. */
const monomialsFor = ({
  pattern,
  influence,
  degree
}: Search): { readonly degree: number; readonly monomials: Monomial[] } => {
  const d = pattern.rows
  const support = influence === 'sufficient' ? pattern : tabulate(d, d, () => true)
  for (let p = degree; p >= 1; p--) {
    const monomials = dictionary(support, p)
    if (monomials.length <= UNKNOWNS) return { degree: p, monomials }
  }
  return { degree: 0, monomials: [] }
}

/** Moderate: coordinates move by about a third of their size. */
const TIME = 0.3

const flowWitness = (search: Search): WitnessAnswer => {
  const { kernel, graph, places, random, influence } = search
  const beyond =
    influence === 'sufficient'
      ? ''
      : ` Influence is ${influence === 'lacking' ? 'lacking' : influence}, so v may leave the pattern.`
  const unknown = (reason: string): WitnessAnswer => ({
    _tag: 'Unknown',
    explanation: `Unknown: ${reason}${beyond}`
  })
  const { degree, monomials } = monomialsFor(search)
  const inputs = kernel.latents * (1 + kernel.lags) + kernel.actions
  if (monomials.length === 0 || inputs > INPUTS)
    return unknown(`the kernel is too large for the search of fields (${inputs} inputs, at most ${INPUTS}).`)
  const rough = kernel.noise.find((noise) => !hasCurvature(noise))
  if (rough !== undefined)
    return unknown(
      `fields are searched by derivatives, and the log density of ${rough.name} noise has kinks.`
    )
  if (kernel.latents === 1) return { _tag: 'None', explanation: 'None exists: there is one latent alone.' }
  // Each place gives at least one equation for each pair of latents.
  const equations = (kernel.latents * (kernel.latents - 1)) / 2
  const enough = 4 + Math.ceil((2 * monomials.length) / equations)
  const found = searchField(kernel, graph, monomials, drawPlaces(kernel, enough, random.split('field')))
  if (found._tag === 'NoField')
    return unknown(
      `no polynomial field of degree up to ${degree} keeps the kernel factorized with its graph.`
    )
  if (found._tag === 'Undecided')
    return unknown(
      `the equations for polynomial fields of degree ${degree} leave open whether one solves them.`
    )
  const map = flowMap(found.field, TIME)
  const residual = residualOf(search, map, drawPlaces(kernel, places, random.split('fresh')))
  if (!(residual <= RESIDUAL_TOLERANCE))
    return unknown(
      `a field of degree ${degree} solves the condition to first order, but its flow does not (residual ${residual.toExponential(1)}).`
    )
  const mixed = new Set(
    monomials.flatMap(({ row, variables }, m) =>
      found.field.coefficients[m] === 0 ? [] : [row, ...variables]
    )
  )
  const latents = [...mixed].sort((a, b) => a - b)
  return {
    _tag: 'Found',
    kind: 'flow',
    latents,
    apply: map.apply,
    invert: map.invert,
    residual,
    places,
    explanation:
      `Another model: the flow of a polynomial field that mixes ${names(latents)} (one of ${found.dimension} independent ` +
      `fields of degree up to ${degree}). Checked at ${places} fresh places: the largest forbidden mixed derivative or difference is ` +
      `${residual.toExponential(1)}, relative.${beyond}`
  }
}

/**
 * Another model with the same observations, outside permutations and element-wise maps: a map v for which the
 * transformed kernel `ℓ(v(ẑ) | v(past), a) + log |det Dv(ẑ)|` factorizes over latents with the same graph
 * ([MS] section 2; the stochastic condition on fields). A stronger statement than a failed criterion.
 *
 * In turn: a rotation after whitening within a block of Gaussian latents; reasons why there is none; the flow of a
 * polynomial field that solves the first-order condition. Whatever is found is checked at fresh places, by exact
 * second derivatives and by double differences, to 1e−5 relative. A search without result answers `Unknown`.
 *
 * Errors: `InvalidParameter`.
 *
 * @example
 * findWitness(kernel) // E.right({ _tag: 'Found', kind: 'rotation', matrix: [[0.83, −0.56], [0.56, 0.83]], … })
 */
export const findWitness = (
  kernel: Kernel,
  { degree = 2, places = 6, seed = 0 }: WitnessOptions = {}
): E.Either<GraphError, WitnessAnswer> => {
  if (!(Number.isInteger(places) && places >= 2))
    return invalidParameter('findWitness', 'places', places, 'a whole number of at least 2')
  if (![1, 2, 3].includes(degree)) return invalidParameter('findWitness', 'degree', degree, '1, 2 or 3')
  return E.map(({ verdict }: { readonly verdict: InfluenceVerdict }): WitnessAnswer => {
    const graph = graphOfKernel(kernel)
    const pattern = graphPattern(graph)
    const random = generator(seed).split('findWitness')
    const search: Search = { kernel, graph, pattern, influence: verdict, degree, places, random }
    for (const block of blocks(pattern)) {
      const rotated = block.length > 1 ? rotationWitness(search, block) : undefined
      if (rotated !== undefined) return rotated
    }
    const reason = excluded(search)
    return reason === undefined ? flowWitness(search) : { _tag: 'None', explanation: reason }
  })(sufficientInfluence(kernel, { seed }))
}

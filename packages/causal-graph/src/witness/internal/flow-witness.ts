/** Witnesses that are flows of polynomial fields. */
import { hasCurvature } from '../../influence/scores.js'
import type { WitnessAnswer } from '../answer.js'
import { searchField } from './field-search.js'
import { dictionary, flowMap, type Monomial } from './polynomial-field.js'
import {
  beyondPattern,
  drawPlaces,
  inputsOf,
  MOST_INPUTS,
  names,
  RESIDUAL_TOLERANCE,
  residualOf,
  type Search
} from './search.js'

const UNKNOWNS = 160

/** The fields within what v stays within, of the highest degree that leaves few enough. */
const monomialsFor = ({
  bound,
  degree
}: Search): { readonly degree: number; readonly monomials: Monomial[] } => {
  for (let p = degree; p >= 1; p--) {
    const monomials = dictionary(bound, p)
    if (monomials.length <= UNKNOWNS) return { degree: p, monomials }
  }
  return { degree: 0, monomials: [] }
}

/** Moderate: coordinates move by about a third of their size. */
const TIME = 0.3

export const flowWitness = (search: Search): WitnessAnswer => {
  const { kernel, graph, places, random } = search
  const beyond = beyondPattern(search)
  const unknown = (reason: string): WitnessAnswer => ({
    _tag: 'Unknown',
    explanation: `Unknown: ${reason}${beyond}`
  })
  const { degree, monomials } = monomialsFor(search)
  const inputs = inputsOf(kernel)
  if (monomials.length === 0 || inputs > MOST_INPUTS)
    return unknown(
      `the kernel is too large for the search of fields (${inputs} inputs, at most ${MOST_INPUTS}).`
    )
  const rough = kernel.noise.find((noise) => !hasCurvature(noise))
  if (rough !== undefined)
    return unknown(
      `fields are searched by derivatives, and the log density of ${rough.name} noise has kinks.`
    )
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
  const mixed = new Set(
    monomials.flatMap(({ row, variables }, m) =>
      found.field.coefficients[m] === 0 ? [] : [row, ...variables]
    )
  )
  const latents = [...mixed].sort((a, b) => a - b)
  const residual = residualOf(search, map, latents, drawPlaces(kernel, places, random.split('fresh')))
  if (!(residual <= RESIDUAL_TOLERANCE))
    return unknown(
      `a field of degree ${degree} solves the condition to first order, but its flow does not (residual ${residual.toExponential(1)}).`
    )
  return {
    _tag: 'Found',
    kind: 'flow',
    latents,
    apply: map.apply,
    invert: map.invert,
    evidence: 'numerical',
    residual,
    places,
    explanation:
      `Another model: the flow of a polynomial field that mixes ${names(latents)} (one of ${found.dimension} independent ` +
      `fields of degree up to ${degree}). Checked at ${places} fresh places: the largest forbidden mixed derivative or difference is ` +
      `${residual.toExponential(1)}, relative: numerical evidence.${beyond}`
  }
}

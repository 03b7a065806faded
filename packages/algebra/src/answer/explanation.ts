/** The answer in plain language, line by line. */
import * as E from 'fp-ts/lib/Either.js'
import { fieldTexts } from '../dictionary/field-text.js'
import type { Ambiguity } from './ambiguity.js'
import type { LatentStatus, StatusKind } from './status.js'

const SHOWN = 8

const list = (names: ReadonlyArray<string>): string =>
  names.length <= SHOWN
    ? names.join(', ')
    : `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`

const named = (latents: ReadonlyArray<number>): string => list(latents.map((i) => `z_${i}`))

const SCOPE: Readonly<Record<Ambiguity['route'], string>> = {
  linear: 'Exact among linear maps; nonlinear ones may leave more open.',
  affine: 'Exact among affine maps; nonlinear ones may leave more open.',
  'linear-Gaussian':
    'Exact among affine maps; where the matrix of some kernel is invertible, no others leave it unchanged.',
  fields: 'A lower bound: a larger dictionary may hold more.',
  density: 'A lower bound: a larger dictionary may hold more.',
  imitators: 'To first order only, and within the dictionary: what is found need not be a group.'
}

const routeLine = ({ reason, among, route }: Ambiguity): string => `Why ${among}: ${reason}. ${SCOPE[route]}`

/** As a pair in brackets: `(z_1, -z_0)`. */
const fieldsLine = ({ dimension, fields, options }: Ambiguity): string => {
  const besides = options.within === undefined ? '' : ' that preserves the graph as well'
  if (dimension === 0) return `No continuous ambiguity${besides} is left.`
  const texts = fieldTexts(fields).map((coordinates) => `(${coordinates.join(', ')})`)
  const what = dimension === 1 ? 'One dimension' : `${dimension} dimensions`
  return `${what} of continuous ambiguity${besides}, the flows of ${list(texts)}.`
}

const verb = (latents: ReadonlyArray<number>): string => (latents.length > 1 ? 'are' : 'is')

const OWN: Readonly<Record<Exclude<StatusKind, 'entangled'>, string>> = {
  exact: 'identified exactly',
  shift: 'identified up to a shift',
  scale: 'identified up to a factor',
  'element-wise': 'identified up to an element-wise map'
}

const kinds = Object.keys(OWN) as ReadonlyArray<Exclude<StatusKind, 'entangled'>>

/** Latents that are mixed with the same ones, themselves included, are told together. */
const mixedTogether = (statuses: ReadonlyArray<LatentStatus>): LatentStatus[][] => {
  const groups = new Map<string, LatentStatus[]>()
  for (const status of statuses) {
    if (status.kind !== 'entangled') continue
    const key = [status.latent, ...status.with].sort((a, b) => a - b).join()
    groups.set(key, [...(groups.get(key) ?? []), status])
  }
  return [...groups.values()]
}

const mixedLine = (
  group: ReadonlyArray<LatentStatus>,
  statuses: ReadonlyArray<LatentStatus>,
  may: boolean
): string => {
  const latents = group.map(({ latent }) => latent)
  const others = group[0].with.filter((j) => !latents.includes(j))
  const returned = (j: number): boolean => statuses[j].with.some((i) => latents.includes(i))
  const [both, oneWay] = [others.filter(returned), others.filter((j) => !returned(j))]
  const mixing = [
    ...(latents.length > 1 ? ['each other'] : []),
    ...(both.length > 0 ? [named(both)] : []),
    ...(oneWay.length > 0 ? [`${named(oneWay)}, one way`] : [])
  ]
  return `${named(latents)} ${may ? 'may be' : verb(latents)} mixed with ${mixing.join(', and with ')}.`
}

const statusLines = ({ statuses, bound }: Ambiguity): string[] => {
  const own = kinds.flatMap((kind) => {
    const latents = statuses.filter((status) => status.kind === kind).map(({ latent }) => latent)
    return latents.length === 0 ? [] : [`${named(latents)} ${verb(latents)} ${OWN[kind]}.`]
  })
  return [
    ...own,
    ...mixedTogether(statuses).map((group) => mixedLine(group, statuses, bound === 'upper bound'))
  ]
}

const finiteLine = ({ finite, statuses, route }: Ambiguity): string => {
  if (route === 'imitators')
    return 'Of signed permutations, those that turn a mechanism into another of its class are not counted here.'
  if (E.isLeft(finite)) return `Finite symmetries are not known: ${finite.left.message}.`
  const { order } = finite.right
  if (order === 1n) return 'No signed permutation of the latents is a symmetry.'
  const swapped = statuses.filter(({ swaps }) => swaps.length > 0).map(({ latent }) => latent)
  const flipped = statuses.filter(({ flips }) => flips).map(({ latent }) => latent)
  const does = [
    ...(swapped.length > 0 ? [`exchange ${named(swapped)}`] : []),
    ...(flipped.length > 0 ? [`change the sign of ${named(flipped)}`] : [])
  ]
  return `${order} signed permutations are symmetries: they ${does.join(' and ')}.`
}

const shown = (x: number): string => (x === 0 ? '0' : x.toPrecision(2))

const evidenceLine = ({ evidence: { decision, residual, flowResidual } }: Ambiguity): string => {
  const { gap, certainty, tolerance, nullity, ladder } = decision
  const sure = certainty === 'clear' ? 'clear' : 'narrow: another cut is nearly as good'
  const flows = flowResidual === undefined ? '' : `, of finite flows ${shown(flowResidual)}`
  return (
    `${nullity} of ${ladder.length} singular values count as zero (tolerance ${shown(tolerance)}, gap ${shown(gap)}): ` +
    `${sure}. Residual on fresh points ${shown(residual)}${flows}.`
  )
}

const degreeLine = ({ byDegree }: Ambiguity): string[] =>
  byDegree.length === 0
    ? []
    : [
        `Dimension by degree of polynomial fields: ${byDegree
          .map(
            ({ degree, dimension }) => `${degree}: ${E.isRight(dimension) ? dimension.right : 'not decided'}`
          )
          .join(', ')}.`
      ]

/** Whether latents are disentangled, in a sentence. */
const verdict = ({ among, entanglement, latents, statuses, finite }: Ambiguity): string => {
  if (entanglement.flat().filter((entry) => entry === 1).length > latents) {
    const mixed = statuses.filter(({ kind }) => kind === 'entangled').length
    return `Among ${among}, not disentangled: ${mixed} of ${latents} latents stay entangled with others.`
  }
  if (statuses.some(({ kind }) => kind !== 'exact'))
    return `Among ${among}, disentangled: each latent is identified by itself, up to what is said below.`
  return E.isRight(finite) && finite.right.order === 1n
    ? `Among ${among}, identified exactly.`
    : `Among ${among}, identified exactly but for what signed permutations do.`
}

/**
 * The answer for a person: verdict, what stays open, each latent, finite symmetries, evidence.
 *
 * @example
 * explain(answer)[0] // 'Among affine maps, identified exactly.'
 */
export const explain = (answer: Ambiguity): string[] => [
  verdict(answer),
  fieldsLine(answer),
  ...statusLines(answer),
  finiteLine(answer),
  ...degreeLine(answer),
  routeLine(answer),
  evidenceLine(answer)
]

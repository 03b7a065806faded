/** The answer in plain language, line by line. */
import type { RankDecision } from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import { fieldTexts } from '../dictionary/field-text.js'
import { accuracyOf } from '../fields/cancellation.js'
import type { Ambiguity, CommutingIterates } from './ambiguity.js'
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

const isExact = ({ route }: Ambiguity): boolean =>
  route === 'linear' || route === 'affine' || route === 'linear-Gaussian'

/** Sizes of 1, z_0, …, z_{d−1}: what exact routes write fields in. */
const exactSizes = (units: Float64Array): Float64Array =>
  Float64Array.of(units[units.length - 1], ...units.subarray(0, units.length - 1))

/** As a pair in brackets: `(z_1, -z_0)`. */
const fieldsLine = (answer: Ambiguity): string => {
  const { dimension, fields, options, units } = answer
  const besides = options.within === undefined ? '' : ' that preserves the graph as well'
  if (dimension === 0)
    return isExact(answer)
      ? `No continuous ambiguity${besides} is left.`
      : `No continuous ambiguity${besides} lies in this dictionary.`
  const measured = isExact(answer)
    ? { units, sizes: exactSizes(units) }
    : { units, negligible: accuracyOf(answer.evidence.decision) }
  const texts = fieldTexts(fields, measured).map((coordinates) => `(${coordinates.join(', ')})`)
  const what = dimension === 1 ? 'One dimension' : `${dimension} dimensions`
  return `${what} of continuous ambiguity${besides}, the flows of ${list(texts)}.`
}

const verb = (latents: ReadonlyArray<number>): string => (latents.length > 1 ? 'are' : 'is')

const KINDS = ['exact', 'shift', 'scale', 'element-wise'] as const satisfies ReadonlyArray<StatusKind>

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

/** Whether signs of all these can be changed one by one, or only some together: by generators without exchanges. */
const signsOf = ({ finite }: Ambiguity, latents: ReadonlyArray<number>): string => {
  if (latents.length === 1) return 'its sign'
  const generators = E.isRight(finite) ? finite.right.generators : []
  const patterns = generators.map(({ signs }) => latents.map((i) => (signs[i] < 0 ? '-' : '+')).join(''))
  const distinct = new Set(patterns.filter((pattern) => pattern.includes('-')))
  const together = distinct.size === 1 && [...distinct].every((pattern) => !pattern.includes('+'))
  if (together) return 'a joint sign'
  return 'their signs'
}

/** What finite symmetries leave of latents, in words; undefined where they leave them as they are. */
const finitePart = (answer: Ambiguity, latents: ReadonlyArray<number>): string | undefined => {
  const own = answer.statuses.filter(({ latent }) => latents.includes(latent))
  if (own.some(({ swaps }) => swaps.length > 0)) return 'signed permutations'
  const flipped = own.flatMap(({ flips, latent }) => (flips ? [latent] : []))
  if (flipped.length === 0) return undefined
  const signs = signsOf(answer, flipped)
  return flipped.length === latents.length
    ? signs
    : `${signs.replace(/^(its|their)/, 'the')} of ${named(flipped)}`
}

const OWN = {
  shift: 'a shift',
  scale: 'a factor',
  'element-wise': 'an element-wise map'
} as const

/** Latents that are not mixed with others, by what is left of them. */
const ownLine = (answer: Ambiguity, kind: (typeof KINDS)[number], latents: ReadonlyArray<number>): string => {
  const finite = finitePart(answer, latents)
  const known = `${named(latents)} ${verb(latents)} identified`
  if (kind === 'scale' || kind === 'element-wise') return `${known} up to ${OWN[kind]}.`
  if (kind === 'shift') return `${known} up to ${OWN[kind]}${finite === undefined ? '' : ` and ${finite}`}.`
  if (answer.route === 'linear-Gaussian')
    return `${known} up to finitely many maps${finite === undefined ? '' : `, among them ${finite}`}.`
  if (isExact(answer)) return `${known} ${finite === undefined ? 'exactly' : `up to ${finite}`}.`
  return finite === undefined
    ? `${named(latents)}: nothing else in this dictionary.`
    : `${named(latents)}: up to ${finite}, and nothing else in this dictionary.`
}

const statusLines = (answer: Ambiguity): string[] => {
  const { statuses, bound } = answer
  const own = KINDS.flatMap((kind) => {
    const all = statuses.filter((status) => status.kind === kind)
    const moved = all.filter(({ flips, swaps }) => flips || swaps.length > 0)
    // What finite symmetries move, and what they do not, is told apart where it makes a difference.
    const parts =
      kind === 'exact' || kind === 'shift' ? [all.filter((s) => !moved.includes(s)), moved] : [all]
    return parts
      .filter((part) => part.length > 0)
      .map((part) =>
        ownLine(
          answer,
          kind,
          part.map(({ latent }) => latent)
        )
      )
  })
  return [
    ...own,
    ...mixedTogether(statuses).map((group) => mixedLine(group, statuses, bound === 'upper bound'))
  ]
}

/** z_0 with z_1, z_2; … */
const mixing = ({ mixes }: CommutingIterates): string => {
  const rows = mixes.flatMap((row, i) => {
    const others = row.flatMap((entry, j) => (entry === 1 && j !== i ? [j] : []))
    return others.length === 0 ? [] : [`z_${i} with ${named(others)}`]
  })
  return rows.length === 0 ? 'they move each latent by itself' : `they mix ${list(rows)}`
}

const calledIn = ({ known }: Ambiguity, { index, name }: CommutingIterates): string => {
  if (known.length === 1) return 'the mechanism'
  return `mechanism ${index}${name === undefined ? '' : ` (${name})`}`
}

const iteratesLine = (answer: Ambiguity, iterates: CommutingIterates): string => {
  const { order } = iterates
  const called = calledIn(answer, iterates)
  const all = answer.known.length === 1 ? 'itself' : 'itself and with all else that is known'
  const what = order === undefined ? 'it and its iterates' : `its powers (of order ${order})`
  return (
    `${called[0].toUpperCase()}${called.slice(1)} commutes with ${all}: ${what} stay open whatever a dictionary holds; ` +
    `${mixing(iterates)}.`
  )
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

/** `clear`, or which value makes the decision narrow. */
const certaintyText = ({ certainty, inDoubt, ladder, nullity }: RankDecision): string => {
  if (certainty === 'clear') return 'clear'
  if (inDoubt === undefined) return 'narrow'
  const counts = inDoubt > (ladder[ladder.length - nullity] ?? 0) && ladder.includes(inDoubt)
  return counts
    ? `narrow: the value ${shown(inDoubt)} counts, and might be zero`
    : `narrow: the value ${shown(inDoubt)} counts as zero, and might not be`
}

const narrowness = (what: string, decision: RankDecision | undefined): string =>
  decision === undefined || decision.certainty === 'clear' ? '' : ` ${what}: ${certaintyText(decision)}.`

const evidenceLine = ({ evidence }: Ambiguity): string => {
  const { decision, residual, flowResidual, restriction, dependence, integrationError } = evidence
  const { gap, tolerance, nullity, ladder } = decision
  const flows = flowResidual === undefined ? '' : `, of finite flows ${shown(flowResidual)}`
  const exact =
    integrationError === undefined
      ? ''
      : ` Flows are taken as exact ones: the given steps of integration are ${shown(integrationError)} of the region from them.`
  return (
    `${nullity} of ${ladder.length} singular values count as zero (tolerance ${shown(tolerance)}, gap ${shown(gap)}): ` +
    `${certaintyText(decision)}. Residual on fresh points ${shown(residual)}${flows}.` +
    narrowness('What is ruled out besides', restriction) +
    narrowness('What depends on what', dependence) +
    exact
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

/** What is said where no latent has a continuous ambiguity. */
const closedVerdict = (answer: Ambiguity): string => {
  const { among, iterates, statuses, finite } = answer
  const signed = finitePart(
    answer,
    statuses.map(({ latent }) => latent)
  )
  if (answer.route === 'linear-Gaussian')
    return `Among ${among}, identified up to finitely many maps${signed === undefined ? '' : `, among them ${signed}`}.`
  if (isExact(answer))
    return `Among ${among}, identified ${signed === undefined ? 'exactly' : `up to ${signed}`}.`
  const open = [
    ...(signed === undefined ? [] : [signed]),
    ...(E.isLeft(finite) ? ['what finite symmetries do'] : []),
    ...iterates.map((each) => `${calledIn(answer, each)} itself with its iterates`)
  ]
  return open.length === 0
    ? `Among ${among}, nothing was found to stay open: nothing else in this dictionary.`
    : `Among ${among}, what stays open is ${open.join(' and ')}: nothing else in this dictionary.`
}

/** Whether latents are disentangled, in a sentence. */
const verdict = (answer: Ambiguity): string => {
  const { among, entanglement, latents, statuses } = answer
  if (entanglement.flat().filter((entry) => entry === 1).length > latents) {
    const mixed = statuses.filter(({ kind }) => kind === 'entangled').length
    return `Among ${among}, not disentangled: ${mixed} of ${latents} latents stay entangled with others.`
  }
  return statuses.some(({ kind }) => kind !== 'exact')
    ? `Among ${among}, disentangled: each latent is identified by itself, up to what is said below.`
    : closedVerdict(answer)
}

/**
 * The answer for a person: verdict, what stays open, each latent, finite symmetries, evidence. Nothing is called exact
 * that was only looked for in a dictionary. For programs the answer itself is better: sentences may change.
 *
 * @example
 * explain(answer)[0] // 'Among affine maps, identified exactly.'
 */
export const explain = (answer: Ambiguity): string[] => [
  verdict(answer),
  fieldsLine(answer),
  ...statusLines(answer),
  ...answer.iterates.map((iterates) => iteratesLine(answer, iterates)),
  finiteLine(answer),
  ...degreeLine(answer),
  routeLine(answer),
  evidenceLine(answer)
]

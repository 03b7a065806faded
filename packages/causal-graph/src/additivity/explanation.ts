/** What additivity identifies, in plain language. */
import type { Kernel } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import { binaryMatrix } from '../matrices/binary-matrix.js'
import { blocksOf } from '../pattern/blocks.js'
import type { Additivity } from './answer.js'
import type { Curvature } from './curvature.js'
import { inputName } from './places.js'

const SHOWN = 8

const listed = (names: ReadonlyArray<string>): string =>
  names.length <= SHOWN
    ? names.join(', ')
    : `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`

export const latentList = (latents: ReadonlyArray<number>): string => listed(latents.map((i) => `z${i}`))

type Findings = Omit<Additivity, 'explanation'>

const interactionLines = ({ lags }: Kernel, { interactions, verdict, tolerance }: Findings): string[] => {
  if (verdict === 'additive') return ['The means are additive: every input adds its own effect.']
  const shown = interactions.slice(0, 3).map(({ latent, inputs: [one, other] }) => {
    const pair = `${inputName(one, lags)} and ${inputName(other, lags)}`
    return `z${latent} has an interaction of ${pair}`
  })
  const more = interactions.length > 3 ? `; and ${interactions.length - 3} more` : ''
  return verdict === 'not additive'
    ? [`Not additive: ${shown.join('; ')}${more}.`]
    : [`Additivity is undecided at tolerance ${tolerance}: perhaps ${shown.join('; ')}${more}.`]
}

const curvatureLines = ({ curvature, pattern, patternWithNoise }: Findings): string[] => {
  const of = (kind: Curvature): number[] => curvature.flatMap((c, j) => (c === kind ? [j] : []))
  const [varying, constant, none, undecided] = (['varying', 'constant', 'none', 'undecided'] as const).map(of)
  const lines: string[] = []
  if (varying.length > 0)
    lines.push(
      `Effects of ${latentList(varying)} have second derivatives that vary: additivity identifies ${varying.length > 1 ? 'each' : 'it'} up to order and scale.`
    )
  const groups = blocksOf(orThrow(binaryMatrix(pattern))).filter(
    (block) => curvature[block[0]] === 'constant'
  )
  for (const block of groups)
    lines.push(
      block.length === 1
        ? `Effects of ${latentList(block)} have constant second derivatives, proportional to no other latent's: identified up to order and scale.`
        : `Effects of ${latentList(block)} have constant second derivatives, proportional to each other: additivity does not tell them apart.`
    )
  if (none.length > 0)
    lines.push(
      `All depends linearly on ${latentList(none)}: additivity alone does not tell ${none.length > 1 ? 'them' : 'it'} from any latent.`
    )
  if (undecided.length > 0)
    lines.push(
      `How effects of ${latentList(undecided)} bend is too close to the tolerance to call: counted as entangled.`
    )
  const alone = constant.concat(none).filter((j) => pattern[j].some((x, k) => x === 1 && k !== j))
  const helped = alone.filter((j) => patternWithNoise[j].every((x, k) => x === 0 || k === j))
  if (helped.length > 0)
    lines.push(`Independent noise tells ${latentList(helped)} apart from all others as well.`)
  return lines
}

export const explainAdditivity = (kernel: Kernel, findings: Findings): string[] => [
  ...interactionLines(kernel, findings),
  ...(findings.verdict !== 'additive'
    ? []
    : findings.idle !== undefined
      ? [`Additivity identifies nothing here, for ${findings.idle}.`]
      : curvatureLines(findings))
]

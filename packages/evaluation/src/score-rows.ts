/** The scores of a comparison as rows of a table, each with an explanation. */
import type { Interval } from '@mechid/metrics'
import type { Comparison } from './comparison.js'
import type { Score } from './score.js'

export interface ScoreRow {
  readonly score: 'mcc' | 'rCon' | 'kernelRCon' | 'r' | 'shd'
  /** For people: `R_con, kernel`, `MCC (1 of 3 without a partner)`. */
  readonly name: string
  readonly value: number
  readonly interval?: Interval
  /** What unrelated latents, or a random graph, would score. */
  readonly chance?: number
  /** Of SHD: `2 extra, 1 missing`. */
  readonly detail?: string
  readonly explanation: string
}

const sure = ({ value, interval, chance }: Score): Score => ({ value, interval, chance })

/** MCC, with the number of true latents that no learned one is matched to. */
const mccRow = (mcc: Score, assignment: Comparison['assignment']): ScoreRow => {
  const without = assignment.filter((learned) => learned < 0).length
  const alone = `${without} of ${assignment.length} without a partner`
  return {
    score: 'mcc',
    name: without === 0 ? 'MCC' : `MCC (${alone})`,
    ...sure(mcc),
    explanation: `mean |correlation| of true latents with the learned latent that each is matched to${without === 0 ? '' : `; ${alone}, which count 0`}.`
  }
}

/**
 * The scores of a comparison in the order MCC, R_con, R_con by kernel, R, SHD, without those that are absent. For
 * tables and reports.
 *
 * @example
 * scoreRows(comparison).map(({ name, value }) => `${name} ${value.toFixed(4)}`)
 */
export const scoreRows = ({ mcc, rCon, kernelRCon, r, graph, assignment }: Comparison): ScoreRow[] => [
  mccRow(mcc, assignment),
  ...(rCon === undefined
    ? []
    : [
        {
          score: 'rCon' as const,
          name: 'R_con',
          ...sure(rCon),
          explanation: 'as R, but only from the learned latents that theory lets a true latent depend on'
        }
      ]),
  ...(kernelRCon === undefined
    ? []
    : [
        {
          score: 'kernelRCon' as const,
          name: 'R_con, kernel',
          value: kernelRCon.value,
          ...(kernelRCon.interval === undefined ? {} : { interval: kernelRCon.interval }),
          ...(kernelRCon.chance === undefined ? {} : { chance: kernelRCon.chance }),
          explanation: 'as R_con, but with a smooth function in place of a linear one, on held-out rows'
        }
      ]),
  {
    score: 'r',
    name: 'R',
    ...sure(r),
    explanation: 'how well a linear function of all learned latents predicts each true latent'
  },
  ...(graph === undefined
    ? []
    : [
        {
          score: 'shd' as const,
          name: 'SHD',
          value: graph.shd,
          chance: graph.chance,
          detail: `${graph.falsePositives} extra, ${graph.falseNegatives} missing`,
          explanation: `edges that differ from the true graph: ${graph.falsePositives} extra, ${graph.falseNegatives} missing. Chance: a random graph of as many edges`
        }
      ])
]

/** The table as an HTML page. */

import {
  type CausePair,
  type LatentPair,
  methodTitle,
  predictionOf,
  problemTitle,
  type RunRecord,
  type RunVerdict,
  remarks,
  secondsOf,
  verdictInWords
} from '@mechid/example-terminal'
import type { Cell, ReportDocument } from '@mechid/report'
import { scorePicture } from './picture.js'

const digits = (x: number | null | undefined): string => (x === null || x === undefined ? '–' : x.toFixed(4))

const head = [
  'problem',
  'method',
  'seed',
  'theory',
  'hypothesis',
  'MCC',
  'R_con',
  'by kernel',
  'R',
  'noise floor of R',
  'SHD',
  'of',
  'verdict',
  'by the learned graph alone',
  'seconds',
  'published MCC',
  'published R_con',
  'published SHD',
  'published seconds'
]

const promiseCell = (run: RunRecord): Cell => ({
  text: predictionOf(run),
  tone:
    run.hidden > 0
      ? 'open'
      : run.prediction === 'complete'
        ? 'good'
        : run.prediction === 'partial'
          ? 'open'
          : 'bad'
})

const tones = { kept: 'good', broken: 'bad', 'cannot tell': 'open' } as const

/** Runs that were kept before verdicts were have none. */
const verdictCell = (verdict: RunVerdict<LatentPair | CausePair> | undefined): string | Cell =>
  verdict === undefined ? '–' : { text: verdictInWords(verdict), tone: tones[verdict.answer] }

const row = (run: RunRecord): (string | Cell)[] => [
  problemTitle(run),
  methodTitle(run),
  String(run.seed),
  promiseCell(run),
  run.hypothesis,
  digits(run.mcc),
  digits(run.rCon),
  digits(run.kernelRCon),
  digits(run.r),
  digits(run.rFloor),
  run.shd === null ? '–' : String(run.shd),
  String(run.possible),
  verdictCell(run.verdict),
  verdictCell(run.verdictWithoutTruth),
  secondsOf(run),
  digits(run.published?.mcc),
  digits(run.published?.rCon),
  run.published?.shd?.toFixed(1) ?? '–',
  String(run.published?.seconds ?? '–')
]

const reading = [
  'Theory: what sparsity promises. Complete: each latent by itself, so MCC counts. Partial: latents up to what the graph leaves open, so R_con counts. Not sufficient: nothing is promised (influence is not sufficient, or no theorem covers it), and a high score is no success of theory.',
  'Hidden: the number of combinations of latents that an action moves by less than noise (that of the latent and 0.02 more). There the data hardly show what theory promises.',
  'Hypothesis: what the search for the basis rests on. Additive mechanisms; or, where the data reject these, sparse mechanisms of any form. If the hypothesis itself is rejected, nothing is claimed. None: the method claims nothing.',
  'By kernel: R_con with any smooth function in place of linear ones. Noise floor of R: the R that noise allows.',
  'Latents chosen: the training was not told how many there are; so many it learned. With another number than the true one, latents are matched as far as they go, and fewer than the true ones have no SHD.',
  'SHD: edges that differ from the true graph. Of: the number of possible edges.',
  'Verdict: whether these held-out rows have the latents that the true graph tells apart, and at most one edge too many or too few: a test (docs/verdict.md), not a score. 7-6: z7 needs the learned latent of z6, which the graph rules out. Where theory promises nothing, nothing is called kept. Of methods that learn no graph: whether their latents are those that the true graph tells apart. By the learned graph alone: whether learned latents need a cause that the learned graph leaves out (z3: the past of learned latent 3; a3: action 3).',
  'Seconds: wall time of the training; for a resumed run, the time since it resumed.',
  'Methods: presets of the estimator (fast, gated, published), and baselines (docs/baselines.md), which learn no graph. The random encoder is the floor, the supervised one the ceiling.',
  'Published: arXiv:2401.04890. Presets stand beside its constraint method; means of five runs of 300,000 steps with 10 latents. The bound on the number of edges is the true number or, where no run had that, the bound with the best MCC. Published seconds are wall time on one data-centre GPU.'
]

/** The page. */
export const tableDocument = (records: readonly RunRecord[], skipped: readonly string[]): ReportDocument => {
  const [{ latents, rows }] = records
  const methods = [...new Set(records.map(methodTitle))]
  return {
    title: 'The published problems',
    subtitle: `${latents} latents, ${2 * latents} features, ${rows.toLocaleString('en')} rows, one twelfth of them held out for all scores; ${methods.length === 1 ? 'method' : 'methods'} ${methods.join('; ')}.`,
    opening: [],
    chapters: [
      {
        id: 'scores',
        heading: 'Scores',
        blocks: [
          {
            kind: 'text',
            text: 'Each dot is a run: its MCC, or its R_con where theory promises no more than blocks. A hollow dot: theory promises nothing, or the hypothesis is rejected. Diamond: the published figure. Green tick: the R that noise allows. The axis is logarithmic in 1 − score.'
          },
          { kind: 'pictures', svgs: [scorePicture(records)] },
          { kind: 'table', head, rows: records.map(row) },
          { kind: 'list', items: [...remarks(records), ...skipped, ...reading] }
        ],
        sections: []
      }
    ]
  }
}

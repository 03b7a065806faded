/** The table as one HTML page. */
import type { Cell, ReportDocument } from '@mechid/report'
import { scorePicture } from './picture.js'
import { nameOf, predictionOf, type RunRecord, remarks, secondsOf } from './records.js'

const digits = (x: number | null | undefined): string => (x === null || x === undefined ? '–' : x.toFixed(4))

const head = [
  'problem',
  'seed',
  'theory',
  'hypothesis',
  'MCC',
  'R_con',
  'by kernel',
  'R',
  'floor of R',
  'SHD',
  'of',
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

const row = (run: RunRecord): (string | Cell)[] => [
  nameOf(run),
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
  secondsOf(run),
  digits(run.published?.mcc),
  digits(run.published?.rCon),
  run.published === null ? '–' : run.published.shd.toFixed(1),
  run.published === null ? '–' : String(run.published.seconds)
]

const reading = [
  'Theory: what sparsity promises. Complete: latents one by one, so MCC counts. Partial: latents up to what the graph leaves open, so R_con counts. Not sufficient: nothing is promised (influence is not sufficient, or no theorem covers it), and no score there is a success of theory.',
  'Hidden: so many combinations of latents that an action acts on are moved by it by less than noise (a latent’s own and 0.02), so that data hardly show what theory promises.',
  'Hypothesis: what the search for the basis rests on: additive mechanisms, or sparse ones of any form where data reject these. Where the hypothesis itself is rejected, nothing is claimed.',
  'By kernel: R_con with any smooth function in place of linear ones. Floor of R: the R that noise allows.',
  'SHD: edges that differ from the true graph, of so many possible ones.',
  'Seconds: wall time of the training; of a run that was interrupted and went on, the time since.',
  'Published: arXiv:2401.04890, the constraint method at the true number of edges or, where no run had that, at the bound with the best MCC; means of five runs of 300,000 steps with 10 latents. Their seconds are wall time on one data-centre GPU.'
]

/** The page. */
export const tableDocument = (records: readonly RunRecord[]): ReportDocument => {
  const [{ latents, rows, method }] = records
  return {
    title: 'The published problems',
    subtitle: `${latents} latents, ${2 * latents} features, ${rows.toLocaleString('en')} rows, of which a twelfth is held out for all scores; preset ${method}.`,
    opening: [],
    chapters: [
      {
        id: 'scores',
        heading: 'Scores',
        blocks: [
          {
            kind: 'text',
            text: 'Each dot is a run: MCC, or R_con where theory promises no more; hollow where it promises nothing or the hypothesis is rejected. Diamonds: the published figure. Green ticks: the R that noise allows. The axis shows 1 − score on a logarithmic scale.'
          },
          { kind: 'pictures', svgs: [scorePicture(records)] },
          { kind: 'table', head, rows: records.map(row) },
          { kind: 'list', items: [...remarks(records), ...reading] }
        ],
        sections: []
      }
    ]
  }
}

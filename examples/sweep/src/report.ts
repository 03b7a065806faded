/** A sweep as an HTML page. */
import { remarks } from '@mechid/example-terminal'
import type { Block, Cell, Chapter, ReportDocument } from '@mechid/report'
import { type Axis, axes, type Group, groupsBy, type Outcome, scoreOf, spreadOf, variedAxes } from './axes.js'
import type { Result } from './messages.js'

const digits = (x: number | null | undefined): string => (x === null || x === undefined ? '–' : x.toFixed(4))

const resultsOf = (outcomes: readonly Outcome[]): Result[] =>
  outcomes.flatMap(({ result }) => (result === undefined ? [] : [result]))

const groupHead = ['finished', 'failed', 'score, mean', 'least', 'greatest', 'MCC', 'R_con', 'SHD', 'seconds']

const groupCells = ({ outcomes }: Group): string[] => {
  const results = resultsOf(outcomes)
  const score = spreadOf(results.map(scoreOf))
  const failed = outcomes.filter(({ failure }) => failure !== undefined).length
  return [
    `${results.length} of ${outcomes.length}`,
    String(failed),
    digits(score?.mean),
    digits(score?.least),
    digits(score?.most),
    digits(spreadOf(results.map(({ mcc }) => mcc))?.mean),
    digits(spreadOf(results.map(({ rCon }) => rCon))?.mean),
    spreadOf(results.map(({ shd }) => shd))?.mean.toFixed(1) ?? '–',
    spreadOf(results.map(({ seconds }) => seconds))?.mean.toFixed(0) ?? '–'
  ]
}

const axisTable = (outcomes: readonly Outcome[], { name, inWords }: Axis): Block[] => [
  { kind: 'heading', text: `By ${name}` },
  {
    kind: 'table',
    head: [name, ...groupHead],
    rows: groupsBy(outcomes, inWords).map((group) => [group.value, ...groupCells(group)])
  }
]

/** One line for each combination of all other axes. */
const overSeeds = (outcomes: readonly Outcome[], varied: readonly Axis[]): Block[] => {
  const others = varied.filter(({ name }) => name !== 'seed')
  // With one other axis, or none, this table would be the one of that axis.
  if (others.length < 2 || others.length === varied.length) return []
  const groups = groupsBy(outcomes, (settings) =>
    JSON.stringify(others.map(({ inWords }) => inWords(settings)))
  )
  return [
    { kind: 'heading', text: 'Over seeds' },
    {
      kind: 'table',
      head: [...others.map(({ name }) => name), ...groupHead],
      rows: groups.map((group) => [
        ...others.map(({ inWords }) => inWords(group.outcomes[0].job.settings)),
        ...groupCells(group)
      ])
    }
  ]
}

const promise = ({ prediction, hidden }: Result): Cell => ({
  text: hidden > 0 ? `${prediction}, ${hidden} hidden` : prediction,
  tone: hidden > 0 || prediction === 'partial' ? 'open' : prediction === 'complete' ? 'good' : 'bad'
})

const jobHead = ['theory', 'hypothesis', 'MCC', 'R_con', 'R', 'noise floor of R', 'SHD', 'of', 'seconds']

const jobRow = (varied: readonly Axis[], { job, result, failure }: Outcome): (string | Cell)[] => [
  ...varied.map(({ inWords }) => inWords(job.settings)),
  ...(result === undefined
    ? [
        failure === undefined
          ? ({ text: 'not run', tone: 'open' } as const)
          : ({ text: 'failed', tone: 'bad' } as const),
        ...Array.from({ length: jobHead.length - 1 }, () => '–')
      ]
    : [
        promise(result),
        result.hypothesis,
        digits(result.mcc),
        digits(result.rCon),
        digits(result.r),
        digits(result.rFloor),
        result.shd === null ? '–' : String(result.shd),
        String(result.possible),
        `${result.resumed === true ? '> ' : ''}${result.seconds.toFixed(0)}`
      ])
]

const failuresChapter = (outcomes: readonly Outcome[]): Chapter[] => {
  const failed = outcomes.filter(({ failure }) => failure !== undefined)
  if (failed.length === 0) return []
  const rows = failed.map(({ job, failure }) => [job.name, failure ?? ''])
  return [
    {
      id: 'failures',
      heading: 'Failures',
      blocks: [{ kind: 'table', head: ['job', 'what went wrong at the last try'], rows }],
      sections: []
    }
  ]
}

const reading = [
  'Score: MCC where theory promises each latent by itself, and R_con where it promises blocks (theory: partial). Where theory promises nothing (not sufficient), a high score is no success of theory. Means are over all finished jobs with that value; where jobs failed or have not run, values are not comparable.',
  'Hidden: the number of combinations of latents that an action moves by less than noise. Noise floor of R: the R that noise allows.',
  'SHD: edges that differ from the true graph. Of: the number of possible edges. Baselines (docs/baselines.md) learn no graph, and claim nothing: hypothesis none.',
  'All scores are of rows that were held out of the training: one twelfth.',
  'Seconds: wall time of the training on one thread; for a resumed job, the time since it resumed.'
]

const axesChapter = (outcomes: readonly Outcome[], varied: readonly Axis[]): Chapter[] =>
  varied.length === 0
    ? []
    : [
        {
          id: 'axes',
          heading: 'By axis',
          blocks: [...varied.flatMap((axis) => axisTable(outcomes, axis)), ...overSeeds(outcomes, varied)],
          sections: []
        }
      ]

/** What is the same in all jobs. */
const shared = ([{ job }]: readonly Outcome[], varied: readonly Axis[]): string =>
  axes
    .filter((axis) => !varied.includes(axis))
    .map(({ name, inWords }) => `${name}: ${inWords(job.settings)}`)
    .join('; ')

/** The page. There is one outcome at least; `leftOut`: what the grid leaves out. */
export const sweepDocument = (
  name: string,
  outcomes: readonly Outcome[],
  leftOut: readonly string[] = []
): ReportDocument => {
  const results = resultsOf(outcomes)
  const failed = outcomes.filter(({ failure }) => failure !== undefined).length
  const engines = [...new Set(results.map(({ engine }) => engine))].join(', ')
  const missing = outcomes.length - results.length - failed
  const varied = variedAxes(outcomes)
  const same = shared(outcomes, varied)
  return {
    title: `Sweep ${name}`,
    subtitle: `${outcomes.length} jobs: ${results.length} finished, ${failed} failed, ${missing} not run.${engines === '' ? '' : ` Engine: ${engines}.`}`,
    opening: same === '' ? [] : [{ kind: 'text', text: `The same in all jobs: ${same}.` }],
    chapters: [
      ...axesChapter(outcomes, varied),
      ...failuresChapter(outcomes),
      {
        id: 'jobs',
        heading: 'All jobs',
        blocks: [
          {
            kind: 'table',
            head: [...varied.map((axis) => axis.name), ...jobHead],
            rows: outcomes.map((outcome) => jobRow(varied, outcome))
          },
          { kind: 'list', items: [...remarks(results), ...leftOut, ...reading] }
        ],
        sections: []
      }
    ]
  }
}

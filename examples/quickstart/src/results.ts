/** What a demo run leaves for programs, and the scores after each stage for its report. */
import type { Forecast, Outcome } from '@mechid/example-terminal'
import type { MetricRow } from '@mechid/report'

/** The content of results.json. */
export const resultsOf = (
  dataset: string,
  seed: number,
  engine: string,
  { promise, prediction }: Forecast,
  { trained, comparison, stages, floor }: Outcome,
  verdict: string
): unknown => {
  const { mcc, rCon, kernelRCon, r, graph } = comparison
  const metrics = {
    mcc: mcc.value,
    rCon: rCon?.value,
    kernelRCon,
    r: r.value,
    rFloor: floor?.r,
    shd: graph?.shd,
    mccChance: mcc.chance
  }
  return { dataset, seed, engine, seconds: trained.seconds, promise, prediction, metrics, stages, verdict }
}

/** MCC and R_con after each stage. */
export const stageMetrics = ({ stages }: Outcome): MetricRow[] =>
  stages.flatMap(({ stage, mcc, rCon, shd, seconds }) => {
    const edges = shd === undefined ? '' : `; SHD ${shd}`
    const explanation = `by the encoder alone; this stage took ${seconds.toFixed(0)} s${edges}`
    return [
      { name: `MCC after ${stage}`, value: mcc, explanation },
      { name: `R_con after ${stage}`, value: rCon, explanation: 'the same stage' }
    ]
  })

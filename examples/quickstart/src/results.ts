/** The results of a demo run as JSON, and the scores after each stage as rows of its report. */
import type { Outcome } from '@mechid/example-terminal'
import type { MetricRow } from '@mechid/report'

/** The content of results.json. */
export const resultsOf = (
  dataset: string,
  seed: number,
  engine: string,
  { trained, evaluation, comparison, stages }: Outcome
): unknown => {
  const { mcc, rCon, kernelRCon, r, graph, floor } = comparison
  const { theory, verdict } = evaluation
  const metrics = {
    mcc: mcc.value,
    rCon: rCon?.value,
    kernelRCon: kernelRCon?.value,
    r: r.value,
    rFloor: floor,
    shd: graph?.shd,
    mccChance: mcc.chance
  }
  return {
    dataset,
    seed,
    engine,
    seconds: trained.seconds,
    promise: theory?.promise,
    prediction: theory?.prediction,
    metrics,
    stages,
    verdict: verdict.sentence
  }
}

/** MCC and R_con after each stage. */
export const stageMetrics = ({ stages }: Outcome): MetricRow[] =>
  stages.flatMap(({ stage, mcc, rCon, shd, seconds }) => {
    const edges = shd === undefined ? '' : `; SHD ${shd}`
    const explanation = `on the first held-out rows; this stage took ${seconds.toFixed(0)} s${edges}`
    return [
      { name: `MCC after ${stage}`, value: mcc, explanation },
      ...(rCon === undefined
        ? []
        : [{ name: `R_con after ${stage}`, value: rCon, explanation: 'the same stage' }])
    ]
  })

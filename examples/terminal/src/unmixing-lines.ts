/** What the stages of a training say of its latents. */
import type { Trained } from '@mechid/estimator'
import type { Unmixed } from '@mechid/unmixing'

/** The answer of the last unmixing; undefined if no stage unmixed. */
export const lastUnmixed = ({ stages = [] }: Trained): Unmixed | undefined =>
  stages.flatMap(({ unmixed }) => (unmixed === undefined ? [] : [unmixed])).pop()

/** Whether the data reject the hypothesis on which the last unmixing rests. */
export const hypothesisRejected = (trained: Trained): boolean => lastUnmixed(trained)?.rejected === true

/** What straightening gained; no line if there was no such stage. */
export const straighteningLines = ({ stages = [] }: Trained): string[] =>
  stages.flatMap(({ straightened }) => {
    if (straightened === undefined) return []
    if (straightened.length === 0) {
      return [
        'The codes were not straightened: the mechanisms do not look additive, or held-out codes became no likelier.'
      ]
    }
    const gains = straightened.map(({ before, after }) => (after - before).toFixed(2)).join(' and then ')
    return [`Straightening made held-out codes likelier by ${gains} nats a row.`]
  })

/** What the stages of a training said of its latents. */
import type { Trained } from '@mechid/estimator'
import type { Unmixed } from '@mechid/unmixing'

/** What the last unmixing of a training in stages said. */
export const lastUnmixed = ({ stages = [] }: Trained): Unmixed | undefined =>
  stages.flatMap(({ unmixed }) => (unmixed === undefined ? [] : [unmixed])).pop()

/** Whether data reject the hypothesis that the last unmixing rests on. */
export const hypothesisRejected = (trained: Trained): boolean => {
  const unmixed = lastUnmixed(trained)
  return unmixed?.hypothesis === 'additive' && unmixed.additivity.rejected
}

/** What straightening gained, in a line; none where there was no such stage. */
export const straighteningLines = ({ stages = [] }: Trained): string[] =>
  stages.flatMap(({ straightened }) => {
    if (straightened === undefined) return []
    if (straightened.length === 0) {
      return [
        'Codes were not straightened: mechanisms do not look additive, or held-out codes got no likelier.'
      ]
    }
    const gains = straightened.map(({ before, after }) => (after - before).toFixed(2)).join(' and then ')
    return [`Straightening made held-out codes likelier by ${gains} nats a row.`]
  })

/** How far a training is: a bar, and words that are read aloud when the stage changes. */
import type { TrainingState } from './training-state.js'

const words = (state: TrainingState): string => {
  switch (state._tag) {
    case 'Idle':
      return 'Nothing is trained yet.'
    case 'Running':
      return state.engine === undefined
        ? 'Making data, looking for an engine …'
        : (state.progress?.stage ?? 'Starting …')
    case 'Stopped':
      return `Stopped at step ${state.step}. Nothing was kept.`
    case 'Failed':
      return `The training ended: ${state.message}`
    case 'Done':
      return state.result.against?.sentence ?? 'Trained.'
  }
}

const tone = (state: TrainingState): string => {
  if (state._tag === 'Failed') return 'promise bad'
  if (state._tag !== 'Done') return 'quiet'
  const verdict = state.result.against?.verdict
  return `promise ${verdict === 'Kept' ? 'good' : verdict === 'Broken' ? 'bad' : 'open'}`
}

export const TrainingProgressBar = ({ state }: { readonly state: TrainingState }) => {
  const progress = state._tag === 'Running' ? state.progress : undefined
  return (
    <>
      <p role="status" class={tone(state)}>
        {words(state)}
      </p>
      {state._tag === 'Running' && (
        <>
          <progress aria-label="Progress of the training" max={1} value={progress?.done ?? 0} />
          <p class="quiet small">
            {progress !== undefined && `${progress.step} of ${progress.steps}. `}
            {state.engine !== undefined && `Engine: ${state.engine}.`}
          </p>
        </>
      )}
    </>
  )
}

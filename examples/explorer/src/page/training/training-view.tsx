/** A small training in the page, on simulated data or on one's own. */
import { useEffect, useRef } from 'preact/hooks'
import type { Action } from '../state/reducer.js'
import type { TrainingChoice } from '../state/state.js'
import { Curves } from './curves.js'
import { FileForm } from './file-form.js'
import type { TrainingRequest } from './messages.js'
import { SimulatedForm } from './simulated-form.js'
import { TrainingOutcome } from './training-outcome.js'
import { TrainingProgressBar } from './training-progress-bar.js'
import { useTraining } from './use-training.js'

interface Props {
  readonly choice: TrainingChoice
  readonly dispatch: (action: Action) => void
}

const sources = [
  ['simulated', 'Simulated: the truth is known'],
  ['file', 'A file of your own']
] as const

export const TrainingView = ({ choice, dispatch }: Props) => {
  const { state, start, stop } = useTraining()
  const running = state._tag === 'Running'
  const stopButton = useRef<HTMLButtonElement>(null)
  // The button that was pressed is gone: the one in its place takes the focus.
  useEffect(() => {
    if (running) stopButton.current?.focus()
  }, [running])
  const change = (part: Partial<TrainingChoice>): void => dispatch({ type: 'training', change: part })
  const points = 'points' in state ? state.points : []
  const begin = (request: TrainingRequest): void => start(request)
  return (
    <div class="columns">
      <section aria-label="Data and training" class="panel">
        <h2>A small training in this page</h2>
        <fieldset class="card" disabled={running}>
          <legend>Data</legend>
          {sources.map(([value, title]) => (
            <label key={value} class="option">
              <input
                type="radio"
                name="data"
                checked={choice.data === value}
                onChange={() => change({ data: value })}
              />
              {title}
            </label>
          ))}
        </fieldset>
        {choice.data === 'simulated' ? (
          <SimulatedForm choice={choice} disabled={running} onChange={change} onStart={begin} />
        ) : (
          <FileForm disabled={running} onStart={begin} />
        )}
        {running && (
          <button ref={stopButton} type="button" onClick={stop}>
            Stop
          </button>
        )}
        <p class="quiet small">
          It runs in a worker of this page, on WebGPU where the browser has an adapter, else on WebAssembly.
          The recipe is a small one; <code>npm run demo</code> and <code>npm run fit</code> train longer, on
          all that a machine has.
        </p>
      </section>
      <section aria-label="How it goes, and what was learned" class="panel">
        <h2>{state._tag === 'Done' ? 'What was learned' : 'How it goes'}</h2>
        <TrainingProgressBar state={state} />
        {points.length > 1 && <Curves points={points} />}
        {state._tag === 'Done' && <TrainingOutcome result={state.result} />}
      </section>
    </div>
  )
}

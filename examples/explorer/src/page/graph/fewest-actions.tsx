/** The fewest actions that would complete the promise, and a button that adds them. */
import { useMemo } from 'preact/hooks'
import { useAnswer } from '../elements/asking.js'
import type { Action } from '../state/reducer.js'
import { causalGraphOf, type GraphChoice } from '../state/state.js'
import { listed } from './promise.js'

interface Props {
  readonly choice: GraphChoice
  readonly dispatch: (action: Action) => void
}

export const FewestActions = ({ choice, dispatch }: Props) => {
  const question = useMemo(() => {
    const graph = causalGraphOf(choice)
    return graph === undefined ? undefined : ({ kind: 'design', graph } as const)
  }, [choice])
  const asking = useAnswer(question)
  return (
    <section aria-label="The fewest actions to add" class="panel">
      <h2>What would help</h2>
      {asking._tag === 'Working' && <p class="quiet">Searching …</p>}
      {asking._tag === 'Refused' && <p>{asking.message}</p>}
      {asking._tag === 'Answer' && (
        <>
          <p>{asking.answer.explanation}</p>
          {asking.answer.actions.length > 0 && (
            <>
              <ul>
                {asking.answer.actions.map((targets, q) => (
                  <li key={q}>
                    New action a{choice.actions + q} on {listed(targets)}
                  </li>
                ))}
              </ul>
              <button
                type="button"
                onClick={() => dispatch({ type: 'new actions', targets: asking.answer.actions })}
              >
                Add {asking.answer.actions.length === 1 ? 'it' : 'them'}
              </button>
            </>
          )}
        </>
      )}
    </section>
  )
}

/** Mechanisms that are known, and what stays open all the same. */
import { useMemo } from 'preact/hooks'
import { useAnswer } from '../elements/asking.js'
import { useSettled } from '../elements/settled.js'
import type { Action } from '../state/reducer.js'
import type { KnownChoice } from '../state/state.js'
import { KnownCard } from './known-card.js'
import { KnownResult } from './known-result.js'
import { defaultOf } from './library.js'

interface Props {
  readonly known: ReadonlyArray<KnownChoice>
  readonly dispatch: (action: Action) => void
}

const MOST = 4
/** Typing is waited for. Milliseconds. */
const PAUSE = 400

export const KnownView = ({ known, dispatch }: Props) => {
  const settled = useSettled(known, PAUSE)
  const question = useMemo(() => ({ kind: 'known', known: settled }) as const, [settled])
  const asking = useAnswer(question)
  const change = (list: ReadonlyArray<KnownChoice>): void => dispatch({ type: 'known', known: list })
  return (
    <div class="columns">
      <section aria-label="What is known" class="panel">
        <h2>What is known of the motion</h2>
        <p class="quiet">
          Latents move by these mechanisms; which one moved them is known. What is seen is an unknown function
          of the latents.
        </p>
        {known.map((one, place) => (
          <KnownCard
            key={place}
            place={place}
            choice={one}
            onChange={(next) => change(known.map((old, at) => (at === place ? next : old)))}
            {...(known.length > 1 ? { onRemove: () => change(known.filter((_, at) => at !== place)) } : {})}
          />
        ))}
        {known.length < MOST && (
          <button type="button" onClick={() => change([...known, defaultOf('translation')])}>
            Add a mechanism
          </button>
        )}
      </section>
      <section aria-label="What stays open" class="panel">
        <h2>What stays open</h2>
        <div role="status">
          {asking._tag === 'Working' && <p class="quiet">Computing …</p>}
          {asking._tag === 'Refused' && <p class="bad">{asking.message}</p>}
        </div>
        {asking._tag === 'Answer' && <KnownResult answer={asking.answer} />}
      </section>
    </div>
  )
}

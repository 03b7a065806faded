/** A graph by clicks, and at once what it promises. */
import { graphPanels } from '@mechid/causal-graph'
import * as E from 'fp-ts/lib/Either.js'
import { useCallback, useMemo } from 'preact/hooks'
import { Picture } from '../elements/picture.js'
import { useSettled } from '../elements/settled.js'
import type { Action } from '../state/reducer.js'
import { causalGraphOf, type GraphChoice, MOST_EDITABLE } from '../state/state.js'
import { EdgeGrid } from './edge-grid.js'
import { FewestActions } from './fewest-actions.js'
import { GraphChooser } from './graph-chooser.js'
import { promiseOf } from './promise.js'
import { PromisePanel } from './promise-panel.js'

interface Props {
  readonly choice: GraphChoice
  readonly dispatch: (action: Action) => void
}

/** Pictures and designs follow after this pause. Milliseconds. */
const PAUSE = 150

const names = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${letter}${i}`)

const actionNamed = (column: number): string => `action a${column}`

const Grids = ({ choice, dispatch }: Props) => {
  const { latents, lags, actions, time, acting } = choice
  const toggleAction = useCallback(
    (row: number, column: number) => dispatch({ type: 'edge', part: 'acting', row, column }),
    [dispatch]
  )
  const byLag = useMemo(
    () =>
      Array.from({ length: lags }, (_, lag) => ({
        toggle: (row: number, column: number) =>
          dispatch({ type: 'edge', part: 'time', row, column: lag * latents + column }),
        causeOf: (column: number) => `z${column} ${lag === 0 ? 'before' : `${lag + 1} steps before`}`
      })),
    [lags, latents, dispatch]
  )
  // The same arrays for rows that did not change, so that these are not drawn again.
  const lagRows = useLagRows(time, lags, latents)
  return (
    <div class="grids">
      {actions > 0 && (
        <EdgeGrid
          caption="Ga: actions on latents"
          reading="row: latent, column: action"
          table={acting}
          columns={names('a', actions)}
          causeOf={actionNamed}
          onToggle={toggleAction}
        />
      )}
      {byLag.map(({ toggle, causeOf }, lag) => (
        <EdgeGrid
          key={lag}
          caption={lags > 1 ? `Gz, lag ${lag + 1}` : 'Gz: latents on latents'}
          reading="row: effect, column: past cause"
          table={lagRows[lag]}
          columns={names('z', latents)}
          causeOf={causeOf}
          onToggle={toggle}
        />
      ))}
    </div>
  )
}

/** The rows of Gz lag by lag. One lag is Gz itself. */
const useLagRows = (time: GraphChoice['time'], lags: number, latents: number) =>
  useMemo(
    () =>
      lags === 1
        ? [time]
        : Array.from({ length: lags }, (_, lag) =>
            time.map((row) => row.slice(lag * latents, (lag + 1) * latents))
          ),
    [time, lags, latents]
  )

const Pictures = ({ choice }: { readonly choice: GraphChoice }) => {
  const panels = useMemo(() => {
    const graph = causalGraphOf(choice)
    return graph === undefined ? [] : E.getOrElseW(() => [])(graphPanels(graph))
  }, [choice])
  return (
    <section aria-label="Pictures" class="pictures">
      {panels.map(({ name, svg }) => (
        <Picture key={name} svg={svg} />
      ))}
    </section>
  )
}

export const GraphView = ({ choice, dispatch }: Props) => {
  const promise = useMemo(() => {
    const graph = causalGraphOf(choice)
    return graph === undefined
      ? E.left('There is neither an action nor time: nothing can tell latents apart. Add one of them.')
      : E.mapLeft(({ message }: { message: string }) => message)(promiseOf(graph))
  }, [choice])
  const settled = useSettled(choice, PAUSE)
  const editable = Math.max(choice.latents, choice.actions) <= MOST_EDITABLE
  return (
    <div class="columns">
      <section aria-label="The graph" class="panel">
        <GraphChooser choice={choice} dispatch={dispatch} />
        {editable ? (
          <Grids choice={choice} dispatch={dispatch} />
        ) : (
          <p>A graph of this size is drawn below. Cells can be clicked up to {MOST_EDITABLE} latents.</p>
        )}
      </section>
      <div>
        <PromisePanel promise={promise} />
        <FewestActions choice={settled} dispatch={dispatch} />
      </div>
      <Pictures choice={settled} />
    </div>
  )
}

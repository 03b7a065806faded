/** The page: its views, and the state that they share, which is also the page's address. */
import * as E from 'fp-ts/lib/Either.js'
import { useEffect, useReducer, useRef, useState } from 'preact/hooks'
import { Tabs } from './elements/tabs.js'
import { GraphView } from './graph/graph-view.js'
import { KernelView } from './kernel/kernel-view.js'
import { KnownView } from './known/known-view.js'
import { gallery } from './link/gallery.js'
import { linkOf, readLink } from './link/link.js'
import { warmUp } from './questions/ask.js'
import { ShareButton } from './share-button.js'
import { initialState } from './state/initial.js'
import { reduce } from './state/reducer.js'
import type { State, View } from './state/state.js'
import { TrainingView } from './training/training-view.js'

const titles: Readonly<Record<View, string>> = {
  graph: 'Graph',
  kernel: 'Kernel',
  known: 'Known mechanisms',
  training: 'Training'
}

/** What the address says, and what is wrong with it. */
const fromAddress = (before: State): { readonly state: State; readonly fault?: string } =>
  E.match(
    ({ message }: { message: string }) => ({ state: before, fault: message }),
    (state: State) => ({ state })
  )(readLink(location.hash, gallery, before))

export const App = () => {
  const [first] = useState(() => fromAddress(initialState))
  const [state, dispatch] = useReducer(reduce, first.state)
  const [fault, setFault] = useState(first.fault)
  const latest = useRef(state)
  latest.current = state

  useEffect(() => {
    const opened = (): void => {
      const found = fromAddress(latest.current)
      setFault(found.fault)
      dispatch({ type: 'state', state: found.state })
    }
    addEventListener('hashchange', opened)
    const idle = setTimeout(warmUp, 500)
    return () => {
      removeEventListener('hashchange', opened)
      clearTimeout(idle)
    }
  }, [])

  // The address follows, a moment later; a wrong one stays until something is changed.
  const link = linkOf(state)
  const shown = useRef(link)
  useEffect(() => {
    if (link === shown.current) return
    const timer = setTimeout(() => {
      shown.current = link
      setFault(undefined)
      history.replaceState(null, '', `#${link}`)
    }, 250)
    return () => clearTimeout(timer)
  }, [link])

  return (
    <>
      <header class="top">
        <h1>
          mechid <span class="quiet">explorer</span>
        </h1>
        <p class="quiet lead">
          Which hidden quantities can be recovered from data, and why. All is computed in this page.
        </p>
        <ShareButton link={link} />
      </header>
      {fault !== undefined && (
        <div class="fault" role="alert">
          <p>
            <strong>This link cannot be read:</strong> {fault}. Shown is what was here before.
          </p>
          <button type="button" onClick={() => setFault(undefined)}>
            Close
          </button>
        </div>
      )}
      <Tabs
        label="Views"
        titles={titles}
        chosen={state.view}
        onChoose={(view) => dispatch({ type: 'view', view })}
      >
        {state.view === 'graph' && <GraphView choice={state.graph} dispatch={dispatch} />}
        {state.view === 'kernel' && <KernelView choice={state.kernel} dispatch={dispatch} />}
        {state.view === 'known' && <KnownView known={state.known} dispatch={dispatch} />}
        {/* A training goes on while other views are looked at. */}
        <div hidden={state.view !== 'training'}>
          <TrainingView choice={state.training} dispatch={dispatch} />
        </div>
      </Tabs>
    </>
  )
}

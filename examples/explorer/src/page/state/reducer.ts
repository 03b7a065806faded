/** From one state to the next: pure. */
import type { CausalGraph, EdgeTable } from '@mechid/values'
import { resized, toggled } from './edges.js'
import {
  choiceOf,
  type GraphChoice,
  type KernelChoice,
  type KnownChoice,
  type State,
  type TrainingChoice,
  type View
} from './state.js'

export type Action =
  | { readonly type: 'view'; readonly view: View }
  | {
      readonly type: 'edge'
      readonly part: 'time' | 'acting'
      readonly row: number
      readonly column: number
    }
  | { readonly type: 'size'; readonly latents?: number; readonly lags?: number; readonly actions?: number }
  | { readonly type: 'graph'; readonly graph: CausalGraph; readonly entry?: string }
  | { readonly type: 'new actions'; readonly targets: ReadonlyArray<ReadonlyArray<number>> }
  | { readonly type: 'kernel'; readonly kernel: KernelChoice }
  | { readonly type: 'known'; readonly known: ReadonlyArray<KnownChoice> }
  | { readonly type: 'training'; readonly change: Partial<TrainingChoice> }
  /** Another state altogether, such as that of a link. */
  | { readonly type: 'state'; readonly state: State }

/** What was changed is an entry of the gallery no longer. */
const changed = ({ entry: _, ...graph }: GraphChoice, change: Partial<GraphChoice>): GraphChoice => ({
  ...graph,
  ...change
})

const withSize = (graph: GraphChoice, size: Omit<Action & { type: 'size' }, 'type'>): GraphChoice => {
  const { latents, lags, actions } = { ...graph, ...size }
  const lagOf = (lag: number): EdgeTable =>
    graph.time.map((row) => row.slice(lag * graph.latents, (lag + 1) * graph.latents))
  const byLag = Array.from({ length: lags }, (_, lag) => resized(lagOf(lag), latents, latents))
  return changed(graph, {
    latents,
    lags,
    actions,
    time: Array.from({ length: latents }, (_, i) => byLag.flatMap((table) => table[i])),
    acting: resized(graph.acting, latents, actions)
  })
}

const withActions = (graph: GraphChoice, targets: ReadonlyArray<ReadonlyArray<number>>): GraphChoice =>
  changed(graph, {
    actions: graph.actions + targets.length,
    acting: graph.acting.map((row, i) => [...row, ...targets.map((reached) => (reached.includes(i) ? 1 : 0))])
  })

/** The state after an action. */
export const reduce = (state: State, action: Action): State => {
  const { graph } = state
  switch (action.type) {
    case 'view':
      return { ...state, view: action.view }
    case 'edge': {
      const { part, row, column } = action
      return { ...state, graph: changed(graph, { [part]: toggled(graph[part], row, column) }) }
    }
    case 'size': {
      const { type: _, ...size } = action
      return { ...state, graph: withSize(graph, size) }
    }
    case 'graph':
      return { ...state, graph: choiceOf(action.graph, action.entry) }
    case 'new actions':
      return { ...state, graph: withActions(graph, action.targets) }
    case 'kernel':
      return { ...state, kernel: action.kernel }
    case 'known':
      return { ...state, known: action.known }
    case 'training':
      return { ...state, training: { ...state.training, ...action.change } }
    case 'state':
      return action.state
  }
}

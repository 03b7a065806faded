/** A training as the page sees it: pure. */
import type { CurvePoint, TrainingMessage, TrainingProgress, TrainingResult } from './messages.js'

export type TrainingState =
  | { readonly _tag: 'Idle' }
  | {
      readonly _tag: 'Running'
      /** Undefined while it is looked for. */
      readonly engine: string | undefined
      readonly progress: TrainingProgress | undefined
      readonly points: ReadonlyArray<CurvePoint>
    }
  | { readonly _tag: 'Stopped'; readonly step: number; readonly points: ReadonlyArray<CurvePoint> }
  | { readonly _tag: 'Failed'; readonly message: string }
  | { readonly _tag: 'Done'; readonly result: TrainingResult; readonly points: ReadonlyArray<CurvePoint> }

export type TrainingEvent = TrainingMessage | { readonly _tag: 'Start' } | { readonly _tag: 'Stop' }

/** More points than this are thinned: curves have no more pixels. */
const MOST_POINTS = 600

/** Every second one, until there are few enough. */
const thinned = (points: ReadonlyArray<CurvePoint>): ReadonlyArray<CurvePoint> =>
  points.length <= MOST_POINTS ? points : thinned(points.filter((_, i) => i % 2 === 0))

const pointsOf = (state: TrainingState): ReadonlyArray<CurvePoint> => ('points' in state ? state.points : [])

/** What comes after a training has ended, such as a late message, changes nothing. */
export const followed = (state: TrainingState, event: TrainingEvent): TrainingState => {
  if (event._tag === 'Start') return { _tag: 'Running', engine: undefined, progress: undefined, points: [] }
  if (state._tag !== 'Running') return state
  switch (event._tag) {
    case 'Stop':
      return { _tag: 'Stopped', step: state.points.at(-1)?.step ?? 0, points: state.points }
    case 'Engine':
      return { ...state, engine: event.engine }
    case 'Progress':
      return {
        ...state,
        progress: event.progress,
        points: thinned([...state.points, ...event.progress.points])
      }
    case 'Done':
      return { _tag: 'Done', result: event.result, points: pointsOf(state) }
    case 'Failed':
      return { _tag: 'Failed', message: event.message }
    case 'Opened':
      return state
  }
}

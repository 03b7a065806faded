/** How a training's scores go with its time. */
import { duration } from '@mechid/example-terminal'

/** Scores on held-out rows at one moment of a training. */
export interface Point {
  /** Processor time since the training began, all threads together, without evaluations. */
  readonly seconds: number
  /** A number of steps, or the stage that has just ended. */
  readonly after: string
  readonly mcc: number
  readonly r: number
}

export interface Trace {
  readonly method: string
  /** In order of time. */
  readonly points: readonly Point[]
}

/** The first point with at least this MCC. */
export const firstAbove = ({ points }: Trace, mcc: number): Point | undefined =>
  points.find((point) => point.mcc >= mcc)

const best = (points: readonly Point[]): Point =>
  points.reduce((most, point) => (point.mcc > most.mcc ? point : most))

/** The cells of a table with a header, one line a method. */
export const traceRows = (traces: readonly Trace[], goal: number): string[][] => [
  ['method', `time to ${goal}`, 'best MCC', 'after', 'R', 'trained for'],
  ...traces
    .filter(({ points }) => points.length > 0)
    .map((trace) => {
      const reached = firstAbove(trace, goal)
      const most = best(trace.points)
      return [
        trace.method,
        reached === undefined ? 'not reached' : duration(reached.seconds),
        most.mcc.toFixed(4),
        most.after,
        most.r.toFixed(4),
        duration(trace.points[trace.points.length - 1].seconds)
      ]
    })
]

/** What is said of a trace while it grows. */
export const pointLine = (method: string, { seconds, after, mcc, r }: Point): string =>
  `${method}: ${seconds.toFixed(1)} s, after ${after}: MCC ${mcc.toFixed(4)}, R ${r.toFixed(4)}`

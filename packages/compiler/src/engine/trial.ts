/** Which of two sessions runs a step faster. */
import type { HostTensors } from '@mechid/engine'
import type { CompiledSession } from '../runtime/session.js'

const WARM_UP = 3
const TIMED = 10
/** Nearly equal is no reason to leave the first one. */
const MARGIN = 0.9

export interface Trial {
  /** Whether the second one is clearly faster. */
  readonly second: boolean
  /** A step of each, the fastest of those timed. */
  readonly milliseconds: readonly [number, number]
}

const fastest = async (session: CompiledSession, feeds: HostTensors): Promise<number> => {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < WARM_UP + TIMED; i++) {
    const started = performance.now()
    const done = await session.run(feeds)
    await session.outputs()
    if (done._tag === 'Left') return Number.POSITIVE_INFINITY
    if (i >= WARM_UP) least = Math.min(least, performance.now() - started)
  }
  return least
}

/** Runs both for a few steps; their carries move on. A session that fails counts as slow. */
export const faster = async (
  first: CompiledSession,
  second: CompiledSession,
  feeds: HostTensors
): Promise<Trial> => {
  const milliseconds = [await fastest(first, feeds), await fastest(second, feeds)] as const
  return { second: milliseconds[1] < MARGIN * milliseconds[0], milliseconds }
}

import type * as node from './pause.js'

/** Lets timers and signals run. */
export const pause: typeof node.pause = () => new Promise((resolve) => setTimeout(resolve))

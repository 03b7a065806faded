/** Lets timers and signals run. */
export const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

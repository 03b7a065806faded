/** Lets timers, signals and progress bars run. */
export const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

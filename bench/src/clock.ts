/**
 * The clock of all measurements, in seconds: the wall's, or with `MECHID_BENCH_CLOCK=cpu` the time that this process spent on
 * processors, all its threads together. The latter is for machines busy with other work, and says nothing of two threads.
 */
export const CLOCK = 'MECHID_BENCH_CLOCK'

export const usesProcessorTime = (): boolean => process.env[CLOCK] === 'cpu'

/** The time that this process spent on processors, all its threads together. */
export const processorSeconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

export const seconds = (): number => (usesProcessorTime() ? processorSeconds() : performance.now() / 1000)

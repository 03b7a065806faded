/** What is said of latents that a training did not use. */

/** Which latents nothing was put into; undefined where all are used. */
export const unusedSentence = (unused: readonly number[]): string | undefined => {
  if (unused.length === 0) return undefined
  const names = unused.map((i) => `ẑ${i}`).join(', ')
  const [are, them] = unused.length === 1 ? ['is', 'it'] : ['are', 'them']
  return `${names} ${are} not used: rows hardly move ${them}. Fewer latents would do, or the training collapsed ${them}.`
}

/** What someone may have meant by a word that is not known. */

/** Edits (insertions, deletions, replacements) between two words (V. Levenshtein 1966). */
const editDistance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(previous[j] + 1, current[j - 1] + 1, replaced))
    }
    previous = current
  }
  return previous[b.length]
}

/** More edits than this, or than half of the word's letters, are no slip. */
const MOST_EDITS = 3
/** Shorter words, such as x0, are near to everything. */
const SHORTEST = 3

/**
 * The known word nearest to `word`, at most three edits away and at most half as many as it has letters; letters in
 * either case count as equal. Words of one or two letters are near to none but themselves. Undefined where none is near.
 */
export const closestWord = (word: string, known: readonly string[]): string | undefined => {
  const lower = word.toLowerCase()
  const most = word.length < SHORTEST ? 0 : Math.min(MOST_EDITS, Math.floor(word.length / 2))
  let [best, least]: [string | undefined, number] = [undefined, most + 1]
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= least) continue
    const distance = editDistance(lower, candidate.toLowerCase())
    if (distance < least) [best, least] = [candidate, distance]
  }
  return best
}

/** Families of subsets of 0..k−1 none of which lies within another. */

/** n over r, as a float. */
export const binomial = (n: number, r: number): number => {
  if (r < 0 || r > n) return 0
  let value = 1
  for (let i = 1; i <= Math.min(r, n - r); i++) value = Math.round((value * (n - i + 1)) / i)
  return value
}

/**
 * The fewest actions that tell `latents` latents apart without other evidence: the least k with C(k, ⌊k/2⌋) ≥ d
 * (E. Sperner, 1928; [MS] section 2). 4 for 6 latents, 5 for 10.
 *
 * @example
 * fewestActions(10) // 5
 */
export const fewestActions = (latents: number): number => {
  if (latents <= 1) return 0
  let k = 1
  while (binomial(k, k >> 1) < latents) k++
  return k
}

/** The least number of (t−1)-sets within `count` t-sets (J. Kruskal, 1963; G. Katona, 1968). */
const leastShadow = (count: number, t: number): number => {
  let [rest, shadow] = [count, 0]
  for (let size = t; size > 0 && rest > 0; size--) {
    let n = size
    while (binomial(n + 1, size) <= rest) n++
    rest -= binomial(n, size)
    shadow += binomial(n, size - 1)
  }
  return shadow
}

/** `lower` sets of `level` elements and `upper` of one more. */
export interface FlatProfile {
  readonly level: number
  readonly lower: number
  readonly upper: number
  /** The sum of the sizes of all sets. */
  readonly volume: number
}

/**
 * The antichain of `size` ≥ 2 subsets of 0..k−1 with the least sum of sizes; undefined where there is none. It may be
 * taken flat (Á. Kisvölcsey, 2006: some flat antichain has the same size and volume), and a flat one exists iff the
 * lower sets leave enough sets above their least shadow.
 */
export const leastVolume = (size: number, k: number): FlatProfile | undefined => {
  let best: FlatProfile | undefined
  for (let level = 1; level <= k; level++)
    for (let lower = Math.min(size, binomial(k, level)); lower >= 0; lower--) {
      const upper = size - lower
      const volume = level * lower + (level + 1) * upper
      if (best !== undefined && volume >= best.volume) break
      // The sets above r-sets are the complements of those below their complements.
      if (upper <= binomial(k, level + 1) - leastShadow(lower, k - level)) {
        best = { level, lower, upper, volume }
        break
      }
    }
  return best
}

/** The least sum of the sizes of `count` different subsets of 0..k−1; undefined where there are fewer. */
export const leastDistinctVolume = (count: number, k: number): number | undefined => {
  let [left, volume] = [count, 0]
  for (let size = 0; size <= k && left > 0; size++) {
    const taken = Math.min(left, binomial(k, size))
    left -= taken
    volume += taken * size
  }
  return left > 0 ? undefined : volume
}

/** The next of all `size`-subsets in colexicographic order, in place; false after the last below n. */
const advance = (set: number[], n: number): boolean => {
  for (let i = 0; i < set.length; i++) {
    const ceiling = i + 1 < set.length ? set[i + 1] : n
    if (set[i] + 1 < ceiling) {
      set[i]++
      for (let j = 0; j < i; j++) set[j] = j
      return true
    }
  }
  return false
}

const maskOf = (set: ReadonlyArray<number>): bigint => set.reduce((mask, i) => mask | (1n << BigInt(i)), 0n)

/** The first `most` subsets of 0..n−1 with `size` elements, as masks, in colexicographic order. */
export const subsets = (n: number, size: number, most: number): bigint[] => {
  if (size > n || size < 0 || most <= 0) return []
  const set = Array.from({ length: size }, (_, i) => i)
  const found = [maskOf(set)]
  while (found.length < most && advance(set, n)) found.push(maskOf(set))
  return found
}

/**
 * How many of `size` subsets of 0..k−1, an antichain with no element in more than `load` of them, may be singletons. A
 * singleton's element lies in no other set, so the others, of two elements or more, share `load · (k − singletons)`.
 */
export const mostSingletons = (size: number, k: number, load: number): number => {
  if (size <= k) return size
  if (load <= 2) return 0
  return Math.max(0, Math.min(k, Math.floor((load * k - 2 * size) / (load - 2))))
}

/** The antichain of a profile from `leastVolume`, as masks. */
export const flatAntichain = (k: number, { level, lower, upper }: FlatProfile): bigint[] => {
  const all = (1n << BigInt(k)) - 1n
  const low = subsets(k, k - level, lower).map((mask) => all & ~mask)
  const high = upper === 0 ? [] : subsets(k, level + 1, binomial(k, level + 1))
  const free = high.filter((mask) => low.every((inner) => (inner & ~mask) !== 0n))
  return [...low, ...free.slice(0, upper)]
}

/** The next subset that contains 0, in place; false after the last. */
const advanceKeepingZero = (set: number[], n: number): boolean => {
  const rest = set.slice(1).map((i) => i - 1)
  if (rest.length === 0 || !advance(rest, n - 1)) return false
  rest.forEach((i, at) => {
    set[at + 1] = i + 1
  })
  return true
}

/**
 * Up to `most` subsets of 0..n−1 with `size` elements, orbit by orbit under cyclic shifts: after each orbit every
 * element lies in equally many of them.
 */
export const cyclicSubsets = (n: number, size: number, most: number): bigint[] => {
  if (size > n || size < 1) return []
  const set = Array.from({ length: size }, (_, i) => i)
  const found = new Set<bigint>()
  do {
    // An orbit has a member that contains 0, so those are enough to begin with.
    for (let shift = 0; shift < n; shift++) found.add(maskOf(set.map((i) => (i + shift) % n)))
  } while (found.size < most && advanceKeepingZero(set, n))
  return [...found]
}

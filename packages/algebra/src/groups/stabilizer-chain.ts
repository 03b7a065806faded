/** Stabilizer chains of permutation groups (Sims 1970), built incrementally as in Knuth 1991. */

/** A permutation of 0..n−1 as the list of its images. */
export type Images = Int32Array

/** The stabilizer of the base points before `point`, its generators and the orbit of `point` under it. */
export interface Level {
  readonly point: number
  readonly generators: Images[]
  readonly orbit: number[]
  /** For each point of the orbit an element that takes `point` there. */
  readonly transversal: Array<Images | undefined>
  readonly inverses: Array<Images | undefined>
}

export const composed = (f: Images, g: Images): Images => {
  const out = new Int32Array(g.length)
  for (let i = 0; i < g.length; i++) out[i] = f[g[i]]
  return out
}

export const inverted = (f: Images): Images => {
  const out = new Int32Array(f.length)
  for (let i = 0; i < f.length; i++) out[f[i]] = i
  return out
}

const firstMoved = (f: Images): number => f.findIndex((to, i) => to !== i)

const emptyLevel = (point: number, size: number): Level => {
  const start = Int32Array.from({ length: size }, (_, i) => i)
  const level: Level = {
    point,
    generators: [],
    orbit: [point],
    transversal: new Array(size).fill(undefined),
    inverses: new Array(size).fill(undefined)
  }
  level.transversal[point] = start
  level.inverses[point] = start
  return level
}

/** Whether levels `from` and on hold `element`, which fixes the base points before. */
export const holds = (levels: ReadonlyArray<Level>, element: Images, from = 0): boolean => {
  let rest = element
  for (let k = from; k < levels.length; k++) {
    const back = levels[k].inverses[rest[levels[k].point]]
    if (back === undefined) return false
    rest = composed(back, rest)
  }
  return firstMoved(rest) < 0
}

/** Adds `element` to level k and whatever Schreier's lemma then asks for to the levels below. */
const extend = (levels: Level[], k: number, element: Images, base: ReadonlyArray<number>): void => {
  if (k === levels.length) {
    const wanted = base[k]
    const moved = firstMoved(element)
    levels.push(emptyLevel(wanted ?? moved, element.length))
  }
  const level = levels[k]
  level.generators.push(element)
  const known = level.orbit.length
  for (let at = 0; at < level.orbit.length; at++) {
    const p = level.orbit[at]
    const toP = level.transversal[p] as Images
    // Points known before have met the older generators.
    for (const s of at < known ? [element] : level.generators) {
      const q = s[p]
      const reached = composed(s, toP)
      const back = level.inverses[q]
      if (back === undefined) {
        level.orbit.push(q)
        level.transversal[q] = reached
        level.inverses[q] = inverted(reached)
        continue
      }
      const schreier = composed(back, reached)
      if (!holds(levels, schreier, k + 1)) extend(levels, k + 1, schreier, base)
    }
  }
}

/** The chain of the group that `generators` generate; its base begins with the points of `base`. */
export const stabilizerChain = (
  generators: ReadonlyArray<Images>,
  size: number,
  base: ReadonlyArray<number> = []
): Level[] => {
  const levels = base.map((point) => emptyLevel(point, size))
  for (const g of generators) if (!holds(levels, g)) extend(levels, 0, g, base)
  return levels
}

export const chainOrder = (levels: ReadonlyArray<Level>): bigint =>
  levels.reduce((order, { orbit }) => order * BigInt(orbit.length), 1n)

/** Which entries of several values belong together. */
import type { Value } from '../graph/graph.js'

/** Where values begin that are computed entry by entry together, counted in entries from a common origin. */
export interface Alignment {
  readonly find: (value: Value) => { readonly origin: Value; readonly begin: number }
  /** Answers whether that agrees with what was said before. */
  readonly align: (part: Value, whole: Value, begin: number) => boolean
}

export const alignment = (): Alignment => {
  const links = new Map<Value, { readonly to: Value; readonly begin: number }>()
  const find: Alignment['find'] = (value) => {
    let [origin, begin] = [value, 0]
    for (let link = links.get(origin); link !== undefined; link = links.get(origin)) {
      origin = link.to
      begin += link.begin
    }
    return { origin, begin }
  }
  return {
    find,
    align: (part, whole, begin) => {
      const [a, b] = [find(part), find(whole)]
      const distance = b.begin + begin - a.begin
      if (a.origin === b.origin) return distance === 0
      links.set(a.origin, { to: b.origin, begin: distance })
      return true
    }
  }
}

/** The order of nodes in columns, so that few arrows cross. */

/** An arrow from one column to another: positions in the order given. */
export interface Link {
  readonly cause: number
  readonly effect: number
}

/** How many pairs of arrows between two columns cross; `at`: node → place. Arrows that share an end do not. */
export const crossings = (
  links: ReadonlyArray<Link>,
  causeAt: ArrayLike<number>,
  effectAt: ArrayLike<number>
): number => {
  let count = 0
  for (let p = 0; p < links.length; p++) {
    const [c, e] = [causeAt[links[p].cause], effectAt[links[p].effect]]
    for (let q = p + 1; q < links.length; q++)
      if ((causeAt[links[q].cause] - c) * (effectAt[links[q].effect] - e) < 0) count++
  }
  return count
}

/** Places of `count` nodes by the mean place of their neighbours; those without any keep to their own. */
const byNeighbours = (
  count: number,
  own: ArrayLike<number>,
  neighbours: ReadonlyArray<readonly [node: number, place: number]>
): number[] => {
  const [sums, counts] = [new Float64Array(count), new Uint32Array(count)]
  for (const [node, place] of neighbours) {
    sums[node] += place
    counts[node]++
  }
  const wish = Array.from({ length: count }, (_, i) => (counts[i] === 0 ? own[i] : sums[i] / counts[i]))
  const order = Array.from({ length: count }, (_, i) => i).sort(
    (p, q) => wish[p] - wish[q] || own[p] - own[q]
  )
  const places = new Array<number>(count)
  order.forEach((node, place) => {
    places[node] = place
  })
  return places
}

const SWEEPS = 8
/** With more arrows every order is a thicket, and counting crossings takes long. */
const MOST_SWEPT = 1500

const scaled = (place: number, from: number, to: number): number => ((place + 0.5) / from) * to - 0.5

/** Places of causes and effects, by sweeps of barycentres; the best of all sweeps is taken. */
export const fewCrossings = (
  links: ReadonlyArray<Link>,
  causes: number,
  effects: number
): { readonly causeAt: readonly number[]; readonly effectAt: readonly number[] } => {
  const identity = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
  let [causeAt, effectAt] = [identity(causes), identity(effects)]
  let best = { causeAt, effectAt }
  if (links.length > MOST_SWEPT) return best
  let least = crossings(links, causeAt, effectAt)
  for (let sweep = 0; sweep < SWEEPS && least > 0; sweep++) {
    causeAt = byNeighbours(
      causes,
      causeAt,
      links.map(({ cause, effect }) => [cause, scaled(effectAt[effect], effects, causes)])
    )
    const first = crossings(links, causeAt, effectAt)
    if (first < least) {
      least = first
      best = { causeAt, effectAt }
    }
    effectAt = byNeighbours(
      effects,
      effectAt,
      links.map(({ cause, effect }) => [effect, scaled(causeAt[cause], causes, effects)])
    )
    const second = crossings(links, causeAt, effectAt)
    if (second < least) {
      least = second
      best = { causeAt, effectAt }
    }
  }
  return best
}

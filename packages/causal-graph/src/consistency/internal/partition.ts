/** Ordered partitions of the nodes of two graphs at once, refined until every cell is equitable. */

/** Neighbours in compressed rows: those of node s are `to[from[s]] … to[from[s + 1] − 1]`. */
export interface Adjacency {
  readonly from: Int32Array
  readonly to: Int32Array
}

/** Nodes 0..n−1 belong to the first graph, n..2n−1 to the second; one adjacency for each kind of edge and way. */
export interface TwinGraph {
  readonly n: number
  readonly adjacencies: ReadonlyArray<Adjacency>
}

/**
 * Cells are runs of `nodes`; a cell is named by where it starts. `place` inverts `nodes`; `cell[v]` is the cell of
 * node v; `size[start]` is a cell's length.
 */
export interface Partition {
  readonly nodes: Int32Array
  readonly place: Int32Array
  readonly cell: Int32Array
  readonly size: Int32Array
}

export const copyPartition = (p: Partition): Partition => ({
  nodes: p.nodes.slice(),
  place: p.place.slice(),
  cell: p.cell.slice(),
  size: p.size.slice()
})

/** The partition by colour; undefined where a colour is not equally frequent in both graphs. */
export const partitionByColour = (n: number, colours: ReadonlyArray<string>): Partition | undefined => {
  const byColour = new Map<string, number[]>()
  colours.forEach((colour, v) => {
    const members = byColour.get(colour)
    if (members === undefined) byColour.set(colour, [v])
    else members.push(v)
  })
  const p: Partition = {
    nodes: new Int32Array(2 * n),
    place: new Int32Array(2 * n),
    cell: new Int32Array(2 * n),
    size: new Int32Array(2 * n)
  }
  let start = 0
  for (const members of byColour.values()) {
    let balance = 0
    members.forEach((v, at) => {
      p.nodes[start + at] = v
      p.place[v] = start + at
      p.cell[v] = start
      balance += v < n ? 1 : -1
    })
    if (balance !== 0) return undefined
    p.size[start] = members.length
    start += members.length
  }
  return p
}

/** The starts of all cells. */
export const cellStarts = (p: Partition): number[] => {
  const starts: number[] = []
  for (let start = 0; start < p.nodes.length; start += p.size[start]) starts.push(start)
  return starts
}

/** Moves node `v` to position `to` of its cell. */
const move = (p: Partition, v: number, to: number): void => {
  const [from, other] = [p.place[v], p.nodes[to]]
  p.nodes[to] = v
  p.nodes[from] = other
  p.place[v] = to
  p.place[other] = from
}

/** Cuts the run of nodes from `start` on, `length` of them, off as a cell of its own. */
const cutOff = (p: Partition, start: number, length: number): void => {
  p.size[start] = length
  for (let at = start; at < start + length; at++) p.cell[p.nodes[at]] = start
}

/** The pair (a of the first graph, b of the second) becomes a cell of its own; its start. */
export const individualize = (p: Partition, a: number, b: number): number => {
  const start = p.cell[a]
  const end = start + p.size[start]
  move(p, a, end - 1)
  move(p, b, end - 2)
  p.size[start] -= 2
  cutOff(p, end - 2, 2)
  return end - 2
}

/** What `refine` keeps between its steps. */
interface Work {
  readonly queue: number[]
  readonly queued: Uint8Array
  readonly counts: Int32Array
}

const enqueue = (work: Work, start: number): void => {
  if (work.queued[start] === 1) return
  work.queued[start] = 1
  work.queue.push(start)
}

/**
 * Splits one cell by the counts of its `touched` nodes, the others counting 0. False where a part holds more
 * nodes of one graph than of the other.
 */
const splitCell = (n: number, p: Partition, cell: number, touched: number[], work: Work): boolean => {
  const { counts } = work
  const whole = p.size[cell]
  touched.sort((x, y) => counts[x] - counts[y])
  if (touched.length === whole && counts[touched[0]] === counts[touched[touched.length - 1]]) return true
  const end = cell + whole
  for (let t = touched.length - 1, to = end - 1; t >= 0; t--, to--) move(p, touched[t], to)
  const parts: number[] = touched.length < whole ? [cell] : []
  for (let t = 0; t < touched.length; ) {
    const count = counts[touched[t]]
    const start = end - touched.length + t
    let [length, balance] = [0, 0]
    while (t < touched.length && counts[touched[t]] === count) {
      balance += touched[t] < n ? 1 : -1
      length++
      t++
    }
    if (balance !== 0) return false
    cutOff(p, start, length)
    parts.push(start)
  }
  if (touched.length < whole) p.size[cell] = whole - touched.length
  // J. E. Hopcroft (1971): unless the cell was waiting as a whole, its largest part need not be looked at.
  const largest = parts.reduce((best, start) => (p.size[start] > p.size[best] ? start : best))
  for (const start of parts) if (work.queued[cell] === 1 || start !== largest) enqueue(work, start)
  return true
}

/** Splits all cells by how many neighbours their nodes have among `members`. */
const splitBy = (
  { n }: TwinGraph,
  { from, to }: Adjacency,
  p: Partition,
  members: Int32Array,
  work: Work
): boolean => {
  const touched = new Map<number, number[]>()
  for (const s of members)
    for (let e = from[s]; e < from[s + 1]; e++) {
      const v = to[e]
      if (work.counts[v]++ > 0) continue
      const list = touched.get(p.cell[v])
      if (list === undefined) touched.set(p.cell[v], [v])
      else list.push(v)
    }
  let balanced = true
  for (const [cell, nodes] of touched) {
    if (balanced && p.size[cell] > 2) balanced = splitCell(n, p, cell, nodes, work)
    // A cell of one pair cannot split, but its two nodes have to agree.
    else if (balanced && (nodes.length < 2 || work.counts[nodes[0]] !== work.counts[nodes[1]]))
      balanced = false
    for (const v of nodes) work.counts[v] = 0
  }
  return balanced
}

/**
 * Refines in place, starting from the cells named, until all nodes of a cell have equally many neighbours of each
 * kind in every cell (colour refinement). False where the two graphs differ in it: no isomorphism respects `p`.
 */
export const refine = (graph: TwinGraph, p: Partition, starts: ReadonlyArray<number>): boolean => {
  const work: Work = { queue: [], queued: new Uint8Array(2 * graph.n), counts: new Int32Array(2 * graph.n) }
  for (const start of starts) enqueue(work, start)
  for (let at = 0; at < work.queue.length; at++) {
    const start = work.queue[at]
    work.queued[start] = 0
    const members = p.nodes.slice(start, start + p.size[start])
    for (const adjacency of graph.adjacencies) if (!splitBy(graph, adjacency, p, members, work)) return false
  }
  return true
}

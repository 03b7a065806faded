/** One regression tree on inputs cut into bins. */

/** Inputs as bins, row by row: `bins[i * features + j]`; feature j has the ascending edges `edges[j]`. */
export interface BinnedInputs {
  readonly bins: Uint8Array
  readonly edges: ReadonlyArray<Float64Array>
}

export interface TreeLimits {
  readonly depth: number
  /** No leaf has fewer rows. */
  readonly leafRows: number
}

/** Nodes in the order in which they were made; a node with `feature` −1 is a leaf. */
export interface RegressionTree {
  readonly feature: number[]
  /** Rows with a value below it go left. */
  readonly threshold: number[]
  readonly left: number[]
  readonly right: number[]
  readonly value: number[]
}

interface Split {
  readonly gain: number
  readonly feature: number
  /** Rows in bins up to this one go left. */
  readonly bin: number
}

const NO_SPLIT: Split = { gain: 0, feature: -1, bin: -1 }

/** The most bins that a feature may have. */
export const MOST_BINS = 256

/** Rows and sums of the target in each bin: feature after feature, `MOST_BINS` for each. */
interface Histograms {
  readonly counts: Int32Array
  readonly sums: Float64Array
}

/** Counts rows `order[from … to)` into bins, a row of bins at a time: rows · features steps. */
const count = (
  { bins, edges }: BinnedInputs,
  target: Float64Array,
  order: Int32Array,
  from: number,
  to: number,
  { counts, sums }: Histograms
): void => {
  const features = edges.length
  const width = MOST_BINS
  for (let j = 0; j < features; j++) {
    counts.fill(0, j * width, j * width + edges[j].length + 1)
    sums.fill(0, j * width, j * width + edges[j].length + 1)
  }
  for (let t = from; t < to; t++) {
    const row = order[t]
    const y = target[row]
    for (let j = 0, at = row * features; j < features; j++, at++) {
      const bin = j * width + bins[at]
      counts[bin]++
      sums[bin] += y
    }
  }
}

/** The split of n rows of the given sum that lowers the sum of squares most. */
const bestSplit = (
  { counts, sums }: Histograms,
  edges: ReadonlyArray<Float64Array>,
  n: number,
  total: number,
  leafRows: number
): Split => {
  // A gain that is rounding is none.
  let best: Split = { ...NO_SPLIT, gain: 1e-12 * Math.max(total ** 2 / n, Number.MIN_VALUE) }
  for (let j = 0; j < edges.length; j++) {
    let left = 0
    let sum = 0
    for (let b = 0; b < edges[j].length; b++) {
      left += counts[j * MOST_BINS + b]
      sum += sums[j * MOST_BINS + b]
      if (left < leafRows || n - left < leafRows) continue
      const gain = sum ** 2 / left + (total - sum) ** 2 / (n - left) - total ** 2 / n
      if (gain > best.gain) best = { gain, feature: j, bin: b }
    }
  }
  return best.feature < 0 ? NO_SPLIT : best
}

/** Moves the rows that go left to the front of `order[from … to)` and says where the others start. */
const partition = (
  { bins, edges }: BinnedInputs,
  { feature, bin }: Split,
  order: Int32Array,
  from: number,
  to: number
): number => {
  let middle = from
  for (let t = from; t < to; t++) {
    const row = order[t]
    if (bins[row * edges.length + feature] <= bin) {
      order[t] = order[middle]
      order[middle++] = row
    }
  }
  return middle
}

/**
 * Grows a tree on the rows that `order` names (which it rearranges), each split the one that lowers the squared
 * error most (L. Breiman et al., *Classification and Regression Trees*, 1984), and adds each split's gain to its
 * feature's importance.
 */
export const growTree = (
  inputs: BinnedInputs,
  target: Float64Array,
  order: Int32Array,
  { depth, leafRows }: TreeLimits,
  importances: Float64Array
): RegressionTree => {
  const size = inputs.edges.length * MOST_BINS
  const histograms = { counts: new Int32Array(size), sums: new Float64Array(size) }
  const tree: RegressionTree = { feature: [], threshold: [], left: [], right: [], value: [] }
  const grow = (from: number, to: number, level: number): number => {
    const node = tree.feature.length
    let sum = 0
    for (let t = from; t < to; t++) sum += target[order[t]]
    tree.feature.push(-1)
    tree.threshold.push(0)
    tree.left.push(-1)
    tree.right.push(-1)
    tree.value.push(sum / (to - from))
    if (level === depth || to - from < 2 * leafRows) return node
    count(inputs, target, order, from, to, histograms)
    const split = bestSplit(histograms, inputs.edges, to - from, sum, leafRows)
    if (split.feature < 0) return node
    importances[split.feature] += split.gain
    const middle = partition(inputs, split, order, from, to)
    tree.feature[node] = split.feature
    tree.threshold[node] = inputs.edges[split.feature][split.bin]
    tree.left[node] = grow(from, middle, level + 1)
    tree.right[node] = grow(middle, to, level + 1)
    return node
  }
  grow(0, order.length, 0)
  return tree
}

/** The tree's prediction for the row of values that starts at `at`. */
export const predictTree = (tree: RegressionTree, data: ArrayLike<number>, at: number): number => {
  let node = 0
  while (tree.feature[node] >= 0) {
    node = data[at + tree.feature[node]] < tree.threshold[node] ? tree.left[node] : tree.right[node]
  }
  return tree.value[node]
}

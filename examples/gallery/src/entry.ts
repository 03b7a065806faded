/** An entry of the atlas: a graph, often with a kernel, and why it is worth a look. */
import { causalGraph, type Kernel } from '@mechid/mechanisms'
import type { CausalGraph } from '@mechid/values'

export interface Entry {
  /** The anchor in the page and the name in the JSON file. */
  readonly id: string
  readonly title: string
  /** What it is, and what to look at. */
  readonly story: string
  readonly graph: CausalGraph
  /** Without it only the graph is analysed. */
  readonly kernel?: Kernel
}

export interface EntryGroup {
  readonly id: string
  readonly heading: string
  readonly introduction: string
  readonly entries: ReadonlyArray<Entry>
}

/** `TimeNonDiag (k=2)` becomes `timenondiag-k-2`. */
const idOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

export const ofKernel = (title: string, kernel: Kernel, story: string): Entry => ({
  id: idOf(title),
  title,
  story,
  kernel,
  graph: causalGraph(kernel)
})

export const ofGraph = (title: string, graph: CausalGraph, story: string): Entry => ({
  id: idOf(title),
  title,
  story,
  graph
})

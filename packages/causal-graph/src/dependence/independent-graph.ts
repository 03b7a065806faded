/** The graph, or the kernel, in those actions that vary independently. */
import type { Elementary, Kernel } from '@mechid/mechanisms'
import type { GraphBits } from '../graph/graph-bits.js'
import { blank, get, setBit } from '../matrices/binary-matrix.js'
import type { ActionDependence, LinearActionDependence } from './action-dependence.js'

/** What dependent actions reach, their causes reach; they themselves reach nothing. Columns keep their places. */
export const independentBits = (
  graph: GraphBits,
  dependences: ReadonlyArray<ActionDependence>
): GraphBits => {
  const { actions } = graph
  if (actions === undefined || dependences.length === 0) return graph
  const sources = new Map(dependences.map(({ action, of }) => [action, of]))
  const independent = blank(actions.rows, actions.columns)
  for (let i = 0; i < actions.rows; i++)
    for (let l = 0; l < actions.columns; l++)
      if (get(actions, i, l)) for (const m of sources.get(l) ?? [l]) setBit(independent, i, m)
  return { ...graph, actions: independent }
}

/** The kernel as a function of its independent actions: the values given for dependent ones are not read. */
export const independentKernel = (
  kernel: Kernel,
  dependences: ReadonlyArray<LinearActionDependence>
): Kernel => {
  if (dependences.length === 0) return kernel
  const completed = <A>(F: Elementary<A>, a: ReadonlyArray<A>): A[] => {
    const all = [...a]
    for (const { action, of, factors, constant = 0 } of dependences)
      all[action] = of.reduce(
        (sum, l, p) => (factors[p] === 0 ? sum : F.add(sum, F.mul(F.lit(factors[p]), a[l]))),
        F.lit(constant)
      )
    return all
  }
  return {
    ...kernel,
    location: (F, past, a) => kernel.location(F, past, completed(F, a)),
    scale: (F, past, a) => kernel.scale(F, past, completed(F, a))
  }
}

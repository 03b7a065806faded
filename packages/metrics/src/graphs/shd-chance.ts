/** The SHD of graphs that have nothing to do with each other. */
import type { CausalGraph, EdgeTable } from '@mechid/values'

const edgesIn = (tables: ReadonlyArray<EdgeTable>): number =>
  tables.flat(2).reduce((sum: number, edge) => sum + edge, 0)

/**
 * The chance level of SHD: the expected distance of two random graphs with as many edges as these, among as many
 * possible ones. Gz and Ga are counted together; both graphs have the same numbers of latents, lags and actions.
 *
 * Use it beside every SHD: sparse graphs are near each other whatever was learned.
 *
 * @example
 * shdChance({ actions: [[1, 0], [0, 1]] }, { actions: [[1, 1], [0, 0]] }) // 2
 */
export const shdChance = (target: CausalGraph, learned: CausalGraph): number => {
  const parts = (graph: CausalGraph): EdgeTable[] => [graph.latents ?? [], graph.actions ?? []]
  const [t, l] = [edgesIn(parts(target)), edgesIn(parts(learned))]
  const possible = [target.latents ?? learned.latents ?? [], target.actions ?? learned.actions ?? []].flat(
    2
  ).length
  return possible === 0 ? 0 : (t * (possible - l) + l * (possible - t)) / possible
}

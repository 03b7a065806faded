import { type CausalGraph, type EdgeTable, orThrow } from '@mechid/values'
import fc from 'fast-check'
import { type Permutation, toPermutation } from '../src/index.js'

/** Plain rows of 0 and 1, sparse and dense ones alike. */
export const rowsOf = (rows: number, columns: number): fc.Arbitrary<number[][]> =>
  fc.constantFrom(1, 3, 5).chain((weight) =>
    fc.array(
      fc.array(
        fc.nat(5).map((x) => (x < weight ? 1 : 0)),
        { minLength: columns, maxLength: columns }
      ),
      { minLength: rows, maxLength: rows }
    )
  )

export const permutationOf = (size: number): fc.Arbitrary<Permutation> =>
  fc
    .shuffledSubarray(
      Array.from({ length: size }, (_, i) => i),
      { minLength: size, maxLength: size }
    )
    .map((image) => orThrow(toPermutation(image)))

/** Graphs with d latents: time, with one or two lags, or actions, or both; parts of empty rows among them. */
export const graphOf = (d: number): fc.Arbitrary<CausalGraph> =>
  fc
    .record({ lags: fc.constantFrom(0, 1, 1, 2), k: fc.nat(5) })
    .filter(({ lags, k }) => lags + k > 0)
    .chain(({ lags, k }) => fc.record({ latents: rowsOf(d, lags * d), actions: rowsOf(d, k) }))

export const graphs: fc.Arbitrary<CausalGraph> = fc.integer({ min: 1, max: 12 }).chain(graphOf)

/** Graphs of up to 12 latents with a relabelling. */
export const relabelled: fc.Arbitrary<{ graph: CausalGraph; p: Permutation }> = fc
  .integer({ min: 1, max: 12 })
  .chain((d) => fc.record({ graph: graphOf(d), p: permutationOf(d) }))

/** Entry by entry from the definition, O(d³): row i within row j, rows of Ga and Gz and, lag by lag, columns of Gz. */
export const naivePattern = (
  latents: EdgeTable | undefined,
  actions: EdgeTable | undefined,
  d: number
): number[][] => {
  const within = (i: number, j: number): boolean => {
    const row = (m: EdgeTable) => m[i].every((x, l) => x <= m[j][l])
    if (actions !== undefined && !row(actions)) return false
    if (latents === undefined) return true
    for (let lag = 0; lag * d < latents[0].length; lag++)
      if (latents.some((effects) => effects[lag * d + i] > effects[lag * d + j])) return false
    return row(latents)
  }
  return Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => (within(i, j) ? 1 : 0)))
}

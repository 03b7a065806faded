/** The causal graphs of the published synthetic problems ([MS] section 7). Row = effect, column = cause. */

export type Edges = number[][]

const edges = (rows: number, columns: number, is: (i: number, j: number) => boolean): Edges =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => (is(i, j) ? 1 : 0)))

/** Each latent has a cause of its own. */
export const diagonal = (d: number): Edges => edges(d, d, (i, j) => i === j)

/** Action j hits latents j and j + 1, cyclically. */
export const cyclicPairs = (d: number): Edges => edges(d, d, (i, j) => j === i || j === (i + d - 1) % d)

/** Every latent reads itself and all before it. */
export const lowerTriangular = (d: number): Edges => edges(d, d, (i, j) => j <= i)

/** Square blocks of ones along the diagonal. */
export const diagonalBlocks = (d: number, size: number): Edges =>
  edges(d, d, (i, j) => Math.floor(i / size) === Math.floor(j / size))

/** d/2 actions, each on two latents of its own. */
export const actionPairs = (d: number): Edges => edges(d, d / 2, (i, j) => Math.floor(i / 2) === j)

/** The same, the first action also on the last two latents. */
export const actionPairsJoined = (d: number): Edges =>
  edges(d, d / 2, (i, j) => Math.floor(i / 2) === j || (j === 0 && i >= d - 2))

/** Blocks of two along the diagonal; besides, first ← last, last ← first and last ← middle block. */
export const timePairsJoined = (d: number): Edges => {
  const last = d / 2 - 1
  const middle = Math.floor(last / 2)
  return edges(d, d, (i, j) => {
    const [to, from] = [Math.floor(i / 2), Math.floor(j / 2)]
    return to === from || (to === 0 && from === last) || (to === last && (from === 0 || from === middle))
  })
}

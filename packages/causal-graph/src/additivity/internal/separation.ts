/** From the curvatures of columns to what additive means leave entangled. */
import { type BinaryMatrix, tabulate } from '../../matrices/binary-matrix.js'
import type { Column } from '../curvature.js'
import { callSize } from '../places.js'

const dot = (x: ReadonlyArray<number>, y: ReadonlyArray<number>): number =>
  x.reduce((sum, value, k) => sum + value * y[k], 0)

/** The sine of the angle between two vectors; 0 where one of them is 0. */
const sine = (x: ReadonlyArray<number>, y: ReadonlyArray<number>): number => {
  const [xx, yy] = [Math.sqrt(dot(x, x)), Math.sqrt(dot(y, y))]
  if (xx === 0 || yy === 0) return 0
  const along = dot(x, y) / (xx * yy)
  return Math.hypot(...x.map((value, k) => value / xx - (along * y[k]) / yy))
}

/** How far two vectors are from equal, relative to the longer one; 0 where both are 0. */
const gap = (x: ReadonlyArray<number>, y: ReadonlyArray<number>): number => {
  const longest = Math.sqrt(Math.max(dot(x, x), dot(y, y)))
  return longest === 0 ? 0 : Math.hypot(...x.map((value, k) => value - y[k])) / longest
}

/** The transitive closure of "not told apart", within all latents: class numbers by latent. */
const classesOf = (size: number, together: (i: number, j: number) => boolean): number[] => {
  const label = Array.from({ length: size }, (_, i) => i)
  for (let i = 0; i < size; i++)
    for (let j = i + 1; j < size; j++)
      if (label[i] !== label[j] && together(i, j)) {
        const [kept, lost] = [label[i], label[j]]
        for (let k = 0; k < size; k++) if (label[k] === lost) label[k] = kept
      }
  return label
}

/**
 * Entry (i, j): z_i may depend on ẑ_j, up to order, for an affine map that keeps all means additive. A column that
 * varies: itself alone; constant curvatures: those whose curvatures are proportional over all effects; no curvature:
 * everything. What is not decided counts as entangled.
 */
export const additivePattern = (columns: ReadonlyArray<Column>, tolerance: number): BinaryMatrix => {
  const kind = (i: number) => columns[i].curvature
  const told = (i: number, j: number): boolean =>
    callSize(sine(columns[i].constants, columns[j].constants), tolerance) === 'yes'
  const label = classesOf(columns.length, (i, j) => {
    const kinds = [kind(i), kind(j)]
    if (kinds.includes('varying') || kinds.includes('none')) return false
    return kinds.includes('undecided') || !told(i, j)
  })
  return tabulate(columns.length, columns.length, (i, j) => {
    if (i === j || kind(i) === 'none' || kind(i) === 'undecided') return true
    return kind(i) === 'constant' && label[i] === label[j]
  })
}

/**
 * The same where the noise of the learned latents has to be independent as well (Gaussian of fixed variances): the map is
 * a rotation once latents are whitened by their noise, so curvatures times variances have to be equal, not only
 * proportional, for two latents to be mixed.
 *
 * @param variances of the noise of each latent
 */
export const patternWithNoise = (
  columns: ReadonlyArray<Column>,
  variances: ReadonlyArray<number>,
  tolerance: number
): BinaryMatrix => {
  const whitened = columns.map(({ constants, curvature }, j) =>
    constants.map((c) => (curvature === 'none' ? 0 : c * variances[j]))
  )
  const label = classesOf(columns.length, (i, j) => {
    const kinds = [columns[i].curvature, columns[j].curvature]
    if (kinds.includes('varying')) return false
    return kinds.includes('undecided') || callSize(gap(whitened[i], whitened[j]), tolerance) !== 'yes'
  })
  return tabulate(columns.length, columns.length, (i, j) => label[i] === label[j])
}

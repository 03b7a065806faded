/** Maps of latents, written once for every reading. */
import type { Elementary } from '@mechid/mechanisms'
import type { Dense } from '@mechid/numerics'

/** d numbers to d numbers, written once for every reading. */
export type Transformation = <A>(F: Elementary<A>, z: ReadonlyArray<A>) => ReadonlyArray<A>

/** A map v of d latents. */
export interface LatentMap {
  readonly latents: number
  readonly apply: Transformation
}

/** The linear map z ↦ M z; entries 0 are not read. */
export const linearTransformation =
  (m: Dense): Transformation =>
  (F, z) => {
    const columns = m.shape[1]
    return Array.from({ length: m.shape[0] }, (_, i) => {
      let sum = F.zero
      for (let j = 0; j < columns; j++) {
        const x = m.data[i * columns + j]
        if (x !== 0) sum = F.add(sum, F.mul(F.lit(x), z[j]))
      }
      return sum
    })
  }

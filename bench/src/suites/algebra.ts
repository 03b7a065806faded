/** What mechanisms leave ambiguous, against the plain systems of equations in NumPy. */
import { commutant, type MatrixAlgebra, orThrow } from '@mechid/algebra'
import type { NumericArray } from '@mechid/files'
import { generator } from '@mechid/random'
import { arraysFor } from '../exchange.js'
import { type BenchCase, type Suite, timed } from '../suite.js'

const SEED = 1

const basisOf = ({ basis, size }: MatrixAlgebra): NumericArray => {
  const data = new Float64Array(basis.length * size * size)
  for (const [k, b] of basis.entries()) data.set(b.data, k * size * size)
  return { data, shape: [basis.length, size * size] }
}

/** Both bases must span the same space. */
interface Spans {
  readonly dimension: number
  /** The largest part of one of our matrices, of norm 1, that lies outside the peer's space. */
  readonly outside: number
}

interface Counts {
  readonly calls: number
  readonly pairs: number
  readonly warmUps?: number
  readonly long?: string
}

/** Everything that commutes with one map of normal entries. */
const commutantOf = (size: number, { calls, ...counts }: Counts): BenchCase => ({
  name: `commutant of a generic map of ${size} latents`,
  needs: ['numpy'],
  ...counts,
  prepare: async (peer, folder) => {
    const random = generator(SEED).split(size)
    const data = new Float64Array(size * size)
    random.fillNormal(data)
    const rows = Array.from({ length: size }, (_, i) => Array.from(data.subarray(i * size, (i + 1) * size)))
    await peer.prepare('commutant', {
      file: await arraysFor(folder, 'map', { map: { data, shape: [size, size] } })
    })
    const compute = (): MatrixAlgebra => orThrow(commutant([rows]))
    let last: MatrixAlgebra | undefined
    return {
      ours: async () => {
        const { result, seconds } = timed(compute, calls)
        last = result
        return seconds
      },
      peer: () => peer.run(calls),
      differences: async () => {
        const file = await arraysFor(folder, 'ours', { basis: basisOf(last ?? compute()) })
        const { dimension, outside } = await peer.inspect<Spans>({ file })
        return [
          { what: 'the dimension', difference: dimension, allowed: 0 },
          { what: 'the space', difference: outside, allowed: 1e-8 }
        ]
      }
    }
  }
})

export const algebra: Suite = {
  name: 'algebra',
  purpose: 'what commutes with mechanisms',
  script: 'algebra.py',
  cases: [
    commutantOf(10, { calls: 50, pairs: 21 }),
    commutantOf(30, { calls: 1, pairs: 11 }),
    commutantOf(100, {
      calls: 1,
      pairs: 1,
      warmUps: 0,
      long: 'a quarter of an hour, nearly all of it in NumPy'
    })
  ]
}

/** What mechanisms leave ambiguous, against the plain systems of equations in NumPy. */
import {
  commutant,
  equivarianceFields,
  evaluateFields,
  type Fields,
  type MatrixAlgebra,
  polynomials
} from '@mechid/algebra'
import type { NumericArray } from '@mechid/files'
import { type Elementary, type Mechanism, mechanism } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
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

/** What changes coordinates: two planes that turn, seen askew. Rows of a unit triangular matrix. */
const ASKEW = [
  [1, 0.3, -0.2, 0.1],
  [0, 1, 0.4, -0.1],
  [0, 0, 1, 0.3],
  [0, 0, 0, 1]
]
/** The inverse of `ASKEW`. */
const STRAIGHT = [
  [1, -0.3, 0.32, -0.226],
  [0, 1, -0.4, 0.22],
  [0, 0, 1, -0.3],
  [0, 0, 0, 1]
]
const ANGLES = [0.6, 1.13]
const GROWTH = 0.2

/** z' = S R S⁻¹z · (1 + growth ‖S⁻¹z‖²): every entry of the Jacobian varies. */
const growingTurn = (): Mechanism =>
  orThrow(
    mechanism({
      latents: 4,
      step: <A>(F: Elementary<A>, z: ReadonlyArray<A>) => {
        const times = (rows: number[][], x: ReadonlyArray<A>): A[] =>
          rows.map((row) => row.map((m, j) => F.mul(F.lit(m), x[j])).reduce(F.add))
        const w = times(STRAIGHT, z)
        const turned = ANGLES.flatMap((angle, k) => {
          const [c, s] = [F.lit(Math.cos(angle)), F.lit(Math.sin(angle))]
          const [x, y] = [w[2 * k], w[2 * k + 1]]
          return [F.sub(F.mul(c, x), F.mul(s, y)), F.add(F.mul(s, x), F.mul(c, y))]
        })
        const square = w.map((x) => F.mul(x, x)).reduce(F.add)
        const factor = F.add(F.one, F.mul(F.lit(GROWTH), square))
        return times(ASKEW, turned).map((x) => F.mul(factor, x))
      }
    })
  )

/** Polynomial fields of four latents that commute with a nonlinear mechanism. */
const fieldsOfDegree = (degree: number, samples: number, pairs: number): BenchCase => ({
  name: `fields of degree ${degree} for 4 latents, ${samples.toLocaleString('en')} samples`,
  needs: ['numpy'],
  pairs,
  prepare: async (peer, folder) => {
    const turn = growingTurn()
    const dictionary = orThrow(polynomials(degree))
    const compute = (): Fields => orThrow(equivarianceFields([turn], { dictionary, samples }))
    const points = Float64Array.from({ length: 4 * 100 }, (_, e) => Math.sin(e * e))
    await peer.prepare('fields', { degree, samples, askew: ASKEW, angles: ANGLES, growth: GROWTH })
    let last: Fields | undefined
    return {
      ours: async () => {
        const { result, seconds } = timed(compute)
        last = result
        return seconds
      },
      peer: () => peer.run(1),
      differences: async () => {
        const { fields } = last ?? compute()
        const file = await arraysFor(folder, 'ours', {
          points: { data: points, shape: [100, 4] },
          values: { data: evaluateFields(fields, points), shape: [100, fields.dimension, 4] }
        })
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
    fieldsOfDegree(5, 2000, 11),
    commutantOf(100, {
      calls: 1,
      pairs: 1,
      warmUps: 0,
      long: 'a quarter of an hour, nearly all of it in NumPy'
    })
  ]
}

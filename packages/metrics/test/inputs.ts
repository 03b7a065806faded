/** Inputs that several tests share. */
import { generator } from '@mechid/random'
import type { Samples } from '@mechid/values'
import * as fc from 'fast-check'

// The same examples on every run: a failure is a change of the code, not of the dice.
fc.configureGlobal({ seed: 1 })

export const fromRows = (rows: ReadonlyArray<ReadonlyArray<number>>): Samples => ({
  data: Float64Array.from(rows.flat()),
  shape: [rows.length, rows[0].length]
})

export const normals = (rows: number, columns: number, seed: number): Samples => {
  const data = new Float64Array(rows * columns)
  generator(seed).fillNormal(data)
  return { data, shape: [rows, columns] }
}

export const uniform = (rows: number, columns: number, seed: number): Samples => {
  const random = generator(seed)
  return {
    data: Float64Array.from({ length: rows * columns }, () => random.uniform()),
    shape: [rows, columns]
  }
}

/** Independent factors of so many values each. */
export const discrete = (rows: number, columns: number, values: number, seed: number): Samples => {
  const { data, shape } = uniform(rows, columns, seed)
  return { data: data.map((x) => Math.floor(x * values)), shape }
}

export const transformed = (
  { data, shape }: Samples,
  columns: number,
  f: (row: number[]) => number[]
): Samples => {
  const [rows, width] = shape
  const out = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++) out.set(f(Array.from(data.slice(i * width, (i + 1) * width))), i * columns)
  return { data: out, shape: [rows, columns] }
}

/** The same latents in another order, with other signs, scales and offsets. */
export const disentangled = (z: Samples): Samples =>
  transformed(z, 3, ([a, b, c]) => [-2 * c + 5, 0.1 * a, b - 3])

const [DIAGONAL, NEXT, OTHER] = [
  (1 + Math.SQRT2) / 3,
  (1 - Math.SQRT1_2) / 3 + Math.SQRT1_2 / Math.sqrt(3),
  (1 - Math.SQRT1_2) / 3 - Math.SQRT1_2 / Math.sqrt(3)
]

/** A rotation about (1, 1, 1) by 45 degrees: each learned latent is a mixture: 0.80, 0.51 and −0.31 of the true ones. */
export const rotated = (z: Samples): Samples =>
  transformed(z, 3, ([a, b, c]) => [
    DIAGONAL * a + NEXT * b + OTHER * c,
    OTHER * a + DIAGONAL * b + NEXT * c,
    NEXT * a + OTHER * b + DIAGONAL * c
  ])

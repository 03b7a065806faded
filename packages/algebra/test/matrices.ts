/** Matrices that tests speak of by name. */
export type Rows = number[][]

export const diagonal = (...entries: number[]): Rows =>
  entries.map((entry, i) => entries.map((_, j) => (i === j ? entry : 0)))

export const turn = (angle: number): Rows => [
  [Math.cos(angle), -Math.sin(angle)],
  [Math.sin(angle), Math.cos(angle)]
]

/** One Jordan block. */
export const jordan = (n: number, value: number): Rows =>
  Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => (i === j ? value : j === i + 1 ? 1 : 0))
  )

/** The direct sum. */
export const blocks = (...parts: Rows[]): Rows => {
  const size = parts.reduce((sum, part) => sum + part.length, 0)
  const out = Array.from({ length: size }, () => new Array<number>(size).fill(0))
  let at = 0
  for (const part of parts) {
    part.forEach((row, i) => {
      row.forEach((value, j) => {
        out[at + i][at + j] = value
      })
    })
    at += part.length
  }
  return out
}

/** e_i ↦ e_{i+1}. */
export const cycle = (n: number): Rows =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => ((j + 1) % n === i ? 1 : 0)))

/** e_i ↦ e_{−i}. */
export const reflection = (n: number): Rows =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => ((i + j) % n === 0 ? 1 : 0)))

/** The flow of x'' = −w² x over time t. */
export const oscillator = (w: number, t: number): Rows => [
  [Math.cos(w * t), Math.sin(w * t) / w],
  [-w * Math.sin(w * t), Math.cos(w * t)]
]

export const product = (a: Rows, b: Rows): Rows =>
  a.map((row) => b[0].map((_, j) => row.reduce((sum, x, l) => sum + x * b[l][j], 0)))

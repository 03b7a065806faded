/** Matrices to test with. */
import { type Generator, generator } from '@mechid/random'
import { combine, type Dense, frobenius, identityMatrix, innerProducts, tabulated } from '../src/index.js'

export const normal = (rows: number, columns: number, random: Generator = generator(7)): Dense =>
  tabulated(rows, columns, () => random.normal())

/** A symmetric positive definite matrix, n × n. */
export const positive = (n: number, random: Generator = generator(7)): Dense => {
  const tall = normal(n + 3, n, random)
  return combine(1, innerProducts(tall, tall), 1, identityMatrix(n))
}

/** ‖a − b‖. */
export const distance = (a: Dense, b: Dense): number => frobenius(combine(1, a, -1, b))

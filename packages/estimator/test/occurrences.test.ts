/** How often actions act, by which edges are priced. */
import { type ExampleSource, orThrow } from '@mechid/values'
import { expect, it } from 'vitest'
import { type Occurrences, occurrencesOf } from '../src/training/occurrences.js'

const source = (actions: ReadonlyArray<ReadonlyArray<number>>): ExampleSource => ({
  examples: actions.length,
  features: 1,
  actions: actions[0].length,
  temporal: false,
  order: (random) => random.permutation(actions.length),
  gather: (indices, _, a) => {
    indices.forEach((row, i) => {
      a.set(actions[row], i * actions[0].length)
    })
  }
})

const rows = (count: number, row: (i: number) => number[]): number[][] =>
  Array.from({ length: count }, (_, i) => row(i))

const of = async (actions: number[][]): Promise<Occurrences | undefined> =>
  orThrow(await occurrencesOf(source(actions)))

it('knows the values of one discrete action, and how many rows have each', async () => {
  const seen = await of(
    rows(4000, (i) => [0, 1, 2].map((l) => Number((i % 10 < 7 ? 0 : i % 10 < 9 ? 1 : 2) === l)))
  )
  expect(seen?.exclusive).toBe(true)
  // A column that is 1 in most rows acts where it is 0.
  const expected = [0.3, 0.2, 0.1]
  expected.forEach((share, l) => {
    expect(seen?.shares[l]).toBeCloseTo(share, 6)
  })
})

it('takes the value of half of all rows for the reference, whatever it is', async () => {
  const seen = await of(rows(2000, (i) => [i % 4 === 0 ? i / 100 : -1.5, Math.sin(i)]))
  expect(seen).toMatchObject({ exclusive: false })
  expect(seen?.shares[0]).toBeCloseTo(0.25, 6)
  expect(seen?.shares[1]).toBe(1)
})

it('leaves continuous actions as they are', async () => {
  expect(await of(rows(500, (i) => [Math.sin(i), Math.cos(3 * i)]))).toBeUndefined()
})

it('takes a column to act in 16 rows at least, so that chance is no edge', async () => {
  const seen = await of(rows(1000, (i) => [Number(i === 3), Number(i % 2 === 0 && i > 3)]))
  expect(seen?.shares[0]).toBeCloseTo(0.016, 6)
})

it('reads each example once', async () => {
  const actions = rows(3000, (i) => [Number(i % 5 === 0), Number(i % 7 === 0)])
  const whole = source(actions)
  const reads = new Int32Array(actions.length)
  const counting: ExampleSource = {
    ...whole,
    gather: (indices, x, a) => {
      for (const row of indices) reads[row]++
      return whole.gather(indices, x, a)
    }
  }
  expect(orThrow(await occurrencesOf(counting))?.shares[0]).toBeCloseTo(0.2, 6)
  expect(reads.every((count) => count === 1)).toBe(true)
})

it('passes on why examples cannot be read', async () => {
  const lost: ExampleSource = {
    ...source([[0], [1]]),
    gather: () => {
      throw new Error('the disk is gone')
    }
  }
  expect(await occurrencesOf(lost)).toMatchObject({ left: { _tag: 'DataUnavailable' } })
})

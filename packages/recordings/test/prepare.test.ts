import { generator } from '@mechid/random'
import { orThrow, type Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  type Channels,
  codeFeatures,
  dependentActions,
  type Numbers,
  type PrepareOptions,
  parseCoding,
  placebo,
  prepare,
  type Recording
} from '../src/index.js'

const channels = (letter: string, columns: readonly ArrayLike<number>[], data?: Numbers): Channels => {
  const [count, width] = [columns[0].length, columns.length]
  return {
    names: columns.map((_, j) => `${letter}${j}`),
    lines: count,
    data:
      data ??
      Float64Array.from({ length: count * width }, (_, e) => columns[e % width][Math.floor(e / width)])
  }
}

const normals = (count: number, seed: number): Float64Array => {
  const random = generator(seed)
  return Float64Array.from({ length: count }, () => random.normal())
}

const ROWS = 200
const [u, v, w] = [1, 2, 3].map((seed) => normals(ROWS, seed))
const recording = (more: Partial<Recording> = {}): Recording => ({
  name: 'data.npz',
  x: channels('x', [u, v, w]),
  notes: [],
  ...more
})
const withActions = (columns: readonly ArrayLike<number>[], more: Partial<Channels> = {}): Recording =>
  recording({ a: { ...channels('a', columns), ...more } })

const prepared = (one: Recording, options: PrepareOptions = {}) => orThrow(prepare(one, options))
const column = ({ data, shape }: Samples<Float32Array>, j: number, lines: ArrayLike<number>): Float64Array =>
  Float64Array.from(lines as number[], (i) => data[i * shape[1] + j])
const mean = (values: Float64Array): number => values.reduce((sum, x) => sum + x, 0) / values.length

describe('features', () => {
  it('have mean 0 and variance 1 over the rows of the training, whatever their units and offsets', () => {
    const plain = prepared(recording())
    const lines = plain.split.train
    for (let j = 0; j < 3; j++) {
      const values = column(plain.x, j, lines)
      expect(Math.abs(mean(values))).toBeLessThan(1e-6)
      expect(Math.abs(mean(values.map((x) => x * x)) - 1)).toBeLessThan(1e-6)
    }
  })

  // An offset of 1e8 leaves eight digits of a normal number in double precision, more than float32 has.
  it.each([
    [1, 1e7],
    [1, 1e8],
    [1e3, 0],
    [1e-3, 0],
    [1e-200, 0],
    [1e200, 0]
  ])('are the same scaled by %d and shifted by %d', (factor, shift) => {
    const plain = prepared(recording())
    const moved = prepared(
      recording({
        x: channels(
          'x',
          [u, v, w].map((values) => values.map((x) => factor * x + shift))
        )
      })
    )
    const worst = plain.x.data.reduce((most, x, i) => Math.max(most, Math.abs(x - moved.x.data[i])), 0)
    expect(worst).toBeLessThan(5e-7)
    expect([...moved.split.test]).toEqual([...plain.split.test])
  })

  it('that do not vary are left out together, with a note, or refused together', () => {
    const flat = recording({
      x: channels('x', [u, new Float64Array(ROWS).fill(1e8), v, new Float64Array(ROWS)])
    })
    const { featureNames, notes, x } = prepared(flat)
    expect(featureNames).toEqual(['x0', 'x2'])
    expect(x.shape).toEqual([ROWS, 2])
    expect(notes).toEqual(['Left out, since the same in every row of the training: x1, x3.'])
    const strict = prepare(flat, { strict: true })
    expect(E.isLeft(strict) ? strict.left.message : '').toMatch(
      /2 features is the same in every row .*x1, x3/
    )
  })

  it('none of which varies are an error', () => {
    expect(prepare(recording({ x: channels('x', [new Float64Array(ROWS)]) }))).toMatchObject({
      left: { _tag: 'Degenerate' }
    })
  })

  it('that are copies or multiples of others are named', () => {
    const { notes } = prepared(recording({ x: channels('x', [u, v, u.slice(), v.map((x) => 3 - 2 * x)]) }))
    expect(notes).toEqual(['Features that tell the same: x2 is a copy of x0; x3 is a multiple of x1.'])
  })

  it('with something missing are named all at once', () => {
    const [p, q] = [u.slice(), v.slice()]
    p[17] = Number.NaN
    q[5] = Number.POSITIVE_INFINITY
    q[90] = Number.NaN
    const wrong = prepare(recording({ x: channels('x', [p, q, w]) }))
    expect(wrong).toMatchObject({
      left: { _tag: 'MissingValues', count: 3, columns: ['x0', 'x1'], firstRow: 5 }
    })
  })
})

describe('actions', () => {
  it('are standardized like features', () => {
    const action = normals(ROWS, 9)
    const plain = prepared(withActions([action]))
    const moved = prepared(withActions([action.map((x) => 1e-3 * x + 1000)]))
    expect(
      moved.a?.data.every((x, i) => Math.abs(x - (plain.a as Samples<Float32Array>).data[i]) < 5e-7)
    ).toBe(true)
  })

  it('of few values become a column a value, whatever the values are', () => {
    const action = Float64Array.from({ length: ROWS }, (_, i) => [1, 5, 7][i % 3])
    const { a, actionNames, notes } = prepared(withActions([action]), { actions: 'discrete' })
    expect(actionNames).toEqual(['a0=1', 'a0=5', 'a0=7'])
    expect(Array.from(a?.data.subarray(0, 9) ?? [])).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1])
    expect(notes).toEqual([])
    expect(prepared(withActions([action])).notes[0]).toMatch(
      /takes 3 values only \(1, 5, 7\).*if they are names, take them as discrete\./
    )
  })

  it('of text are labels', () => {
    const codes = Float64Array.from({ length: ROWS }, (_, i) => i % 2)
    const { actionNames } = prepared(withActions([codes], { labels: new Map([[0, ['wild', 'knock-out']]]) }))
    expect(actionNames).toEqual(['a0=wild', 'a0=knock-out'])
  })

  it('that are one-hot already stay so', () => {
    const columns = [0, 1, 2].map((value) =>
      Float64Array.from({ length: ROWS }, (_, i) => Number(i % 3 === value))
    )
    const { a, notes } = prepared(withActions(columns), { actions: 'discrete' })
    expect(a?.shape).toEqual([ROWS, 3])
    expect(Array.from(a?.data.subarray(0, 3) ?? [])).toEqual([1, 0, 0])
    expect(notes).toEqual(['The action columns a0 to a2 are one discrete action, one column a value.'])
  })

  it('that never change are left out, with a note', () => {
    const { a, actionNames, notes } = prepared(withActions([new Float64Array(ROWS).fill(2), u]))
    expect(actionNames).toEqual(['a1'])
    expect(a?.shape).toEqual([ROWS, 1])
    expect(notes[0]).toMatch(/same in every row of the training: action a0/)
  })

  it.each([
    ['a1 = 1 − a0', [u, u.map((x) => 1 - x)]],
    ['a1 = a0', [u, u.slice()]],
    ['a2 = 0.5 + 2 a0 − 3 a1', [u, v, u.map((x, i) => 0.5 + 2 * x - 3 * v[i])]]
  ])('of which one follows from others are named: %s', (formula, columns) => {
    const lines = Int32Array.from({ length: ROWS }, (_, i) => i)
    expect(dependentActions(channels('a', columns), lines).map((found) => found.formula)).toEqual([formula])
    expect(prepared(withActions(columns)).notes[0]).toContain(formula)
  })

  it('of which one follows from others are told by their coded columns, too', () => {
    const follows = u.map((x, i) => 0.5 + 2 * x - 3 * v[i])
    const { a, dependent, actionNames } = prepared(
      withActions([new Float64Array(ROWS).fill(7), u, v, follows])
    )
    expect(actionNames).toEqual(['a1', 'a2', 'a3'])
    expect(dependent).toHaveLength(1)
    const [{ action, of, factors, constant }] = dependent
    expect([action, of]).toEqual([2, [0, 1]])
    if (a === undefined) throw new Error('there are actions')
    const row = (i: number): Float32Array => a.data.subarray(3 * i, 3 * i + 3)
    for (let i = 0; i < ROWS; i++) {
      const sum = of.reduce((total, k, p) => total + factors[p] * row(i)[k], constant)
      expect(sum).toBeCloseTo(row(i)[action], 4)
    }
  })

  it('that are correlated, but not functions of each other, are not', () => {
    const columns = [u, u.map((x, i) => x + 1e-3 * v[i])]
    expect(prepared(withActions(columns)).notes).toEqual([])
  })
})

describe('sequences', () => {
  const frames = 400
  const series = { x: channels('x', [normals(frames, 4), normals(frames, 5)]), lengths: [frames] }

  it('too few to hold any back are cut into windows, and that is said', () => {
    const { sequences, split, notes, training } = prepared(recording(series))
    expect(sequences).toMatchObject({ temporal: true, count: 40, window: 10 })
    expect(split.test).toHaveLength(4)
    expect(training).toMatchObject({ temporal: true, examples: 36 * 9 })
    expect(notes[0]).toMatch(/Cut into 40 windows of 10 frames/)
  })

  it('of any lengths give pairs of frames that follow each other, with the action between them', () => {
    const lengths = Array.from({ length: 25 }, (_, s) => 1 + (s % 4))
    const total = lengths.reduce((sum, n) => sum + n, 0)
    const number = Float64Array.from({ length: total }, (_, i) => i)
    const sequence = lengths.flatMap((length, s) => new Array<number>(length).fill(s))
    const steps = sequence.filter((s, i) => sequence[i + 1] === s).map((s, k) => s * 1000 + k)
    const one = recording({ x: channels('x', [number, sequence]), a: channels('a', [steps]), lengths })
    const { training, coding, split, notes } = prepared(one)
    const [line, owner] = coding.features
    const [x, a] = [new Float32Array(2 * training.examples * 2), new Float32Array(training.examples)]
    training.gather(
      Int32Array.from({ length: training.examples }, (_, i) => i),
      x,
      a
    )
    const raw = (i: number, j: number): number =>
      Math.round(x[2 * i + j] * [line, owner][j].scale + [line, owner][j].mean)
    const action = coding.actions?.[0] as { readonly mean: number; readonly scale: number }
    for (let i = 0; i < training.examples; i++) {
      const then = training.examples + i
      expect(raw(then, 0)).toBe(raw(i, 0) + 1)
      expect(raw(then, 1)).toBe(raw(i, 1))
      expect(split.test).not.toContain(raw(i, 1))
      const acting = Math.round(a[i] * action.scale + action.mean)
      expect(Math.floor(acting / 1000)).toBe(raw(i, 1))
      expect(acting % 1000).toBe(steps.indexOf(acting))
    }
    expect(notes).toEqual(['7 sequences have one frame only, which no step follows.'])
  })

  it.each([
    ['actions', { a: channels('a', [u.subarray(0, 150)]) }, /number of lines of a is 150, expected 200/],
    ['true latents', { z: channels('z', [u.subarray(0, 150)]) }, /number of lines of z is 150, expected 200/],
    ['rows', { x: channels('x', [u.subarray(0, 12)]) }, /12 rows, at least 20/]
  ])('that lack %s are refused', (_, more, message) => {
    const wrong = prepare(recording(more))
    expect(E.isLeft(wrong) ? wrong.left.message : '').toMatch(message)
  })
})

describe('placebo', () => {
  const gathered = ({ training }: ReturnType<typeof prepared>, source = training) => {
    const all = Int32Array.from({ length: source.examples }, (_, i) => i)
    const x = new Float32Array((source.temporal ? 2 : 1) * source.examples * source.features)
    const a = new Float32Array(source.examples * source.actions)
    source.gather(all, x, a)
    return { x: [...x], a: [...a] }
  }
  const sorted = (values: readonly number[]): number[] => [...values].sort((p, q) => p - q)

  it('gives rows the actions of others', () => {
    const one = prepared(withActions([u]))
    const [plain, other] = [gathered(one), gathered(one, placebo(one.training, generator(1)))]
    expect(other.x).toEqual(plain.x)
    expect(other.a).not.toEqual(plain.a)
    expect(sorted(other.a)).toEqual(sorted(plain.a))
  })

  it('gives second frames the first frames of others', () => {
    const one = prepared(recording({ lengths: new Array<number>(ROWS / 4).fill(4) }))
    const [plain, other] = [gathered(one), gathered(one, placebo(one.training, generator(1)))]
    const half = plain.x.length / 2
    expect(other.x.slice(half)).toEqual(plain.x.slice(half))
    expect(other.x.slice(0, half)).not.toEqual(plain.x.slice(0, half))
    expect(sorted(other.x.slice(0, half))).toEqual(sorted(plain.x.slice(0, half)))
  })
})

describe('what is held out', () => {
  it('depends on its own seed alone', () => {
    const [one, same, other] = [{}, { actions: 'discrete' as const }, { splitSeed: 2 }].map((options) => [
      ...prepared(recording(), options).split.test
    ])
    expect(same).toEqual(one)
    expect(other).not.toEqual(one)
    expect(one).toHaveLength(ROWS / 10)
  })
})

describe('codeFeatures', () => {
  const { coding, x } = prepared(recording())

  it('does the same to new rows, by what a file carries', () => {
    const carried = orThrow(parseCoding('model', JSON.stringify(coding)))
    expect(orThrow(codeFeatures(recording(), carried)).data).toEqual(x.data)
  })

  it('refuses other features, naming both', () => {
    const swapped = recording({ x: { ...channels('x', [v, u, w]), names: ['x1', 'x0', 'x2'] } })
    for (const other of [swapped, recording({ x: channels('x', [u, v]) })]) {
      const wrong = codeFeatures(other, coding)
      expect(E.isLeft(wrong) ? wrong.left.message : '').toMatch(
        /expected those of the training in their order: x0, x1, x2 \(3\)/
      )
    }
  })

  it('refuses rows of NaN', () => {
    const holes = recording({ x: channels('x', [u.map(() => Number.NaN), v, w]) })
    expect(codeFeatures(holes, coding)).toMatchObject({ left: { _tag: 'MissingValues' } })
  })

  it.each([
    '',
    '{',
    '{}',
    '{"recorded":["a"],"features":[{"name":"b","mean":0,"scale":1}]}',
    '{"recorded":["a"],"features":[{"name":"a","mean":0,"scale":0}]}'
  ])('does not take %s for a coding', (text) => {
    expect(parseCoding('model', text)).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
  })
})

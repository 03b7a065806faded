/** Frames as recordings: what axes are taken for, bytes, channels, and files that are read in parts. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NumericArray, writeNpy, writeNpz } from '@mechid/files'
import { generator } from '@mechid/random'
import { type ExampleSource, orThrow } from '@mechid/values'
import { afterAll, describe, expect, it } from 'vitest'
import {
  codeStored,
  isStored,
  type OpenRecordingOptions,
  openRecording,
  parseCoding,
  parseFrameChoice,
  placebo,
  prepare,
  prepareStored,
  type Recording,
  type StoredRecording,
  takeObservations
} from '../src/index.js'

const folder = mkdtempSync(join(tmpdir(), 'frames-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A .npy file whose first axis varies fastest, as NumPy writes Fortran's arrays. */
const columnMajor = ({ data, shape }: NumericArray): string => {
  const path = join(folder, 'fortran.npy')
  const text = `{'descr': '|u1', 'fortran_order': True, 'shape': (${shape.join(', ')}), }`.padEnd(117) + '\n'
  const head = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, text.length, 0, ...Buffer.from(text)])
  const out = new Uint8Array(data.length)
  const [rows, size] = [shape[0], data.length / shape[0]]
  for (let i = 0; i < rows; i++) {
    for (let p = 0; p < size; p++) {
      let [rest, at, stride] = [p, i, rows]
      const places = [...shape.slice(1)].reverse().map((n) => {
        const place = rest % n
        rest = Math.floor(rest / n)
        return place
      })
      for (const [k, place] of places.reverse().entries()) {
        at += stride * place
        stride *= shape[k + 1]
      }
      out[at] = Number(data[i * size + p])
    }
  }
  writeFileSync(path, Buffer.concat([head, out]))
  return path
}

let files = 0
const npz = async (arrays: Record<string, NumericArray>, compress = false): Promise<string> => {
  const path = join(folder, `${files++}.npz`)
  orThrow(await writeNpz(path, arrays, { compress })())
  return path
}

const bytes = (shape: readonly number[], seed = 1): NumericArray => {
  const random = generator(seed)
  const length = shape.reduce((product, n) => product * n, 1)
  return { data: Uint8Array.from({ length }, () => random.integer(256)), shape }
}
const floats = ({ data, shape }: NumericArray): NumericArray => ({
  data: Float32Array.from(data as Uint8Array, (value) => value / 255),
  shape
})

const opened: StoredRecording[] = []
afterAll(async () => {
  for (const { close } of opened) await close()
})

const open = async (
  path: string | readonly string[],
  options: OpenRecordingOptions = {}
): Promise<StoredRecording> => {
  const recording = orThrow(await openRecording([path].flat(), options)())
  if (!isStored(recording)) throw new Error('in memory')
  opened.push(recording)
  return recording
}
const refusal = async (path: string, options: OpenRecordingOptions = {}): Promise<string> => {
  const read = await openRecording([path], options)()
  return read._tag === 'Left' ? read.left.message : 'none'
}

describe('axes', () => {
  const taken = async (shape: readonly number[], options: OpenRecordingOptions = {}, whole = true) => {
    const x = whole ? bytes(shape) : floats(bytes(shape))
    const recording = orThrow(await openRecording([await npz({ x })], options)())
    if (!isStored(recording)) return 'features'
    opened.push(recording)
    const { frames, lengths } = recording
    const size = frames === undefined ? 'features' : `${frames.height} ${frames.width} ${frames.channels}`
    return `${size}${lengths === undefined ? '' : `, sequences of ${lengths[0]}`}`
  }

  it('are taken for what they look like', async () => {
    expect(await taken([5, 9, 8, 3])).toBe('9 8 3')
    expect(await taken([5, 3, 9, 8])).toBe('9 8 3')
    expect(await taken([5, 9, 8])).toBe('9 8 1')
    expect(await taken([5, 6, 9, 8])).toBe('9 8 1, sequences of 6')
    expect(await taken([5, 6, 9, 8, 3])).toBe('9 8 3, sequences of 6')
    expect(await taken([5, 6, 3, 9, 8])).toBe('9 8 3, sequences of 6')
    expect(await taken([5, 9, 8], {}, false)).toBe('features')
    expect(await taken([5, 9, 4])).toBe('features')
    expect(await taken([5, 72])).toBe('features')
    expect(await taken([30, 9, 8, 3], { series: true })).toBe('9 8 3, sequences of 30')
  })

  it('are taken for what someone says', async () => {
    const frames = { height: 9, width: 8, channels: 1 }
    expect(await taken([5, 9, 8], { frames }, false)).toBe('9 8 1')
    expect(await taken([5, 72], { frames })).toBe('9 8 1')
    expect(await taken([5, 6, 72], { frames })).toBe('9 8 1, sequences of 6')
    expect(await taken([5, 3, 9, 8], { frames })).toBe('9 8 1, sequences of 3')
    expect(await taken([5, 9, 8], { frames: 'none' })).toBe('features')
  })

  it('are said, and refused where they do not fit', async () => {
    const x = bytes([5, 3, 9, 8])
    const { notes } = await open(await npz({ x }))
    expect(notes[0]).toContain('[rows, channels, height, width]')
    expect(notes[0]).toContain('channels were put last')
    expect(await refusal(await npz({ x }), { frames: { height: 8, width: 9, channels: 3 } })).toMatch(
      /the shape of x is .*expected frames of 8 × 9 × 3/
    )
    expect(await refusal(await npz({ x }), { frames: 'none' })).toMatch(/where there are no frames/)
    expect(orThrow(parseFrameChoice('64x48x3'))).toEqual({ height: 64, width: 48, channels: 3 })
    expect(orThrow(parseFrameChoice('28×28'))).toEqual({ height: 28, width: 28, channels: 1 })
    expect(parseFrameChoice('64x')._tag).toBe('Left')
    expect(parseFrameChoice('0x8')._tag).toBe('Left')
  })
})

const all = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i)

const gathered = async ({ features, actions, temporal, gather }: ExampleSource, indices: Int32Array) => {
  const x = new Float32Array((temporal ? 2 : 1) * indices.length * features)
  const a = new Float32Array(indices.length * actions)
  await gather(indices, x, a)
  return { x, a }
}

describe('frames', () => {
  const ROWS = 60
  const x = bytes([ROWS, 8, 8, 3])
  const a: NumericArray = { data: Float32Array.from(all(ROWS)), shape: [ROWS, 1] }

  it('have mean 0 and variance 1 in each channel over the frames of the training, not in each pixel', async () => {
    const dim = { ...x, data: (x.data as Uint8Array).map((value, j) => (j % 3 === 1 ? value >> 3 : value)) }
    const { observations, split, frames } = orThrow(
      await prepareStored(await open(await npz({ x: dim, a })))()
    )
    expect(frames).toEqual({ height: 8, width: 8, channels: 3 })
    const { data } = await takeObservations(observations, split.train)
    for (let c = 0; c < 3; c++) {
      const values = data.filter((_, j) => j % 3 === c)
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const square = values.reduce((sum, value) => sum + value * value, 0) / values.length
      expect(Math.abs(mean)).toBeLessThan(1e-5)
      expect(Math.abs(square - 1)).toBeLessThan(1e-5)
    }
    const first = data.filter((_, j) => j % 192 === 0)
    expect(Math.abs(first.reduce((sum, value) => sum + value * value, 0) / first.length - 1)).toBeGreaterThan(
      1e-3
    )
  })

  it('are the same as bytes, numbers from 0 to 1, channels first, compressed, and in column-major order', async () => {
    const turned = { data: new Uint8Array(x.data.length), shape: [ROWS, 3, 8, 8] }
    for (let i = 0; i < ROWS; i++)
      for (let p = 0; p < 64; p++)
        for (let c = 0; c < 3; c++) turned.data[i * 192 + c * 64 + p] = x.data[i * 192 + p * 3 + c] as number
    const paths = [
      await npz({ x, a }),
      await npz({ x: floats(x), a }),
      await npz({ x: turned, a }),
      await npz({ x, a }, true),
      columnMajor(x)
    ]
    const [first, ...others] = await Promise.all(
      paths.map(async (path) => {
        const { observations, notes } = orThrow(await prepareStored(await open(path))())
        return { notes, ...(await takeObservations(observations, all(ROWS))) }
      })
    )
    for (const other of others)
      for (let j = 0; j < first.data.length; j++) expect(other.data[j]).toBeCloseTo(first.data[j], 4)
    expect(others[2].notes.join()).toMatch(/compressed, so that all of it is held in memory/)
    expect(first.notes.join()).not.toMatch(/compressed/)
  })

  it('may have pixels that never change, but not channels that never do', async () => {
    const rim = { ...x, data: (x.data as Uint8Array).map((value, j) => (j % 192 < 24 ? 7 : value)) }
    expect(orThrow(await prepareStored(await open(await npz({ x: rim })))()).observations.shape[1]).toBe(192)
    const opaque = { data: new Uint8Array(ROWS * 64 * 4).fill(255), shape: [ROWS, 8, 8, 4] }
    for (let p = 0; p < ROWS * 64; p++)
      for (let c = 0; c < 3; c++) opaque.data[4 * p + c] = x.data[3 * p + c] as number
    const recording = await open(await npz({ x: opaque }))
    const { frames, notes, observations } = orThrow(await prepareStored(recording)())
    expect(frames?.channels).toBe(3)
    expect(notes.join()).toMatch(/Left out.*alpha/)
    const plain = orThrow(await prepareStored(await open(await npz({ x })))())
    const [with4, with3] = await Promise.all(
      [observations, plain.observations].map((one) => takeObservations(one, all(ROWS)))
    )
    expect(with4.data).toEqual(with3.data)
    const strict = await prepareStored(recording, { strict: true })()
    expect(strict._tag === 'Left' && strict.left.message).toMatch(/alpha/)
    const black = await open(await npz({ x: { data: new Uint8Array(60 * 64), shape: [60, 8, 8] } }))
    const none = await prepareStored(black)()
    expect(none._tag === 'Left' && none.left._tag).toBe('Degenerate')
  })

  it('that are missing are told by row', async () => {
    const holes = floats(x)
    holes.data[192 * 5 + 1] = Number.NaN
    const wrong = await prepareStored(await open(await npz({ x: holes })))()
    expect(wrong._tag === 'Left' && wrong.left.message).toMatch(/1 value is missing.*green.*row 5/)
  })

  it('are coded for a model as those that it was trained on', async () => {
    const { coding, observations } = orThrow(await prepareStored(await open(await npz({ x })))())
    const kept = orThrow(parseCoding('model', JSON.stringify(coding)))
    const seen = await takeObservations(observations, all(ROWS))
    for (const again of [x, floats(x)]) {
      const coded = orThrow(await codeStored(await open(await npz({ x: again })), kept)())
      const { data } = await takeObservations(coded, all(ROWS))
      for (let j = 0; j < data.length; j++) expect(data[j]).toBeCloseTo(seen.data[j], 4)
    }
    const other = await codeStored(await open(await npz({ x: bytes([ROWS, 8, 12, 3]) })), kept)()
    expect(other._tag === 'Left' && other.left.message).toMatch(/frames of 8 × 12.*frames of 8 × 8/)
  })

  it('of several files follow each other, and must have one size', async () => {
    const path = await npz({ x, a })
    const { observations } = orThrow(await prepareStored(await open([path, path]))())
    const { data } = await takeObservations(observations, Int32Array.of(59, 60, 61))
    const lone = await takeObservations(observations, Int32Array.of(0, 1, 59))
    expect(data.subarray(192)).toEqual(lone.data.subarray(0, 384))
    const wrong = await openRecording([path, await npz({ x: bytes([9, 9, 8, 3]) })])()
    expect(wrong._tag === 'Left' && wrong.left.message).toMatch(/frames of 9 × 8 × 3/)
  })
})

describe('files that are read in parts', () => {
  const SEQUENCES = 30
  const FRAMES = 7
  const x = bytes([SEQUENCES, FRAMES, 8, 8])
  const a: NumericArray = { data: Float32Array.from(all(SEQUENCES * FRAMES)), shape: [SEQUENCES, FRAMES, 1] }
  /** Few lines a chunk, and few chunks held, so that pairs lie across chunks and windows are small. */
  const small = { chunkBytes: 5 * 64, heldBytes: 20 * 64 }

  const plain = (): Recording => ({
    name: 'in memory',
    x: {
      names: Array.from({ length: 64 }, (_, j) => `x${j}`),
      lines: SEQUENCES * FRAMES,
      data: x.data as Uint8Array
    },
    a: { names: ['a0'], lines: SEQUENCES * FRAMES, data: a.data as Float32Array },
    lengths: new Array(SEQUENCES).fill(FRAMES),
    notes: []
  })

  it('give the examples that memory gives, up to how features are standardized', async () => {
    const { training } = orThrow(await prepareStored(await open(await npz({ x, a })), small)())
    const held = orThrow(prepare(plain())).training
    expect(training.examples).toBe(held.examples)
    const order = training.order(generator(3))
    expect([...order].sort((p, q) => p - q)).toEqual([...all(training.examples)])
    const [stored, memory] = [await gathered(training, order), await gathered(held, order)]
    expect(stored.a).toEqual(memory.a)
    // One scale for all pixels against one for each: values of one pixel are in proportion.
    const n = stored.x.length / 64
    for (const pixel of [0, 37]) {
      const [p, q] = [stored.x, memory.x].map((values) =>
        Float64Array.from({ length: n }, (_, i) => values[64 * i + pixel])
      )
      const slope = (p[1] - p[0]) / (q[1] - q[0])
      for (let i = 0; i < n; i++) expect(p[i] - p[0]).toBeCloseTo(slope * (q[i] - q[0]), 3)
    }
  })

  it('mix examples in windows, in an order that depends on the generator alone', async () => {
    const source = async () => orThrow(await prepareStored(await open(await npz({ x, a })), small)()).training
    const [one, two] = [await source(), await source()]
    await gathered(one, one.order(generator(5)).subarray(0, 20))
    expect(one.order(generator(4))).toEqual(two.order(generator(4)))
    expect(one.order(generator(4))).not.toEqual(one.order(generator(5)))
  })

  it('serve calls that overlap, and the placebo', async () => {
    const { heldOut } = orThrow(await prepareStored(await open(await npz({ x, a })), small)())
    const indices = all(heldOut.examples)
    const alone = await gathered(heldOut, indices)
    const both = await Promise.all([gathered(heldOut, indices), gathered(heldOut, indices.slice().reverse())])
    expect(both[0].x).toEqual(alone.x)
    const other = await gathered(placebo(heldOut, generator(1), 6), indices)
    const half = alone.x.length / 2
    expect(other.x.subarray(half)).toEqual(alone.x.subarray(half))
    expect(other.a).not.toEqual(alone.a)
    expect([...other.a].sort()).toEqual([...alone.a].sort())
    expect([...other.a.subarray(0, 6)].sort()).toEqual([...alone.a.subarray(0, 6)].sort())
  })

  it('hold plain features, too, with the coding that memory gives them', async () => {
    const rows = 200
    const random = generator(2)
    const data = Float64Array.from({ length: rows * 3 }, (_, j) => (j % 3 === 2 ? 5 : 1e7 + random.normal()))
    const path = join(folder, 'plain.npy')
    orThrow(await writeNpy(path, { data, shape: [rows, 3] })())
    const stored = orThrow(await prepareStored(await open(path, { memory: 100 }))())
    const memory = orThrow(prepare(orThrow(await openRecording([path])()) as Recording))
    expect(stored.featureNames).toEqual(['x0', 'x1'])
    expect(stored.notes).toEqual(memory.notes)
    const { data: seen } = await takeObservations(stored.observations, all(rows))
    for (let j = 0; j < seen.length; j++) expect(seen[j]).toBeCloseTo(memory.x.data[j], 6)
  })

  it('that become shorter are errors, not silence', async () => {
    const path = join(folder, 'cut.npy')
    orThrow(await writeNpy(path, x)())
    const recording = await open(path)
    const { training } = orThrow(await prepareStored(recording)())
    truncateSync(path, 500)
    await expect(gathered(training, all(training.examples))).rejects.toThrow(/cut\.npy/)
    const again = await prepareStored(recording)()
    expect(again._tag === 'Left' && again.left._tag).toBe('Unavailable')
  })
})

import { findEngine, initialAutoencoder, type TrainedAutoencoder } from '@mechid/estimator'
import { generator } from '@mechid/random'
import { type ExampleSource, orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { leastStraightness, straightness } from '../src/decoded-paths.js'

describe('straightness', () => {
  it('is 1 of a line, 2/π of half a circle, and 0 to 1 of others', () => {
    expect(straightness([0, 0, 1, 2, 2, 4, 3, 6], 4, 2)).toBeCloseTo(1, 12)
    const points = 400
    const circle = (turn: number): number[] =>
      Array.from({ length: points }, (_, i) => (turn * i) / (points - 1)).flatMap((a) => [
        Math.cos(a),
        Math.sin(a)
      ])
    expect(straightness(circle(Math.PI), points, 2)).toBeCloseTo(2 / Math.PI, 4)
    expect(straightness(circle(2 * Math.PI), points, 2)).toBeCloseTo(1 / Math.PI, 3)
    // There and back: its ends touch, yet it spans half its length.
    expect(straightness([0, 1, 2, 1, 0], 5, 1)).toBeCloseTo(0.5, 12)
  })

  it('is 1 of a path that does not move', () => {
    expect(straightness([3, 3, 3], 3, 1)).toBe(1)
  })
})

describe('the least straightness of a model', () => {
  const [features, latents, width] = [3, 2, 24]
  const source: ExampleSource = {
    examples: 300,
    features,
    actions: 0,
    temporal: false,
    order: (random) => random.permutation(300),
    gather: (indices, x) => {
      indices.forEach((row, i) => {
        x.set([Math.sin(row), Math.cos(7 * row), Math.sin(3 * row)], i * features)
      })
    }
  }

  /** An encoder that reads off two features, and a decoder of one hidden layer of kinks along the first latent. */
  const modelOf = (
    bend: (kink: number, k: number) => readonly [number, number, number]
  ): TrainedAutoencoder => {
    const shape = { features, latents, actions: 0, temporal: false }
    const configuration = { encoder: { width: 2, depth: 1 }, decoder: { width, depth: 1 } }
    const host = initialAutoencoder(shape, configuration, generator(1))
    const parameters = Object.fromEntries(
      Object.entries(host).map(([name, { shape: size, data }]) => [
        name,
        { shape: size, data: new Float32Array(data.length) }
      ])
    )
    const set = (name: string, columns: number, row: number, column: number, value: number): void => {
      parameters[name].data[row * columns + column] = value
    }
    for (const i of [0, 1]) {
      // LeakyReLU leaves positive numbers as they are: the bias makes them so, and is taken away again.
      set('encoder/w0', 2, i, i, 1)
      parameters['encoder/b0'].data[i] = 5
      set('encoder/w1', parameters['encoder/w1'].shape[1], i, i, 1)
      parameters['encoder/b1'].data[i] = -5
    }
    for (let k = 0; k < width; k++) {
      const kink = -1 + (2 * k) / width
      set('decoder/w0', width, 0, k, 1)
      parameters['decoder/b0'].data[k] = -kink
      bend(kink, k).forEach((value, f) => {
        set('decoder/w1', features, k, f, value)
      })
    }
    return { shape, configuration, parameters }
  }

  const least = async (model: TrainedAutoencoder, used: readonly number[]): Promise<number | undefined> =>
    orThrow(await leastStraightness(orThrow(await findEngine('cpu')()), model, source, used))

  it('is 1 where all decoded paths are lines, and less where one winds', async () => {
    const line = modelOf((_, k) => (k === 0 ? [1, 2, -1] : [0, 0, 0]))
    expect(await least(line, [0])).toBeCloseTo(1, 3)
    // There at a slope of .6, and back at −1, since LeakyReLU has a slope of .2 below its kink.
    const winding = modelOf((kink, k) => [k === 0 ? 1 : kink === 0 ? -2 : 0, 0, 0])
    const wound = await least(winding, [0])
    expect(wound).toBeGreaterThan(0.6)
    expect(wound).toBeLessThan(0.68)
    expect(await least(winding, [1, 0])).toBe(wound)
    expect(await least(winding, [1])).toBe(1)
  })

  it('is not said of images, nor where no latent is used', async () => {
    const model = modelOf(() => [1, 0, 0])
    expect(await least(model, [])).toBeUndefined()
    const frames = { height: 1, width: 3, channels: 1 }
    const images = { ...model, configuration: { ...model.configuration, frames } } as TrainedAutoencoder
    expect(await least(images, [0])).toBeUndefined()
  })
})

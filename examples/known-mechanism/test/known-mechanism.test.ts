/** The physics engine moves as the mechanism says; drawings show where the ball is; predictions are theory's. */
import { engineCalled } from '@mechid/example-terminal'
import { gaussian, laplace, number } from '@mechid/mechanisms'
import { describe, expect, it } from 'vitest'
import { simulateMotion, trueMotion } from '../src/ball.js'
import { cases } from '../src/cases.js'
import { drawBall, PIXELS, SIDE, toPixels } from '../src/drawing.js'
import { framesPicture, scatterPicture } from '../src/pictures.js'
import { predictPixels } from '../src/pixels.js'
import { predictAmbiguity } from '../src/prediction.js'
import { learnWalk, predictWalk } from '../src/walks.js'

describe('the ball', () => {
  it('moves in the physics engine as the mechanism says, bounces and all', () => {
    const [sequences, frames] = [40, 12]
    const { states, pushes } = simulateMotion(sequences, frames, 1)
    const errors: number[] = []
    let bounces = 0
    for (let s = 0; s < sequences; s++) {
      for (let t = 0; t < frames - 1; t++) {
        const [at, push] = [(s * frames + t) * 4, (s * (frames - 1) + t) * 2]
        const a = Array.from(pushes.subarray(push, push + 2))
        const next = trueMotion(number, Array.from(states.subarray(at, at + 4)), a)
        errors.push(...[0, 1].map((k) => Math.abs(next[k] - states[at + 4 + k])))
        if ((states[at + 2] + a[0]) * states[at + 6] < 0) bounces++
      }
    }
    expect(bounces).toBeGreaterThan(10)
    expect(Math.max(...errors)).toBeLessThan(0.02)
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.002)
  })

  it('is drawn where it is: the centre of brightness', () => {
    const out = new Float32Array(PIXELS)
    for (const [x, y] of [
      [0, 0],
      [0.31, -0.52],
      [-0.8, 0.8]
    ]) {
      drawBall(x, y, out, 0)
      const total = out.reduce((sum, value) => sum + value, 0)
      const mean = (of: (p: number) => number) =>
        out.reduce((sum, value, p) => sum + value * of(p), 0) / total
      const [column, row] = toPixels(x, y)
      expect(mean((p) => (p % SIDE) + 0.5)).toBeCloseTo(column, 1)
      expect(mean((p) => Math.floor(p / SIDE) + 0.5)).toBeCloseTo(row, 1)
    }
  })

  it('leaves open where positions start, until it meets walls', () => {
    expect(predictPixels()).toEqual({ free: 2, walls: 0 })
  })
})

describe('predictions', () => {
  it('are theory’s worked answers, among affine maps', () => {
    const found = cases.map(({ name, mechanisms }) => {
      const { answer, order, smaller } = predictAmbiguity(mechanisms)
      return [name, answer.dimension, order, smaller[0]?.name]
    })
    expect(found).toEqual([
      ['four distinct eigenvalues', 4, 2, 'one factor'],
      ['diag(0.9, 0.6, 0.3)', 3, 8, 'one factor'],
      ['diag(0.8, 0.8, 0.4)', 5, 16, 'one factor'],
      ['rotation by 0.7', 2, 4, 'one factor'],
      ['rotation by 0.7, and a fixed latent', 4, 8, 'one factor'],
      ['Jordan block of size 4', 4, 2, 'one factor'],
      ['cycle of 4', 5, 8, 'one factor'],
      ['cycle of 4 and reflection', 4, 4, 'one factor'],
      ['harmonic oscillator', 2, 2, 'one factor'],
      ['ballistic, with gravity', 2, 1, 'nothing'],
      ['tanh(2z), elementwise', 0, 48, 'nothing'],
      ['two generic maps', 1, 2, 'nothing'],
      ['rotation and translation', 0, 1, undefined]
    ])
  })

  it('tell a Gaussian from a Laplace walk', () => {
    expect(predictWalk(gaussian)).toEqual({ noise: 'gaussian', dimension: 10, order: 384n })
    expect(predictWalk(laplace)).toEqual({ noise: 'laplace', dimension: 4, order: 384n })
  })
})

it('likelihood tells a Laplace walk’s axes, and leaves a Gaussian walk’s rotations open', async () => {
  const engine = await engineCalled('auto')
  const [round, edged] = [await learnWalk(gaussian, engine, 2, 1), await learnWalk(laplace, engine, 2, 1)]
  expect(round.isometries).toBeGreaterThan(0.97)
  expect(round.signedPermutations).toBeLessThan(0.85)
  expect(round.mcc).toBeLessThan(0.93)
  expect(edged.signedPermutations).toBeGreaterThan(0.95)
  expect(edged.mcc).toBeGreaterThan(0.97)
}, 120_000)

it('pictures are SVG with everything in them', () => {
  const z = { data: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7), shape: [4, 2] as const }
  expect(scatterPicture(z, z, ['a', 'b']).match(/<circle/g)).toHaveLength(8)
  const pixels = new Float32Array(PIXELS)
  pixels[5] = 1
  const picture = framesPicture([{ pixels, truth: [0, 0], found: [0.1, 0] }], 1)
  expect(picture).toMatch(/^<svg/)
  expect(picture.match(/rgb\(255,255,255\)/g)).toHaveLength(1)
})

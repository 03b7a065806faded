import fc from 'fast-check'
import { expect, it } from 'vitest'
import { featuresByLatent, groupedLatents, nearestFeatures, sensorMapOf } from '../src/sensor-map.js'

const table = fc.array(fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)), { minLength: 1, maxLength: 12 })

it('features of one latent stand together, the most driven first', () => {
  fc.assert(
    fc.property(table, (slope) => {
      const latents = [2, 0, 1]
      const order = featuresByLatent(slope, latents)
      expect([...order].sort((p, q) => p - q)).toEqual(slope.map((_, f) => f))
      const most = order.map((f) => Math.max(...slope[f]))
      const driver = order.map((f) => latents.findIndex((i) => slope[f][i] === Math.max(...slope[f])))
      for (let k = 1; k < order.length; k++) {
        expect(driver[k]).toBeGreaterThanOrEqual(driver[k - 1])
        if (driver[k] === driver[k - 1]) expect(most[k]).toBeLessThanOrEqual(most[k - 1])
      }
    })
  )
})

it('latents that may be mixed stand side by side, whichever way', () => {
  expect(groupedLatents([[3], [], [], [], [1]])).toEqual([0, 3, 1, 4, 2])
  expect(groupedLatents([[], [], []])).toEqual([0, 1, 2])
})

it('a map keeps names, figures and states together', () => {
  const responses = {
    slope: [
      [0.1, 0.9],
      [0.8, 0.2],
      [0.3, 0.7]
    ],
    share: [
      [0, 0.5],
      [0.6, 0],
      [0.2, 0.4]
    ]
  }
  const states = [{ state: 'identified' }, { state: 'mixed' }]
  const map = sensorMapOf(responses, ['acc', 'gyro', 'temp'], ['ẑ0', 'ẑ1'], states, [[], []])
  expect(map).toEqual({
    features: ['gyro', 'acc', 'temp'],
    latents: ['ẑ0', 'ẑ1'],
    slope: [responses.slope[1], responses.slope[0], responses.slope[2]],
    share: [responses.share[1], responses.share[0], responses.share[2]],
    states
  })
  expect(nearestFeatures(responses, 1, 2)).toEqual([0, 2])
})

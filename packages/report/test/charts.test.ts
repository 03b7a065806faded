import { describe, expect, it } from 'vitest'
import type { SensorMap } from '../src/index.js'
import { scoresDrawing, sensorMapDrawing } from '../src/latent-pictures.js'
import { panelsDrawing, roundTicks } from '../src/svg/panels.js'

describe('ticks', () => {
  it.each([
    [0, 1, [0, 0.5, 1]],
    [-2.1, 2.1, [-2, 0, 2]],
    [0, 89, [0, 50]],
    [1e6, 1.3e6, [1e6, 1.1e6, 1.2e6, 1.3e6]]
  ])('of %f to %f are round', (low, high, ticks) => {
    const found = roundTicks(low, high)
    expect(found).toHaveLength(ticks.length)
    for (const [k, tick] of ticks.entries()) expect(found[k]).toBeCloseTo(tick, 9)
  })

  it('of one value are that value', () => expect(roundTicks(3, 3)).toEqual([3]))
})

describe('panels', () => {
  it('place every point, lowest values at the left and below', () => {
    const { body } = panelsDrawing({
      marks: 'points',
      panels: [{ x: 'x', y: 'y', series: [{ x: [0, 1, 2], y: [5, 6, 7] }] }]
    })
    const path = [...body.matchAll(/d="((?:M[\d.]+ [\d.]+h0)+)"/g)][0][1]
    const points = path
      .split('M')
      .slice(1)
      .map((point) => point.replace('h0', '').split(' ').map(Number))
    expect(points).toHaveLength(3)
    expect(points[0][0]).toBeLessThan(points[1][0])
    expect(points[0][1]).toBeGreaterThan(points[1][1])
  })

  it('draw what does not vary, and huge values', () => {
    const { body } = panelsDrawing({
      marks: 'lines',
      panels: [{ x: 'x', y: 'y', series: [{ x: [0, 1], y: [1e20, 1e20] }] }]
    })
    expect(body).not.toMatch(/NaN|Infinity/)
  })
})

const map: SensorMap = {
  features: ['acc', 'gyro', 'temp'],
  latents: ['ẑ1', 'ẑ0'],
  slope: [
    [0.9, 0.1],
    [0.8, 0],
    [0, 1.2]
  ],
  share: [
    [0.8, 0.1],
    [0.7, 0],
    [0, 1]
  ],
  states: [
    { state: 'identified', tone: 'good' },
    { state: 'mixed with ẑ1', tone: 'open' }
  ]
}

describe('the sensor map', () => {
  it('marks what each latent is, and rules off blocks', () => {
    const { body } = sensorMapDrawing(map)
    expect(body).toContain('>ẑ1: identified</text>')
    expect(body).toContain('>ẑ0: mixed with ẑ1</text>')
    // Two latents in each of two tables, and once each in the legend.
    expect(body.split('>●</text>')).toHaveLength(4)
    expect(body.split('>◐</text>')).toHaveLength(4)
    // One line in each table, before the third feature.
    expect(body.split('M-4 ')).toHaveLength(3)
  })

  it('says what a cell holds, beyond what fits into it', () => {
    expect(sensorMapDrawing(map).body).toContain('<title>ẑ0 (mixed with ẑ1) on temp: slope 1.200</title>')
  })

  it('draws 200 features of more', () => {
    const features = Array.from({ length: 300 }, (_, f) => `f${f}`)
    const rows = features.map(() => [0.5, 0.2])
    const { body } = sensorMapDrawing({ ...map, features, slope: rows, share: rows })
    expect(body).toContain('>f199</text>')
    expect(body).not.toContain('>f200</text>')
  })
})

it('scores that are not known have no mark, and those outside of 0 to 1 stand at the ends', () => {
  const rows = [
    { name: 'ẑ0', state: '', scores: { mcc: 0.5, rCon: undefined } },
    { name: 'ẑ1', state: '', scores: { mcc: -0.2, rCon: 1.3 } }
  ]
  const { body } = scoresDrawing(rows)
  // Two in the legend and three values.
  expect(body.split('stroke-width="0.8"')).toHaveLength(6)
  expect(body).not.toMatch(/translate\(-|translate\([56]\d\d /)
})

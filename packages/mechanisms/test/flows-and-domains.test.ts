import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  type ActionDomain,
  actionDomainsOf,
  compose,
  flow,
  identity,
  iterate,
  type Mechanism,
  mechanism,
  number,
  parallel,
  pendulum,
  scaling,
  stochastic,
  switchOn
} from '../src/index.js'
import { gaussian } from '../src/noise.js'

const swing = orThrow(pendulum({ stiffness: 9.81, dt: 0.3, steps: 1 }))
const decay = orThrow(flow('decay', 1, (F, [x]) => [F.neg(x)], 0.5, 1))
const far = (m: Mechanism, times: number, z: number[]): number[] =>
  Array.from((m.exactFlow?.finer(times) ?? m).step(number, z, []))

describe('what a flow stands for', () => {
  it('more steps come nearer to it, by the fourth power of their number', () => {
    const error = (times: number): number => Math.abs(far(decay, times, [1])[0] - Math.exp(-0.5))
    expect(error(8)).toBeLessThan(error(1) / 1000)
    expect(error(256)).toBeLessThan(1e-12)
  })

  it('its field is the one that was given', () => {
    const fields = swing.exactFlow?.fields ?? []
    expect(fields.map((field) => field(number, [0.5, 2]))).toEqual([[2, -9.81 * Math.sin(0.5)]])
  })

  it('parts keep their fields side by side; iterates keep theirs; what is composed has none of its own', () => {
    const both = parallel([decay, orThrow(scaling([2])), swing])
    expect(both.exactFlow?.fields.map((field) => field(number, [1, 5, 0, 3]))).toEqual([
      [-1, 0, 0, 0],
      [0, 0, 3, -0]
    ])
    expect(far(both, 256, [1, 5, 0, 0])[0]).toBeCloseTo(Math.exp(-0.5), 12)
    const thrice = orThrow(iterate(decay, 3))
    expect(thrice.exactFlow?.fields.length).toBe(1)
    expect(far(thrice, 256, [1])[0]).toBeCloseTo(Math.exp(-1.5), 12)
    const mixed = orThrow(compose(decay, orThrow(scaling([2]))))
    expect(mixed.exactFlow?.fields).toEqual([])
    expect(far(mixed, 256, [1])[0]).toBeCloseTo(2 * Math.exp(-0.5), 12)
    expect(far(orThrow(switchOn([decay])), 256, [1])[0]).toBeCloseTo(Math.exp(-0.5), 12)
  })

  it('is unknown of a mechanism that is written step by step', () => {
    expect(identity(2).exactFlow).toBeUndefined()
    expect(parallel([identity(1), orThrow(scaling([2]))]).exactFlow).toBeUndefined()
  })
})

describe('what actions range over', () => {
  const interval = (low: number, high: number): ActionDomain => ({ _tag: 'Interval', low, high })
  const pushed = orThrow(
    mechanism({
      latents: 1,
      actions: 1,
      actionDomains: [interval(0, 1)],
      step: (F, [z], [a]) => [F.add(z, a)]
    })
  )

  it('a choice of five mechanisms reaches all five', () => {
    const five = orThrow(switchOn([1, 2, 3, 4, 5].map((x) => orThrow(scaling([x])))))
    expect(actionDomainsOf(five)).toEqual([{ _tag: 'Choice', values: 5 }])
    expect([0, 1, 2, 3, 4].map((a) => five.step(number, [1], [a])[0])).toEqual([1, 2, 3, 4, 5])
    expect(orThrow(stochastic(five, gaussian, 1)).actionDomains).toEqual([{ _tag: 'Choice', values: 5 }])
  })

  it('is carried along by combinators', () => {
    const whole = interval(-2, 2)
    expect(actionDomainsOf(pushed)).toEqual([interval(0, 1)])
    expect(actionDomainsOf(orThrow(iterate(pushed, 2)))).toEqual([interval(0, 1)])
    expect(actionDomainsOf(orThrow(compose(identity(1), pushed)))).toEqual([interval(0, 1)])
    expect(actionDomainsOf(orThrow(switchOn([pushed, pushed])))).toEqual([
      { _tag: 'Choice', values: 2 },
      interval(0, 1)
    ])
    const plain = orThrow(mechanism({ latents: 1, actions: 1, step: (F, [z], [a]) => [F.add(z, a)] }))
    expect(actionDomainsOf(parallel([plain, pushed]))).toEqual([whole, interval(0, 1)])
  })

  it('is checked', () => {
    const ask = (actionDomains: ReadonlyArray<ActionDomain>) =>
      mechanism({ latents: 1, actions: 1, actionDomains, step: (F, [z], [a]) => [F.add(z, a)] })
    expect(ask([])).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
    expect(ask([interval(1, 0)])).toMatchObject({ left: { _tag: 'InvalidOption', actual: '[1, 0]' } })
    expect(ask([{ _tag: 'Choice', values: 1 }])).toMatchObject({ left: { _tag: 'InvalidOption' } })
  })
})

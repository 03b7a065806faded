import { describe, expect, it } from 'vitest'
import { checkNoise, gaussian, laplace, logistic, type Noise, uniform } from '../src/index.js'

const gumbel: Noise = {
  name: 'gumbel',
  sample: (random) => -Math.log(-Math.log(random.uniform())),
  logDensity: (F, u) => F.neg(F.add(u, F.exp(F.neg(u)))),
  variance: Math.PI ** 2 / 6
}

const cauchy: Noise = {
  name: 'cauchy',
  sample: (random) => Math.tan(Math.PI * (random.uniform() - 0.5)),
  logDensity: (F, u) => F.neg(F.log(F.mul(F.lit(Math.PI), F.add(F.one, F.mul(u, u))))),
  variance: Number.POSITIVE_INFINITY
}

const complaint = (noise: Noise): string => {
  const checked = checkNoise(noise)
  return checked._tag === 'Left' ? checked.left.message : 'sound'
}

describe('checkNoise', () => {
  it.each([gaussian, laplace, logistic, uniform, gumbel, cauchy])('takes $name', (noise) => {
    expect(complaint(noise)).toBe('sound')
  })

  it('finds a density that is not normalized', () => {
    const noise = { ...laplace, logDensity: (F, u) => F.neg(F.abs(u)) } as Noise
    expect(complaint(noise)).toMatch(/noise laplace: the integral of exp\(logDensity\) is 2\.000, expected 1/)
  })

  it('finds a wrong variance', () => {
    expect(complaint({ ...laplace, variance: 1 })).toMatch(/variance is 1, expected 2\.000/)
  })

  it('finds draws of another law, and of another scale', () => {
    expect(complaint({ ...gumbel, sample: (random) => 1.28 * random.normal() })).toMatch(/one law/)
    expect(complaint({ ...gaussian, sample: (random) => 1.2 * random.normal() })).toMatch(/one law/)
    expect(complaint({ ...gaussian, sample: () => Number.NaN })).toMatch(/one law/)
  })
})

import {
  causalGraph,
  type Elementary,
  gaussian,
  jacobian,
  type Kernel,
  type KernelDefinition,
  kernel,
  laplace,
  logDensity,
  logistic,
  type Noise,
  number,
  problem,
  uniform
} from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { bitsOfKernel } from '../src/graph/graph-bits.js'
import {
  entanglementByJacobian,
  eqCausalGraph,
  type FoundWitness,
  findWitness,
  sufficientInfluence
} from '../src/index.js'
import { linearTransformation } from '../src/maps/transformation.js'
import { findCounterexample } from '../src/witness/internal/counterexample.js'
import { differenceResidual } from '../src/witness/internal/differences.js'
import { factorizationResidual } from '../src/witness/internal/factorization.js'
import { whitenedRotation } from '../src/witness/internal/rotation.js'
import { type Side, twistMap } from '../src/witness/internal/twist.js'
import { errorText } from './error-text.js'

const made = (definition: KernelDefinition): Kernel => orThrow(kernel(definition))
const find = (k: Kernel) => orThrow(findWitness(k))
const found = (k: Kernel): FoundWitness => {
  const answer = find(k)
  if (answer._tag !== 'Found') throw new Error(answer.explanation)
  return answer
}
const oneAction = (more: Partial<KernelDefinition>): Kernel =>
  made({
    latents: 2,
    actions: 1,
    location: (F, _past, [a]) => [F.sin(a), F.cos(F.mul(F.lit(2), a))],
    scale: 0.3,
    ...more
  })

const determinant = (m: ReadonlyArray<ReadonlyArray<number>>): number =>
  m.length === 1
    ? m[0][0]
    : m[0].reduce((sum, x, j) => {
        const minor = m.slice(1).map((row) => row.filter((_, c) => c !== j))
        return sum + (j % 2 === 0 ? x : -x) * determinant(minor)
      }, 0)

const sides = ({ box = [] }: FoundWitness) =>
  box.map(({ low, high }) => ({ middle: (low + high) / 2, length: high - low }))

describe('a rotation after whitening', () => {
  it.each([
    ['one action on two latents', oneAction({})],
    ['unequal scales', oneAction({ scale: (F) => [F.lit(0.3), F.lit(2)] })],
    [
      'a common scale that varies',
      oneAction({ scale: (F, _past, [a]) => [F.exp(a), F.mul(F.lit(3), F.exp(a))] })
    ],
    ['ActionBlockDiag', orThrow(problem('ActionBlockDiag', { latents: 10 }))],
    ['TimeBlockDiag', orThrow(problem('TimeBlockDiag', { latents: 4 }))]
  ])('is another model: %s', (name, k) => {
    const { kind, latents, apply, invert, residual, evidence, kernel: other, matrix = [] } = found(k)
    expect([kind, latents]).toEqual(['rotation', [0, 1]])
    // Ratios of scales that vary are seen at a number of places only.
    expect(evidence).toBe(name === 'a common scale that varies' ? 'numerical' : 'rigorous')
    expect(residual).toBeLessThan(1e-9)
    const point = Array.from({ length: k.latents }, (_, i) => 0.3 * i - 0.5)
    for (const [i, x] of invert(number, apply(number, point)).entries()) expect(x).toBeCloseTo(point[i], 12)
    expect(
      orThrow(entanglementByJacobian({ latents: k.latents, apply }))
        .slice(0, 2)
        .map((row) => row.slice(0, 2))
    ).toEqual([
      [1, 1],
      [1, 1]
    ])
    if (other === undefined) throw new Error('no kernel')
    expect(eqCausalGraph.equals(causalGraph(other), causalGraph(k))).toBe(true)
    // The change of variables, with |det| = 1: densities agree where v leads.
    const random = generator(4)
    const draw = (n: number) => Array.from({ length: n }, () => random.normal())
    const [past, a] = [draw(k.lags * k.latents), draw(k.actions)]
    const past2 = k.lags === 0 ? [] : apply(number, past)
    expect(logDensity(number, other, point, past, a)).toBeCloseTo(
      logDensity(number, k, apply(number, point), past2, a),
      4
    )
    expect(Math.abs(matrix[0][0] * matrix[1][1] - matrix[0][1] * matrix[1][0])).toBeCloseTo(1, 12)
  })
})

describe('the check', () => {
  const random = generator(3)
  const places = Array.from({ length: 6 }, () => ({
    z: [random.normal(), random.normal()],
    past: [],
    a: [random.normal()]
  }))
  const rotated = (k: Kernel) => {
    const map = {
      apply: linearTransformation(whitenedRotation(2, [0, 1], [1, 1])),
      logDet: <A>(F: { readonly zero: A }) => F.zero
    }
    return [
      factorizationResidual(k, bitsOfKernel(k), map, places),
      differenceResidual(k, bitsOfKernel(k), map, places)
    ]
  }

  it('passes what factorizes, and nothing else', () => {
    for (const residual of rotated(oneAction({}))) expect(residual).toBeLessThan(1e-12)
    // Kinks hide from derivatives, not from differences.
    const [byDerivatives, byDifferences] = rotated(oneAction({ noise: laplace }))
    expect(byDerivatives).toBeLessThan(1e-12)
    expect(byDifferences).toBeGreaterThan(0.01)
    for (const residual of rotated(oneAction({ scale: (F) => [F.lit(0.3), F.lit(2)] })))
      expect(residual).toBeGreaterThan(0.01)
  })

  it('sees an edge that the rotation adds', () => {
    const apart = made({ latents: 2, actions: 2, location: (F, _past, a) => a.map(F.sin), scale: 0.3 })
    const map = {
      apply: linearTransformation(whitenedRotation(2, [0, 1], [1, 1])),
      logDet: <A>(F: { readonly zero: A }) => F.zero
    }
    const wider = places.map((place) => ({ ...place, a: [place.a[0], 0.4 - place.a[0]] }))
    expect(factorizationResidual(apart, bitsOfKernel(apart), map, wider)).toBeGreaterThan(0.01)
    expect(differenceResidual(apart, bitsOfKernel(apart), map, wider)).toBeGreaterThan(0.01)
  })

  it('sees an edge from a discrete action', () => {
    const actionDomains = [
      { _tag: 'Choice', values: 3 },
      { _tag: 'Choice', values: 2 }
    ] as const
    const apart = made({ latents: 2, actions: 2, location: (_, _past, a) => a, scale: 0.3, actionDomains })
    const map = {
      apply: linearTransformation(whitenedRotation(2, [0, 1], [1, 1])),
      logDet: <A>(F: { readonly zero: A }) => F.zero
    }
    const at = places.map((place) => ({ ...place, a: [0, 0] }))
    expect(factorizationResidual(apart, bitsOfKernel(apart), map, at)).toBeGreaterThan(0.01)
  })
})

describe('the search for a counterexample', () => {
  /** Eight sines, each of an action of its own, reach 8; of random actions hardly any reach 6. */
  const sums = made({
    latents: 2,
    actions: 8,
    noise: laplace,
    location: (F, _past, a) =>
      [1, 1.3].map((frequency) =>
        a.map((x) => F.sin(F.mul(F.lit(frequency), x))).reduce((x, y) => F.add(x, y))
      ),
    scale: 0.3
  })
  const gapOfBox = (low: number): number => {
    const side = (latent: number): Side => ({
      latent,
      low,
      high: low + 0.5,
      location: 0,
      scale: 0.3,
      noise: laplace
    })
    const sides = [side(0), side(1)]
    const map = twistMap(sides[0], sides[1])
    return findCounterexample(sums, bitsOfKernel(sums), sums, map, [0, 1], sides, generator(1)).gap
  }

  it('climbs to means that draws do not reach', () => {
    const random = generator(8)
    const draws = Array.from({ length: 2000 }, () =>
      sums.location(
        number,
        [],
        Array.from({ length: 8 }, () => 4 * random.uniform() - 2)
      )
    )
    expect(draws.some(([x, y]) => x > 7 || y > 7)).toBe(false)
    expect(gapOfBox(7.6)).toBeGreaterThan(1e-3)
  })

  it('finds none where there is none', () => {
    expect(gapOfBox(8.01)).toBeLessThan(1e-9)
  })
})

describe('the flow of a field', () => {
  it('is found where influence is lacking: a Gaussian random walk may be rotated', () => {
    const walk = made({
      latents: 3,
      lags: 1,
      location: (_, past) => past,
      scale: (F) => [F.lit(0.3), F.one, F.lit(2)]
    })
    const { kind, residual, explanation, latents } = found(walk)
    expect([kind, latents]).toEqual(['flow', [0, 1, 2]])
    expect(residual).toBeLessThan(1e-6)
    expect(explanation).toContain('one of 3 independent fields')
    expect(explanation).toContain('Influence is lacking')
  })

  it('is none for distinct coefficients', () => {
    const ar = made({
      latents: 2,
      lags: 1,
      location: (F, [x, y]) => [F.mul(F.lit(0.9), x), F.mul(F.lit(0.4), y)],
      scale: 0.3
    })
    expect(find(ar)).toMatchObject({ _tag: 'Unknown' })
  })
})

/** v and its kernel agree with the true density by the change of variables, with a determinant from the Jacobian. */
const keepsDensity = (
  k: Kernel,
  { apply, kernel: other }: FoundWitness,
  z: number[],
  past: number[]
): void => {
  if (other === undefined) throw new Error('no kernel')
  const a = k.actionDomains.map(() => 0.3)
  const slopes = jacobian<number>(number, (F, x) => apply(F, x), z)
  const truth = logDensity(number, k, apply(number, z), past.length === 0 ? [] : apply(number, past), a)
  expect(logDensity(number, other, z, past, a)).toBeCloseTo(
    truth + Math.log(Math.abs(determinant(slopes))),
    8
  )
}

describe('a twist of a box', () => {
  const still: KernelDefinition = {
    latents: 2,
    location: (F) => [F.zero, F.one],
    scale: (F) => [F.one, F.lit(2)]
  }

  it.each<[string, Kernel]>([
    ['the tails of Laplace noise under one action', oneAction({ noise: laplace })],
    ['the common part of uniform noise', oneAction({ noise: uniform, scale: 1.8 })],
    ['any smooth noise without causes', made({ ...still, noise: logistic })],
    [
      'each pair with actions of its own, where tails hide them',
      orThrow(problem('ActionDiag', { latents: 2 }))
    ]
  ])('is another model: %s', (_, plain) => {
    const k = plain.name === undefined ? plain : { ...plain, noise: plain.noise.map(() => laplace) }
    const answer = found(k)
    expect([answer.kind, answer.latents]).toEqual(['twist', [0, 1]])
    expect(answer.residual).toBeLessThan(1e-9)
    if (answer.kernel === undefined) throw new Error('no kernel')
    expect(eqCausalGraph.equals(causalGraph(answer.kernel), causalGraph(k))).toBe(true)
    const [x, y] = sides(answer)
    for (const [dx, dy] of [
      [0, 0],
      [0.1, 0.05],
      [-0.12, 0.1]
    ]) {
      const z = [x.middle + dx * x.length, y.middle + dy * y.length]
      keepsDensity(k, answer, z, [])
      const v = answer.apply(number, z)
      for (const [i, back] of answer.invert(number, v).entries()) expect(back).toBeCloseTo(z[i], 9)
    }
    const points = [0, 0.1, -0.1].map((t) => [x.middle + t * x.length, y.middle + 0.05 * y.length])
    expect(orThrow(entanglementByJacobian({ latents: 2, apply: answer.apply }, points, 0.01))).toEqual([
      [1, 1],
      [1, 1]
    ])
    expect(answer.apply(number, [x.middle + x.length, y.middle])).toEqual([x.middle + x.length, y.middle])
  })

  it('comes before reasons: smooth noise may hide where the mean is, though derivatives at most points show it', () => {
    // Huber's: a Gaussian centre with the tails of a Laplace law.
    const huber: Noise = {
      name: 'huber',
      sample: (random) => gaussian.sample(random),
      logDensity: (F, u) => {
        const size = F.abs(u)
        const tail = F.sub(F.lit(0.5), size)
        const centre = F.mul(F.lit(-0.5), F.mul(u, u))
        return F.sub(F.where(F.sub(size, F.one), tail, centre), F.lit(Math.log(2.92431)))
      },
      variance: 1.6
    }
    const own = made({
      latents: 2,
      actions: 2,
      location: (F, _past, a) => a.map(F.sin),
      scale: 0.3,
      noise: huber
    })
    expect(found(own).kind).toBe('twist')
  })

  it('moves the past alike in time, between latents that influence the same', () => {
    const bounded = made({
      latents: 3,
      lags: 1,
      noise: laplace,
      location: (F, [x, y, w]) => {
        const both = F.sin(F.add(x, y))
        return [both, F.cos(F.sub(x, y)), F.tanh(F.add(w, both))]
      },
      scale: 0.5
    })
    const answer = found(bounded)
    expect([answer.kind, answer.latents]).toEqual(['twist', [0, 1]])
    const [x, y] = sides(answer)
    const inside = [x.middle, y.middle + 0.1 * y.length, 0.4]
    keepsDensity(bounded, answer, inside, inside)
  })

  it('is not found where every part of the law is shaken', () => {
    const walk = made({ latents: 2, lags: 1, noise: laplace, location: (_, past) => past, scale: 1 })
    expect(find(walk)).toMatchObject({ _tag: 'Unknown', explanation: expect.stringContaining('kinks') })
  })
})

describe('none exists', () => {
  it('where disentanglement is complete and influence sufficient', () => {
    expect(find(orThrow(problem('ActionNonDiag', { latents: 5 })))).toMatchObject({
      _tag: 'None',
      evidence: 'numerical',
      explanation: expect.stringMatching(/^None exists, by numerical evidence: .*identity.*no proof/)
    })
  })

  it('for one-way entries of latents alone in their block', () => {
    const oneWay = made({
      latents: 2,
      actions: 2,
      location: (F, _past, [a, b]) => [F.sin(a), F.add(F.cos(F.mul(F.lit(2), a)), F.sin(b))],
      scale: 0.3
    })
    expect(find(oneWay)).toMatchObject({ _tag: 'None', explanation: expect.stringContaining('one-way') })
    // As theory has it: with ẑ_0 = z_0 + z_1 / 2 the learned latents depend on each other given the actions.
    const shear = {
      apply: <A>(F: Elementary<A>, [x, y]: ReadonlyArray<A>) => [F.sub(x, F.mul(F.lit(0.5), y)), y],
      logDet: <A>(F: { readonly zero: A }) => F.zero
    }
    const random = generator(2)
    const draw = () => [random.normal(), random.normal()]
    const places = Array.from({ length: 4 }, () => ({ z: draw(), past: [], a: draw() }))
    expect(factorizationResidual(oneWay, bitsOfKernel(oneWay), shear, places)).toBeGreaterThan(0.1)
  })

  it.each<[string, Kernel]>([
    ['logistic noise under one action', oneAction({ noise: logistic })],
    [
      'Gaussian scales that vary apart',
      oneAction({ scale: (F, _past, [a]) => [F.exp(F.sin(a)), F.exp(F.cos(F.mul(F.lit(3), a)))] })
    ],
    [
      'TimeNonDiag (k=2), which sufficient influence does not cover',
      orThrow(problem('TimeNonDiag (k=2)', { latents: 4 }))
    ]
  ])('where two derivatives vary in all directions, whatever the graph: %s', (_, k) => {
    expect(find(k)).toMatchObject({
      _tag: 'None',
      explanation: expect.stringMatching(/rank (4|8) .*factorization alone/)
    })
  })
})

describe('a question about some latents', () => {
  const ask = (k: Kernel, latents: number[]) => orThrow(findWitness(k, { latents }))
  const k = orThrow(problem('ActionBlockDiag', { latents: 6 }))

  it('finds a rotation within each pair of ActionBlockDiag', () => {
    for (const pair of [
      [0, 1],
      [2, 3],
      [4, 5]
    ])
      expect(ask(k, pair)).toMatchObject({ _tag: 'Found', kind: 'rotation', latents: pair })
  })

  it('excludes mixing across pairs, and one latent by itself', () => {
    expect(ask(k, [1, 2])).toMatchObject({
      _tag: 'None',
      explanation: expect.stringContaining('the identity on z1, z2')
    })
    expect(ask(k, [1])).toMatchObject({
      _tag: 'None',
      evidence: 'rigorous',
      explanation: expect.stringContaining('alone')
    })
    // z0 lies within z4 one way: the last pair bears all that bears on the first.
    const oneWay = orThrow(problem('ActionBlockNonDiag', { latents: 6 }))
    expect(ask(oneWay, [0, 4])).toMatchObject({
      _tag: 'None',
      explanation: expect.stringContaining('one-way')
    })
  })

  it('has to be about latents that there are', () => {
    expect(errorText(findWitness(k, { latents: [0, 6] }))).toContain('a latent is 6, expected a latent, 0..5')
  })
})

describe('what influence is sufficient', () => {
  it('binds by itself: actions that tell all apart, whatever time does', () => {
    const steered = made({
      latents: 2,
      lags: 1,
      actions: 2,
      location: (F, [x, y], [a, b]) => [F.add(F.add(x, y), F.sin(a)), F.add(y, F.sin(b))],
      scale: 0.3
    })
    const { parts } = orThrow(sufficientInfluence(steered))
    expect(parts.map(({ verdict }) => verdict)).toEqual(['sufficient', 'sufficient', 'lacking'])
    expect(find(steered)).toMatchObject({
      _tag: 'None',
      explanation: expect.stringContaining('what influence is sufficient is enough')
    })
  })
})

describe('unknown', () => {
  it('is the answer where neither a model nor a reason is found', () => {
    const actionDomains = [{ _tag: 'Choice', values: 2 }] as const
    const binary = oneAction({ noise: logistic, actionDomains, location: (_, _past, [a]) => [a, a] })
    expect(find(binary)).toMatchObject({
      _tag: 'Unknown',
      explanation: expect.stringContaining('no polynomial field')
    })
  })
})

it('says what is wrong', () => {
  expect(errorText(findWitness(oneAction({}), { places: 1 }))).toContain('places is 1')
})

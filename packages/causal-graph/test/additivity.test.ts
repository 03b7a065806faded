import { type Elementary, type Kernel, kernel, laplace, problem } from '@mechid/mechanisms'
import { inverse, multiply, ofRows, toRows } from '@mechid/numerics'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { additivity, graphPattern } from '../src/index.js'
import { errorText } from './error-text.js'

type Mean = <A>(F: Elementary<A>, z: ReadonlyArray<A>, a: ReadonlyArray<A>) => ReadonlyArray<A>

const steered = (
  latents: number,
  actions: number,
  mean: Mean,
  scale: number | Kernel['scale'] = 0.1
): Kernel => orThrow(kernel({ latents, actions, lags: 1, location: mean, scale }))

const square = <A>(F: Elementary<A>, x: A): A => F.mul(x, x)

const scaled = <A>(F: Elementary<A>, c: number, x: A): A => F.mul(F.lit(c), x)

const sum = <A>(F: Elementary<A>, ...terms: A[]): A => terms.reduce(F.add)

describe('interactions', () => {
  const cases: [string, Kernel, number, unknown[]][] = [
    [
      'a product of two past latents',
      steered(3, 0, (F, [x, y, w]) => [F.sin(x), sum(F, y, F.mul(x, y)), F.sin(w)]),
      1,
      [
        { kind: 'latent', latent: 0, lag: 1 },
        { kind: 'latent', latent: 1, lag: 1 }
      ]
    ],
    [
      'a past latent and an action',
      steered(2, 1, (F, [x, y], [a]) => [F.sin(F.add(x, a)), F.sin(y)]),
      0,
      [
        { kind: 'latent', latent: 0, lag: 1 },
        { kind: 'action', action: 0 }
      ]
    ],
    [
      // Second derivatives vanish almost everywhere.
      'a maximum',
      steered(2, 0, (F, [x, y]) => [F.max(x, y), F.sin(y)]),
      0,
      [
        { kind: 'latent', latent: 0, lag: 1 },
        { kind: 'latent', latent: 1, lag: 1 }
      ]
    ],
    [
      'a choice',
      orThrow(
        kernel({
          latents: 1,
          actions: 1,
          lags: 1,
          actionDomains: [{ _tag: 'Choice', values: 3 }],
          location: (F, [x], [a]) => [F.where(F.sub(a, F.lit(0.5)), F.sin(x), x)],
          scale: 0.1
        })
      ),
      0,
      [
        { kind: 'latent', latent: 0, lag: 1 },
        { kind: 'action', action: 0 }
      ]
    ]
  ]

  it.each(cases)('%s', (_, k, latent, inputs) => {
    const found = orThrow(additivity(k))
    expect(found.verdict).toBe('not additive')
    expect(found.interactions[0]).toMatchObject({ latent, inputs })
    expect(found.pattern.flat()).not.toContain(0)
    expect(found.curvature).toEqual([])
  })

  it('name the latent and the pair', () => {
    expect(orThrow(additivity(cases[0][1])).explanation[0]).toBe(
      'Not additive: z1 has an interaction of z0 and z1.'
    )
    const lagged = orThrow(
      kernel({ latents: 1, lags: 2, location: (F, [x, y]) => [F.sin(F.add(x, y))], scale: 0.1 })
    )
    expect(orThrow(additivity(lagged)).explanation[0]).toBe(
      'Not additive: z0 has an interaction of z0 at lag 1 and z0 at lag 2.'
    )
  })

  it('too small to call are undecided, smaller ones do not count', () => {
    const nearly = (size: number) =>
      additivity(steered(2, 0, (F, [x, y]) => [F.add(F.sin(x), scaled(F, size, F.mul(x, y))), F.sin(y)]))
    expect(orThrow(nearly(1e-3)).verdict).toBe('not additive')
    expect(orThrow(nearly(1e-8))).toMatchObject({ verdict: 'undecided', interactions: [{ latent: 0 }] })
    expect(orThrow(nearly(1e-8)).explanation[0]).toContain('undecided at tolerance 0.000001: perhaps z0')
    expect(orThrow(nearly(1e-12)).verdict).toBe('additive')
  })
})

describe('what additive means leave', () => {
  const cases: [string, Mean, string[], number[][], number[][]][] = [
    [
      'second derivatives that vary identify',
      (F, [x, y]) => [F.sin(x), F.add(F.sin(x), F.tanh(y))],
      ['varying', 'varying'],
      [
        [1, 0],
        [0, 1]
      ],
      [
        [1, 0],
        [0, 1]
      ]
    ],
    [
      'a kink identifies, though no second derivative shows it',
      (F, [x, y]) => [F.abs(x), F.add(y, F.sin(y))],
      ['varying', 'varying'],
      [
        [1, 0],
        [0, 1]
      ],
      [
        [1, 0],
        [0, 1]
      ]
    ],
    [
      // z1 + linear: any multiple of z0 may be added to z1; independent noise forbids it.
      'linear ones are told from nothing, except by independent noise',
      (F, [x, y]) => [F.add(F.sin(x), y), scaled(F, 0.5, y)],
      ['varying', 'none'],
      [
        [1, 0],
        [1, 1]
      ],
      [
        [1, 0],
        [0, 1]
      ]
    ],
    [
      'constant curvatures that are not proportional identify',
      (F, [x, y]) => [F.add(square(F, x), square(F, y)), F.sub(scaled(F, 2, square(F, x)), square(F, y))],
      ['constant', 'constant'],
      [
        [1, 0],
        [0, 1]
      ],
      [
        [1, 0],
        [0, 1]
      ]
    ],
    [
      'proportional ones do not; equal noise and different curvatures do',
      (F, [x, y]) => [F.add(square(F, x), scaled(F, 3, square(F, y))), F.add(x, y)],
      ['constant', 'constant'],
      [
        [1, 1],
        [1, 1]
      ],
      [
        [1, 0],
        [0, 1]
      ]
    ],
    [
      'equal ones do not under equal noise either',
      (F, [x, y, w]) => [F.add(square(F, x), square(F, y)), F.add(x, y), F.sin(w)],
      ['constant', 'constant', 'varying'],
      [
        [1, 1, 0],
        [1, 1, 0],
        [0, 0, 1]
      ],
      [
        [1, 1, 0],
        [1, 1, 0],
        [0, 0, 1]
      ]
    ],
    [
      'linear ones stay mixed with each other under equal noise',
      (F, [x, y, w]) => [F.add(x, scaled(F, 0.3, y)), F.sub(y, x), F.add(F.sin(w), x)],
      ['none', 'none', 'varying'],
      [
        [1, 1, 1],
        [1, 1, 1],
        [0, 0, 1]
      ],
      [
        [1, 1, 0],
        [1, 1, 0],
        [0, 0, 1]
      ]
    ]
  ]

  it.each(cases)('%s', (_, mean, curvature, pattern, withNoise) => {
    const found = orThrow(additivity(steered(curvature.length, 0, mean)))
    expect(found).toMatchObject({ verdict: 'additive', curvature, pattern, patternWithNoise: withNoise })
    expect(found.idle).toBeUndefined()
  })

  it('adds to what sparsity leaves: blocks of TimeBlockDiag and TimeBlockNonDiag', () => {
    for (const name of ['TimeBlockDiag', 'TimeBlockNonDiag']) {
      const k = orThrow(problem(name, { latents: 10 }))
      expect(orThrow(graphPattern(k)).flat().filter(Boolean).length).toBeGreaterThan(10)
      expect(orThrow(additivity(k)).pattern.flat().filter(Boolean).length).toBe(10)
    }
  })

  it('reads further lags, too', () => {
    const k = orThrow(
      kernel({
        latents: 2,
        lags: 2,
        location: (F, [x, y, x2, y2]) => [F.add(x, F.sin(x2)), F.add(scaled(F, 0.5, y), scaled(F, 0.2, y2))],
        scale: 0.1
      })
    )
    expect(orThrow(additivity(k))).toMatchObject({
      curvature: ['varying', 'none'],
      pattern: [
        [1, 0],
        [1, 1]
      ]
    })
  })

  it('a curvature too weak to call counts as entangled', () => {
    const found = orThrow(
      additivity(
        steered(2, 0, (F, [x, y]) => [F.add(F.sin(x), scaled(F, 1e-8, square(F, y))), F.add(F.sin(x), y)])
      )
    )
    expect(found.curvature).toEqual(['varying', 'undecided'])
    expect(found.pattern).toEqual([
      [1, 0],
      [1, 1]
    ])
    expect(found.explanation.join(' ')).toContain('too close to the tolerance to call')
  })
})

describe('where the class identifies nothing', () => {
  it.each([
    ['static kernels', orThrow(problem('ActionBlockDiag', { latents: 4 })), 'the kernel is static'],
    [
      'a variance that depends on the past',
      orThrow(problem('TimeNonDiag (k=2)', { latents: 3 })),
      'a variance depends'
    ],
    [
      'other noise',
      orThrow(kernel({ latents: 1, lags: 1, location: (F, [x]) => [F.sin(x)], scale: 0.1, noise: laplace })),
      'the noise of z0 (laplace) is not Gaussian'
    ]
  ])('%s', (_, k, reason) => {
    const found = orThrow(additivity(k))
    expect(found.verdict).toBe('additive')
    expect(found.idle).toContain(reason)
    expect(found.pattern.flat()).not.toContain(0)
  })
})

/** The kernel of ẑ = A z: its means, A m(A⁻¹ ẑ, a). */
const transformed = (
  k: Kernel,
  A: ReadonlyArray<ReadonlyArray<number>>,
  back: ReadonlyArray<ReadonlyArray<number>>
): Kernel => {
  const times = <T>(F: Elementary<T>, M: ReadonlyArray<ReadonlyArray<number>>, x: ReadonlyArray<T>): T[] =>
    M.map((row) => row.map((m, j) => F.mul(F.lit(m), x[j])).reduce(F.add))
  return {
    ...k,
    location: (F, past, a) => times(F, A, k.location(F, k.lags === 0 ? [] : times(F, back, past), a))
  }
}

const mixing = (d: number, seed: number, allowed: (i: number, j: number) => boolean) => {
  const random = generator(seed)
  const rows = Array.from({ length: d }, (_, i) =>
    Array.from({ length: d }, (__, j) => (i === j ? 1.5 : allowed(i, j) ? random.normal() : 0))
  )
  const back = inverse('mixing', ofRows(rows))
  return E.isLeft(back)
    ? undefined
    : { P: rows, A: toRows(back.right), check: multiply(ofRows(rows), back.right) }
}

describe('laws', () => {
  it('additivity buys nothing for static data: every matrix keeps it', () => {
    const k = orThrow(problem('ActionNonDiag', { latents: 4 }))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const mix = mixing(4, seed, () => true)
        fc.pre(mix !== undefined)
        expect(orThrow(additivity(transformed(k, mix!.A, mix!.P))).verdict).toBe('additive')
      }),
      { numRuns: 10 }
    )
  })

  it('z = P ẑ keeps means additive where P lies in the pattern of varying and linear columns, and not elsewhere', () => {
    // Columns 0 and 1 vary, 2 and 3 are linear: rows 2 and 3 of P are free.
    const k = steered(4, 1, (F, [x, y, w, v], [a]) => [
      sum(F, F.sin(x), w, F.cos(a)),
      sum(F, F.tanh(y), F.sin(x), v),
      sum(F, scaled(F, 0.5, w), v),
      sum(F, scaled(F, 0.4, v), F.sin(y))
    ])
    const { pattern } = orThrow(additivity(k))
    expect(pattern).toEqual([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [1, 1, 1, 1],
      [1, 1, 1, 1]
    ])
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 0, max: 1 }), (seed, row) => {
        const within = mixing(4, seed, (i, j) => pattern[i][j] === 1)
        const beyond = mixing(4, seed, (i, j) => pattern[i][j] === 1 || (i === row && j === 3 - row))
        fc.pre(within !== undefined && beyond !== undefined && Math.abs(beyond.P[row][3 - row]) > 0.01)
        expect(orThrow(additivity(transformed(k, within!.A, within!.P))).verdict).toBe('additive')
        expect(orThrow(additivity(transformed(k, beyond!.A, beyond!.P))).verdict).toBe('not additive')
      }),
      { numRuns: 10 }
    )
  })

  it('rotations of whitened latents keep means additive iff curvatures times variances are equal', () => {
    // Noise variances 1 and 4: z = Σ^½ O ẑ.
    const turned = (second: number, angle: number): Kernel => {
      const k = steered(
        2,
        0,
        (F, [x, y]) => [F.add(square(F, x), scaled(F, second, square(F, y))), F.add(x, y)],
        (F) => [F.lit(0.1), F.lit(0.2)]
      )
      const [c, s] = [Math.cos(angle), Math.sin(angle)]
      return transformed(
        k,
        [
          [c, s / 2],
          [-s, c / 2]
        ],
        [
          [c, -s],
          [2 * s, 2 * c]
        ]
      )
    }
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 1.2, noNaN: true }), (angle) => {
        expect(orThrow(additivity(turned(0.25, angle))).verdict).toBe('additive')
        expect(orThrow(additivity(turned(0.5, angle))).verdict).toBe('not additive')
      }),
      { numRuns: 10 }
    )
    // Once whitened, all noise is alike.
    const read = (second: number) =>
      orThrow(additivity({ ...turned(second, 0), scale: (F) => [F.lit(0.1), F.lit(0.1)] })).patternWithNoise
    expect(read(0.25).flat()).toEqual([1, 1, 1, 1])
    expect(read(0.5).flat()).toEqual([1, 0, 0, 1])
  })

  it('no answer depends on the units of latents', () => {
    const base = steered(3, 1, (F, [x, y, w], [a]) => [
      sum(F, F.sin(x), square(F, w), F.sin(a)),
      sum(F, y, scaled(F, 0.5, square(F, w)), F.sin(x)),
      sum(F, scaled(F, 0.7, w), y)
    ])
    const plain = orThrow(additivity(base))
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 3 }), (powers) => {
        const units = powers.map((p) => 10 ** p)
        const other: Kernel = {
          ...base,
          location: (F, past, a) =>
            base
              .location(
                F,
                past.map((x, j) => scaled(F, 1 / units[j], x)),
                a
              )
              .map((m, i) => scaled(F, units[i], m)),
          scale: (F) => units.map((u) => F.lit(0.1 * u))
        }
        const found = orThrow(additivity(other, { spread: units }))
        expect(found).toMatchObject({
          verdict: plain.verdict,
          curvature: plain.curvature,
          pattern: plain.pattern,
          patternWithNoise: plain.patternWithNoise
        })
      }),
      { numRuns: 20 }
    )
  })
})

it('says what is wrong', () => {
  const k = orThrow(problem('TimeDiag', { latents: 2 }))
  const text = (options: Parameters<typeof additivity>[1]) => errorText(additivity(k, options))
  expect(text({ tolerance: 0 })).toContain('tolerance is 0, expected a number between 0 and 1')
  expect(text({ spread: [1] })).toContain('the number of spreads is 1, expected 2')
  expect(text({ spread: [1, -1] })).toContain('the spread of z1 is -1, expected a finite number above 0')
})

import {
  flow,
  gaussian,
  identity,
  iterate,
  kernel,
  type Mechanism,
  mechanism,
  type Noise,
  parallel,
  pendulum,
  randomWalk,
  rotation,
  rungeKuttaStep,
  scaling,
  switchOn,
  translation
} from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  type Ambiguity,
  type AmbiguityOptions,
  affineFields,
  ambiguityOf,
  equivarianceFields,
  explain,
  type Known,
  linearFields,
  polynomials
} from '../src/index.js'
import { bySteps, duffing, swollen } from './nonlinear.js'

const upTo = (degree: number) => orThrow(polynomials(degree))
const kinds = ({ statuses }: Ambiguity): string[] => statuses.map(({ kind }) => kind)
const answered = (known: Known, options?: AmbiguityOptions): Ambiguity => orThrow(ambiguityOf(known, options))
const swing = orThrow(pendulum({ stiffness: 9.81, dt: 0.1, steps: 1 }))
const lorenz = orThrow(
  mechanism({
    latents: 3,
    step: (F, z) =>
      rungeKuttaStep(
        F,
        (G, [x, y, w]) => [
          G.mul(G.lit(10), G.sub(y, x)),
          G.sub(G.mul(x, G.sub(G.lit(28), w)), y),
          G.sub(G.mul(x, y), G.mul(G.lit(8 / 3), w))
        ],
        z,
        0.01
      )
  })
)
const wide: AmbiguityOptions = {
  box: [
    [-20, 20],
    [-20, 20],
    [0, 50]
  ]
}
const logistic = orThrow(
  mechanism({ latents: 1, step: (F, [z]) => [F.mul(F.lit(4), F.mul(z, F.sub(F.one, z)))] })
)

interface Case {
  readonly name: string
  readonly known: Known
  readonly options?: AmbiguityOptions
  readonly dimension: number
  readonly certainty: 'clear' | 'narrow'
  readonly kinds: ReadonlyArray<string>
  /** The value that a narrow decision hangs on, to a factor of 10. */
  readonly inDoubt?: number
}

const both = ['entangled', 'entangled']
const plainBox = {
  box: [
    [-1, 1],
    [-1, 1]
  ] as const
}

const table: Case[] = [
  {
    name: 'a stiff spring in an unscaled box',
    known: [duffing(22500, 22500, 0.003)],
    options: plainBox,
    dimension: 1,
    certainty: 'clear',
    kinds: both
  },
  {
    name: 'a stiff spring without a box',
    known: [duffing(22500, 22500, 0.003)],
    dimension: 1,
    certainty: 'clear',
    kinds: both
  },
  {
    // Hardly bent: what else nearly commutes counts as zero, and the answer says so.
    name: 'a stiff spring that is hardly bent, in an unscaled box',
    known: [duffing(22500, 1, 0.003)],
    options: plainBox,
    dimension: 2,
    certainty: 'narrow',
    kinds: both
  },
  {
    name: 'next to a resonance',
    known: [orThrow(scaling([2, 4 + 1e-9]))],
    options: { dictionary: upTo(2) },
    dimension: 3,
    certainty: 'narrow',
    kinds: ['element-wise', 'entangled'],
    inDoubt: 1e-10
  },
  {
    name: 'next to a resonance, told apart by a tolerance',
    known: [orThrow(scaling([2, 4 + 1e-9]))],
    options: { dictionary: upTo(2), tolerance: 1e-12 },
    dimension: 2,
    certainty: 'clear',
    kinds: ['scale', 'scale']
  },
  {
    name: 'a very short push',
    known: [orThrow(translation([1e-9]))],
    options: { dictionary: affineFields },
    dimension: 2,
    certainty: 'narrow',
    kinds: ['element-wise'],
    inDoubt: 1e-9
  },
  {
    name: 'a very short push, told apart by a tolerance',
    known: [orThrow(translation([1e-9]))],
    options: { dictionary: affineFields, tolerance: 1e-12 },
    dimension: 1,
    certainty: 'clear',
    kinds: ['shift']
  },
  {
    name: 'a flow for next to no time',
    known: [duffing(1, 1, 1e-8)],
    dimension: 20,
    certainty: 'narrow',
    kinds: both,
    inDoubt: 1e-7
  },
  {
    name: 'a flow for next to no time, step by step, with a tolerance',
    known: [bySteps(duffing(1, 1, 1e-8))],
    options: { tolerance: 1e-11 },
    dimension: 1,
    certainty: 'clear',
    kinds: both
  },
  {
    name: 'nearly the identity',
    known: [bySteps(duffing(1, 1, 1e-5))],
    dimension: 1,
    certainty: 'narrow',
    kinds: both
  },
  {
    name: 'what forgets everything',
    known: [orThrow(scaling([0, 0]))],
    options: { dictionary: linearFields },
    dimension: 4,
    certainty: 'clear',
    kinds: both
  },
  {
    name: 'what forgets everything, and fields that vanish at one point',
    known: [orThrow(scaling([0, 0]))],
    options: { dictionary: upTo(3) },
    dimension: 18,
    certainty: 'clear',
    kinds: both
  },
  {
    name: 'what forgets nearly everything',
    known: [orThrow(scaling([1e-200, 2.3e-200]))],
    options: { dictionary: upTo(2) },
    dimension: 10,
    certainty: 'narrow',
    kinds: both,
    inDoubt: 1e-200
  },
  {
    name: 'what throws everything far away',
    known: [orThrow(scaling([1e160, 2.3e160]))],
    options: { dictionary: linearFields },
    dimension: 2,
    certainty: 'clear',
    kinds: ['scale', 'scale']
  },
  {
    name: 'a pendulum by one step',
    known: [swing],
    dimension: 1,
    certainty: 'clear',
    kinds: both
  },
  {
    name: 'two pendulums side by side',
    known: [parallel([swing, swing])],
    options: { dictionary: upTo(1), degrees: [] },
    dimension: 2,
    certainty: 'clear',
    kinds: ['entangled', 'entangled', 'entangled', 'entangled']
  },
  {
    name: 'five mechanisms to choose from, the last a push',
    known: [orThrow(switchOn([...[1, 2, 3, 4].map(() => identity(1)), orThrow(translation([1]))]))],
    options: { dictionary: affineFields },
    dimension: 1,
    certainty: 'clear',
    kinds: ['shift']
  }
]

describe('right, or in doubt and saying so', () => {
  it.each(table.map((c) => [c.name, c] as const))('%s', (_, c) => {
    const answer = answered(c.known, c.options)
    expect(answer.dimension).toBe(c.dimension)
    expect(answer.evidence.decision.certainty).toBe(c.certainty)
    expect(kinds(answer)).toEqual(c.kinds)
    if (c.certainty === 'clear') return
    const value = answer.evidence.decision.inDoubt ?? Number.NaN
    expect(value).toBeGreaterThan(0)
    if (c.inDoubt !== undefined) expect(Math.abs(Math.log10(value / c.inDoubt))).toBeLessThanOrEqual(1)
    expect(explain(answer).join(' ')).toMatch(/narrow: the value [-.e\d]+ counts/)
  })

  it('equivarianceFields of z ↦ 0', () => {
    const zero = orThrow(scaling([0, 0]))
    expect(equivarianceFields([zero], { dictionary: linearFields })).toMatchObject({
      right: { dimension: 4, untouched: 4 }
    })
    // All but the two constants vanish at 0.
    expect(equivarianceFields([zero], { dictionary: affineFields })).toMatchObject({
      right: { dimension: 4 }
    })
  })
})

describe('what always commutes', () => {
  it('a mechanism with itself and its iterates', () => {
    const answer = answered([lorenz], wide)
    expect(kinds(answer)).toEqual(['exact', 'exact', 'exact'])
    expect(answer.iterates).toEqual([
      {
        index: 0,
        mixes: [
          [1, 1, 1],
          [1, 1, 1],
          [1, 1, 1]
        ]
      }
    ])
    const text = explain(answer).join('\n')
    expect(text).not.toContain('exactly')
    expect(text).toContain(
      'The mechanism commutes with itself: it and its iterates stay open whatever a dictionary holds'
    )
    expect(text).toContain('z_0, z_1: up to a joint sign, and nothing else in this dictionary.')
  })

  it('a flow with its own field, whatever it is integrated by', () => {
    const answer = answered([swing])
    expect(answer.among).toContain("the flow's own field")
    expect(answer.evidence.integrationError).toBeGreaterThan(1e-9)
    expect(answer.evidence.integrationError).toBeLessThan(1e-3)
    expect(answer.iterates[0]).toMatchObject({ index: 0, name: 'pendulum' })
    // Nothing that commutes is lost where the field lies in the dictionary already.
    const cubic = answered([duffing(1, 1, 0.3, 1)])
    expect(cubic.dimension).toBe(1)
    expect(answered([orThrow(iterate(swing, 2))]).dimension).toBe(1)
  })

  it('not a mechanism with others that it does not commute with', () => {
    const pushed = answered([swollen(2), orThrow(translation([1, 0]))], { dictionary: upTo(3) })
    expect(pushed.iterates).toEqual([])
    expect(pushed.dimension).toBe(0)
    const doubled = orThrow(mechanism({ latents: 2, step: (F, z) => z.map((x) => F.mul(F.lit(-1), x)) }))
    const { iterates } = answered([swollen(2), doubled], { dictionary: upTo(3) })
    expect(iterates.map(({ index, order }) => [index, order])).toEqual([
      [0, undefined],
      [1, 2]
    ])
  })

  it('nor one without inverse, nor within a pattern that it breaks', () => {
    expect(answered([logistic], { box: [[0, 1]] }).iterates).toEqual([])
    const pattern = [
      [1, 0],
      [0, 1]
    ]
    expect(answered([swollen(2)], { dictionary: upTo(3), within: pattern }).iterates).toEqual([])
  })

  it('exact routes contain it anyway', () => {
    const turn = orThrow(rotation(2, 0, 1, 0.7))
    expect(answered([turn]).iterates).toEqual([])
  })
})

describe('one statement for what is left', () => {
  it('says joint signs, and what is only not in a dictionary', () => {
    const lines = explain(answered([lorenz], wide))
    expect(lines[0]).toBe(
      'Among polynomial fields up to degree 3, what stays open is a joint sign of z_0, z_1 and the mechanism itself with its iterates: nothing else in this dictionary.'
    )
  })

  it('does not call a Gaussian kernel exact that a finite map leaves as it is', () => {
    const ar = orThrow(
      kernel({
        latents: 2,
        lags: 1,
        location: (F, [x, y]) => [
          F.add(F.mul(F.lit(0.5), x), F.mul(F.lit(0.2), y)),
          F.add(F.mul(F.lit(0.2), x), F.mul(F.lit(0.3), y))
        ],
        scale: 1
      })
    )
    const answer = answered([ar])
    expect(answer.dimension).toBe(0)
    // Reflections at the eigenlines of the symmetric matrix are no signed permutations, and leave it as it is.
    const text = explain(answer).join('\n')
    expect(text).not.toContain('exactly')
    expect(text).toContain('up to finitely many maps')
  })

  it('keeps "exactly" for what is proved', () => {
    const turn = orThrow(rotation(2, 0, 1, 0.7))
    expect(explain(answered([turn, orThrow(translation([1, 0]))]))[0]).toBe(
      'Among affine maps, identified exactly.'
    )
  })
})

describe('noise that is normal by its density', () => {
  const own = (logDensity: Noise['logDensity']): Noise => ({ ...gaussian, name: 'own', logDensity })
  it('is read as such', () => {
    const wide = own((F, u) => F.sub(F.div(F.pow(u, 2), F.lit(-8)), F.lit(0.5 * Math.log(8 * Math.PI))))
    const walk = answered([orThrow(randomWalk(3, wide, 0.5))])
    expect([walk.route, walk.dimension]).toEqual(['linear-Gaussian', 6])
    const shifted = own((F, u) => {
      const x = F.sub(u, F.lit(1))
      return F.sub(F.mul(F.lit(-0.5), F.mul(x, x)), F.lit(0.5 * Math.log(2 * Math.PI)))
    })
    // A drift by one standard deviation: rotations that keep it, and shifts.
    expect(answered([orThrow(randomWalk(3, shifted, 0.5))]).dimension).toBe(4)
  })

  it('and not where it is anything else', () => {
    const heavy = own((F, u) => F.mul(F.lit(-2), F.log(F.add(F.one, F.mul(u, u)))))
    expect(answered([orThrow(randomWalk(2, heavy, 0.5))], { degrees: [] }).route).toBe('density')
    const quartic = own((F, u) => F.neg(F.mul(F.mul(u, u), F.mul(u, u))))
    expect(answered([orThrow(randomWalk(2, quartic, 0.5))], { degrees: [] }).route).toBe('density')
  })
})

describe('a decay that is integrated', () => {
  it('is recognized as linear, and needs no dictionary', () => {
    const decay: Mechanism = orThrow(flow('decay', 1, (F, [x]) => [F.neg(x)], 0.5, 1))
    expect(answered([decay])).toMatchObject({ route: 'affine', dimension: 1 })
  })
})

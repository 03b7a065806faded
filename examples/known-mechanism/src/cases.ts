/** The known mechanisms, and the kind of mixing through which each is seen. */
import {
  ballistic,
  harmonicOscillator,
  linear,
  type Mechanism,
  permutation,
  rotation,
  scaling,
  translation
} from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'

export interface Case {
  readonly name: string
  /** Several: one of them moved each pair of observations, and it is known which. */
  readonly mechanisms: ReadonlyArray<Mechanism>
  /**
   * A linear mixing is undone by a linear encoder, which leaves only affine maps open. Behind a nonlinear mixing nonlinear
   * maps that commute count, too; the mechanisms seen through one have no continuous ones but those predicted.
   */
  readonly mixing: 'linear' | 'polynomial'
}

/** Elementwise tanh(2z). */
const tanhOfTwice: Mechanism = {
  name: 'tanh',
  latents: 3,
  actions: 0,
  step: (F, z) => z.map((u) => F.tanh(F.mul(F.lit(2), u)))
}

const matrix = (rows: number[][]): Mechanism => orThrow(linear(rows))

const cycle = orThrow(permutation([1, 2, 3, 0]))
const reflection = orThrow(permutation([0, 3, 2, 1]))

const one = (name: string, mechanism: Mechanism): Case => ({
  name,
  mechanisms: [mechanism],
  mixing: 'linear'
})

export const cases: ReadonlyArray<Case> = [
  one(
    'four distinct eigenvalues',
    matrix([
      [0.95, 0.3, 0, 0.1],
      [0, 0.7, 0.2, 0],
      [0, 0, 0.45, 0.3],
      [0, 0, 0, 0.2]
    ])
  ),
  one('diag(0.9, 0.6, 0.3)', orThrow(scaling([0.9, 0.6, 0.3]))),
  one('diag(0.8, 0.8, 0.4)', orThrow(scaling([0.8, 0.8, 0.4]))),
  one('rotation by 0.7', orThrow(rotation(2, 0, 1, 0.7))),
  one('rotation by 0.7, and a fixed latent', orThrow(rotation(3, 0, 1, 0.7))),
  one(
    'Jordan block of size 4',
    matrix([
      [0.8, 0.6, 0, 0],
      [0, 0.8, 0.6, 0],
      [0, 0, 0.8, 0.6],
      [0, 0, 0, 0.8]
    ])
  ),
  one('cycle of 4', cycle),
  { name: 'cycle of 4 and reflection', mechanisms: [cycle, reflection], mixing: 'linear' },
  one('harmonic oscillator', orThrow(harmonicOscillator({ frequency: 2, dt: 0.3 }))),
  one('ballistic, with gravity', orThrow(ballistic({ dt: 0.5, gravity: -2 }))),
  one('tanh(2z), elementwise', tanhOfTwice),
  {
    name: 'two generic maps',
    mechanisms: [
      matrix([
        [0.6, -0.7, 0.2],
        [0.5, 0.5, -0.4],
        [-0.3, 0.2, 0.9]
      ]),
      matrix([
        [0.9, 0.3, 0.4],
        [-0.5, 0.4, 0.6],
        [0.2, -0.6, 0.7]
      ])
    ],
    mixing: 'polynomial'
  },
  {
    name: 'rotation and translation',
    mechanisms: [orThrow(rotation(2, 0, 1, 0.7)), orThrow(translation([1, 0.5]))],
    mixing: 'polynomial'
  }
]

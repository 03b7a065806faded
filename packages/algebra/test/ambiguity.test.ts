import {
  affine,
  ballistic,
  gaussian,
  harmonicOscillator,
  identity,
  type Kernel,
  kernel,
  laplace,
  linear,
  type Mechanism,
  mechanism,
  type Noise,
  parallel,
  randomWalk,
  rotation,
  scaling,
  translation
} from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  type Ambiguity,
  type AmbiguityOptions,
  affineFields,
  ambiguityOf,
  diagonalClass,
  type Known,
  linearClass,
  linearFields,
  orthogonalClass,
  polynomials,
  trigonometric,
  union
} from '../src/index.js'

const unit = (d: number, i: number): number[] => Array.from({ length: d }, (_, j) => (i === j ? 1 : 0))
const cycle = (n: number): Mechanism =>
  orThrow(linear(Array.from({ length: n }, (_, i) => unit(n, (i + n - 1) % n))))
const reflection = (n: number): Mechanism =>
  orThrow(linear(Array.from({ length: n }, (_, i) => unit(n, (n - i) % n))))
const jordan = (n: number, value: number): Mechanism =>
  orThrow(
    linear(Array.from({ length: n }, (_, i) => unit(n, i).map((x, j) => (j === i + 1 ? 1 : value * x))))
  )
const generic = (d: number, seed: number): Mechanism => {
  const random = generator(seed)
  return orThrow(linear(Array.from({ length: d }, () => Array.from({ length: d }, () => random.normal()))))
}
const diagonal = (factors: number[], shift: number[]): Mechanism =>
  orThrow(
    affine(
      factors.map((x, i) => unit(factors.length, i).map((e) => e * x)),
      shift
    )
  )
const turn = orThrow(rotation(2, 0, 1, 0.7))
const bent = (d: number): Mechanism =>
  orThrow(
    mechanism({
      latents: d,
      step: (F, z) => {
        const square = z.reduce((sum, x) => F.add(sum, F.mul(x, x)), F.one)
        return z.map((x) => F.mul(x, square))
      }
    })
  )
const squash = orThrow(mechanism({ latents: 3, step: (F, z) => z.map((x) => F.tanh(F.mul(F.lit(2), x))) }))
const logistic = orThrow(
  mechanism({ latents: 1, step: (F, [z]) => [F.mul(F.lit(4), F.mul(z, F.sub(F.one, z)))] })
)
const autoregression = (coefficients: number[], scales: number[], noise: Noise = gaussian): Kernel =>
  orThrow(
    kernel({
      latents: coefficients.length,
      lags: 1,
      location: (F, past) => coefficients.map((m, i) => F.mul(F.lit(m), past[i])),
      scale: (F) => scales.map((s) => F.lit(s)),
      noise
    })
  )

/** `scale`, `entangled(0,2)`; with what finite symmetries do: ` ~1` swaps with latent 1, ` ±` flips. */
const statusText = ({ kind, with: others, swaps, flips }: Ambiguity['statuses'][number]): string =>
  `${kind}${others.length > 0 ? `(${others})` : ''}${swaps.length > 0 ? ` ~${swaps}` : ''}${flips ? ' ±' : ''}`

interface Case {
  readonly name: string
  readonly known: Known
  readonly options?: AmbiguityOptions
  readonly route: Ambiguity['route']
  readonly dimension: number
  readonly statuses: ReadonlyArray<string>
  /** Rows of the entanglement graph. */
  readonly graph: string
  readonly finite: bigint
  /** Of the algebra, where linear maps are looked among: dimension of the radical, components of the units. */
  readonly structure?: readonly [radical: number, components: bigint]
}

/** Entangled with every other latent of a set, that some finite symmetries exchange, all up to sign. */
const mixed = (latent: number, others: number[], swaps: number[]): string =>
  statusText({
    latent,
    kind: 'entangled',
    with: others.filter((j) => j !== latent),
    swaps: swaps.filter((j) => j !== latent),
    flips: true
  })

const among: AmbiguityOptions = { among: 'linear' }
const repeated = (d: number, text: string): string[] => new Array<string>(d).fill(text)
const full = (d: number): string => repeated(d, '1'.repeat(d)).join(' ')
const diagonalGraph = (d: number): string =>
  Array.from({ length: d }, (_, i) => unit(d, i).join('')).join(' ')

const linearCases: Case[] = [
  {
    name: 'distinct factors',
    known: [orThrow(scaling([1, 2, 3]))],
    options: among,
    route: 'linear',
    dimension: 3,
    statuses: repeated(3, 'scale ±'),
    graph: diagonalGraph(3),
    finite: 8n,
    structure: [0, 8n]
  },
  {
    name: 'the identity',
    known: [identity(2)],
    options: among,
    route: 'linear',
    dimension: 4,
    statuses: ['entangled(1) ~1 ±', 'entangled(0) ~0 ±'],
    graph: full(2),
    finite: 8n,
    structure: [0, 2n]
  },
  {
    name: 'diag(2,2,3)',
    known: [orThrow(scaling([2, 2, 3]))],
    options: among,
    route: 'linear',
    dimension: 5,
    statuses: ['entangled(1) ~1 ±', 'entangled(0) ~0 ±', 'scale ±'],
    graph: '110 110 001',
    finite: 16n,
    structure: [0, 4n]
  },
  {
    name: 'a Jordan block',
    known: [jordan(4, 2)],
    options: among,
    route: 'linear',
    dimension: 4,
    statuses: ['entangled(1,2,3) ±', 'entangled(2,3) ±', 'entangled(3) ±', 'scale ±'],
    graph: '1111 0111 0011 0001',
    finite: 2n,
    structure: [3, 2n]
  },
  {
    name: 'Jordan blocks of 3, 2 and 1',
    known: [parallel([jordan(3, 2), jordan(2, 2), jordan(1, 2)])],
    options: among,
    route: 'linear',
    dimension: 14,
    statuses: [
      'entangled(1,2,3,4,5) ±',
      'entangled(2,4) ±',
      'scale ±',
      'entangled(1,2,4,5) ±',
      'entangled(2) ±',
      'entangled(2,4) ±'
    ],
    graph: '111111 011010 001000 011111 001010 001011',
    finite: 8n,
    structure: [11, 8n]
  },
  {
    name: 'a rotation',
    known: [turn],
    options: among,
    route: 'linear',
    dimension: 2,
    statuses: ['entangled(1) ~1 ±', 'entangled(0) ~0 ±'],
    graph: full(2),
    finite: 4n,
    structure: [0, 1n]
  },
  {
    name: 'a rotation by π',
    known: [orThrow(rotation(2, 0, 1, Math.PI))],
    options: among,
    route: 'linear',
    dimension: 4,
    statuses: ['entangled(1) ~1 ±', 'entangled(0) ~0 ±'],
    graph: full(2),
    finite: 8n,
    structure: [0, 2n]
  },
  {
    name: 'a rotation and a latent at rest',
    known: [orThrow(rotation(3, 0, 1, 0.7))],
    options: among,
    route: 'linear',
    dimension: 3,
    statuses: ['entangled(1) ~1 ±', 'entangled(0) ~0 ±', 'scale ±'],
    graph: '110 110 001',
    finite: 8n,
    structure: [0, 2n]
  },
  {
    name: 'a cyclic shift',
    known: [cycle(5)],
    options: among,
    route: 'linear',
    dimension: 5,
    statuses: Array.from(
      { length: 5 },
      (_, i) =>
        `entangled(${[0, 1, 2, 3, 4].filter((j) => j !== i)}) ~${[0, 1, 2, 3, 4].filter((j) => j !== i)} ±`
    ),
    graph: full(5),
    finite: 10n,
    structure: [0, 2n]
  },
  {
    name: 'a cycle and a reflection',
    known: [cycle(6), reflection(6)],
    options: among,
    route: 'linear',
    dimension: 4,
    statuses: Array.from(
      { length: 6 },
      (_, i) => `entangled(${[0, 1, 2, 3, 4, 5].filter((j) => j !== i)}) ~${(i + 3) % 6} ±`
    ),
    graph: full(6),
    finite: 4n,
    structure: [0, 16n]
  },
  {
    name: 'two generic maps',
    known: [generic(5, 1), generic(5, 2)],
    options: among,
    route: 'linear',
    dimension: 1,
    statuses: repeated(5, 'scale ±'),
    graph: diagonalGraph(5),
    finite: 2n,
    structure: [0, 2n]
  },
  {
    name: 'diag(1,1,2) and diag(1,3,3)',
    known: [orThrow(scaling([1, 1, 2])), orThrow(scaling([1, 3, 3]))],
    options: among,
    route: 'linear',
    dimension: 3,
    statuses: repeated(3, 'scale ±'),
    graph: diagonalGraph(3),
    finite: 8n,
    structure: [0, 8n]
  },
  {
    name: 'a harmonic oscillator',
    known: [orThrow(harmonicOscillator({ frequency: 1, dt: 0.6 }))],
    options: among,
    route: 'linear',
    dimension: 2,
    statuses: ['entangled(1) ~1 ±', 'entangled(0) ~0 ±'],
    graph: full(2),
    finite: 4n,
    structure: [0, 1n]
  },
  {
    name: 'three ballistic copies',
    known: [parallel([0, 1, 2].map(() => orThrow(ballistic({ dt: 0.5 }))))],
    options: among,
    route: 'linear',
    dimension: 18,
    statuses: [0, 1, 2, 3, 4, 5].map((i) =>
      i % 2 === 0
        ? `entangled(${[0, 1, 2, 3, 4, 5].filter((j) => j !== i)}) ~${[0, 2, 4].filter((j) => j !== i)} ±`
        : `entangled(${[1, 3, 5].filter((j) => j !== i)}) ~${[1, 3, 5].filter((j) => j !== i)} ±`
    ),
    graph: '111111 010101 111111 010101 111111 010101',
    finite: 48n,
    structure: [9, 2n]
  }
]

const moreLinear: Case[] = [
  {
    name: '4 distinct eigenvalues',
    known: [orThrow(scaling([4, 3, 2, 1]))],
    options: among,
    route: 'linear',
    dimension: 4,
    statuses: repeated(4, 'scale ±'),
    graph: diagonalGraph(4),
    finite: 16n,
    structure: [0, 16n]
  },
  {
    name: '3 · I',
    known: [orThrow(scaling([3, 3, 3]))],
    options: among,
    route: 'linear',
    dimension: 9,
    statuses: [0, 1, 2].map((i) => mixed(i, [0, 1, 2], [0, 1, 2])),
    graph: full(3),
    finite: 48n,
    structure: [0, 2n]
  },
  {
    name: 'a rotation by π and a latent at rest',
    known: [orThrow(rotation(3, 0, 1, Math.PI))],
    options: among,
    route: 'linear',
    dimension: 5,
    statuses: [mixed(0, [1], [1]), mixed(1, [0], [0]), 'scale ±'],
    graph: '110 110 001',
    finite: 16n,
    structure: [0, 4n]
  },
  {
    name: 'Jordan blocks of 2 and 1',
    known: [parallel([jordan(2, 2), jordan(1, 2)])],
    options: among,
    route: 'linear',
    dimension: 5,
    statuses: [mixed(0, [1, 2], []), 'scale ±', mixed(2, [1], [])],
    graph: '111 010 011',
    finite: 4n,
    structure: [3, 4n]
  },
  {
    name: 'a cycle and a reflection, n = 4',
    known: [cycle(4), reflection(4)],
    options: among,
    route: 'linear',
    dimension: 3,
    statuses: [0, 1, 2, 3].map((i) => mixed(i, [0, 1, 2, 3], [(i + 2) % 4])),
    graph: full(4),
    finite: 4n,
    structure: [0, 8n]
  },
  {
    name: 'a cycle and a reflection, n = 5',
    known: [cycle(5), reflection(5)],
    options: among,
    route: 'linear',
    dimension: 3,
    statuses: [0, 1, 2, 3, 4].map((i) => mixed(i, [0, 1, 2, 3, 4], [])),
    graph: full(5),
    finite: 2n,
    structure: [0, 8n]
  },
  {
    name: 'diag(1,1,2) alone',
    known: [orThrow(scaling([1, 1, 2]))],
    options: among,
    route: 'linear',
    dimension: 5,
    statuses: [mixed(0, [1], [1]), mixed(1, [0], [0]), 'scale ±'],
    graph: '110 110 001',
    finite: 16n,
    structure: [0, 4n]
  },
  {
    name: 'a harmonic oscillator, half a period',
    known: [orThrow(harmonicOscillator({ frequency: 1, dt: Math.PI }))],
    options: among,
    route: 'linear',
    dimension: 4,
    statuses: [mixed(0, [1], [1]), mixed(1, [0], [0])],
    graph: full(2),
    finite: 8n,
    structure: [0, 2n]
  },
  {
    name: 'ballistic',
    known: [orThrow(ballistic({ dt: 0.5 }))],
    options: among,
    route: 'linear',
    dimension: 2,
    statuses: [mixed(0, [1], []), 'scale ±'],
    graph: '11 01',
    finite: 2n,
    structure: [1, 2n]
  }
]

const affineCases: Case[] = [
  {
    name: 'a translation of the line',
    known: [orThrow(translation([0.7]))],
    route: 'affine',
    dimension: 1,
    statuses: ['shift'],
    graph: '1',
    finite: 1n
  },
  {
    name: 'a translation in space',
    known: [orThrow(translation([0.7, 0.3, 0.5]))],
    route: 'affine',
    dimension: 9,
    statuses: ['entangled(1,2)', 'entangled(0,2)', 'entangled(0,1)'],
    graph: full(3),
    finite: 1n
  },
  {
    name: 'translations along every axis',
    known: [0, 1, 2].map((i) => orThrow(translation(unit(3, i)))),
    route: 'affine',
    dimension: 3,
    statuses: repeated(3, 'shift'),
    graph: diagonalGraph(3),
    finite: 1n
  },
  {
    name: 'a rotation about another point',
    known: [
      orThrow(
        affine(
          [
            [Math.cos(0.7), -Math.sin(0.7)],
            [Math.sin(0.7), Math.cos(0.7)]
          ],
          [1, 2]
        )
      )
    ],
    route: 'affine',
    dimension: 2,
    statuses: ['entangled(1)', 'entangled(0)'],
    graph: full(2),
    finite: 1n
  },
  {
    name: 'a rotation and a translation',
    known: [turn, orThrow(translation([1, 0]))],
    route: 'affine',
    dimension: 0,
    statuses: ['exact', 'exact'],
    graph: diagonalGraph(2),
    finite: 1n
  },
  {
    name: 'two generic maps and a translation',
    known: [generic(3, 1), generic(3, 2), orThrow(translation([1, 0.5, 2]))],
    route: 'affine',
    dimension: 0,
    statuses: repeated(3, 'exact'),
    graph: diagonalGraph(3),
    finite: 1n
  },
  {
    name: 'diag(1,2,3) z + (0,1,1)',
    known: [diagonal([1, 2, 3], [0, 1, 1])],
    route: 'affine',
    dimension: 4,
    statuses: ['element-wise ±', 'element-wise', 'element-wise'],
    graph: diagonalGraph(3),
    finite: 2n
  },
  {
    name: 'diag(1,2,3) z + (1,1,1)',
    known: [diagonal([1, 2, 3], [1, 1, 1])],
    route: 'affine',
    dimension: 3,
    statuses: ['shift', 'element-wise', 'element-wise'],
    graph: diagonalGraph(3),
    finite: 1n
  },
  {
    name: 'ballistic',
    known: [orThrow(ballistic({ dt: 0.5 }))],
    route: 'affine',
    dimension: 3,
    statuses: ['entangled(1) ±', 'scale ±'],
    graph: '11 01',
    finite: 2n
  },
  {
    name: 'ballistic with gravity',
    known: [orThrow(ballistic({ dt: 0.5, gravity: -9.81 }))],
    route: 'affine',
    dimension: 2,
    statuses: ['entangled(1)', 'shift'],
    graph: '11 01',
    finite: 1n
  },
  {
    name: 'only linear maps, where mechanisms have shifts',
    known: [diagonal([1, 2, 3], [0, 1, 1])],
    options: among,
    route: 'affine',
    dimension: 1,
    statuses: ['scale ±', 'exact', 'exact'],
    graph: diagonalGraph(3),
    finite: 2n
  },
  {
    name: 'pushes by actions',
    known: [
      orThrow(
        mechanism({ latents: 2, actions: 1, step: (F, [x, y], [a]) => [F.add(x, a), F.add(y, F.sin(a))] })
      )
    ],
    route: 'affine',
    dimension: 2,
    statuses: ['shift', 'shift'],
    graph: diagonalGraph(2),
    finite: 1n
  },
  {
    name: 'a translation of the plane',
    known: [orThrow(translation([0.7, 0.3]))],
    route: 'affine',
    dimension: 4,
    statuses: ['entangled(1)', 'entangled(0)'],
    graph: full(2),
    finite: 1n
  }
]

const fieldCases: Case[] = [
  {
    name: 'the resonance of diag(2,4)',
    known: [orThrow(scaling([2, 4]))],
    options: { dictionary: orThrow(polynomials(3)) },
    route: 'fields',
    dimension: 3,
    statuses: ['element-wise ±', 'entangled(0) ±'],
    graph: '10 11',
    finite: 4n
  },
  {
    name: 'diag(2,3), degree 4',
    known: [orThrow(scaling([2, 3]))],
    options: { dictionary: orThrow(polynomials(4)) },
    route: 'fields',
    dimension: 2,
    statuses: ['scale ±', 'scale ±'],
    graph: diagonalGraph(2),
    finite: 4n
  },
  {
    name: 'a translation, and what is periodic',
    known: [orThrow(translation([0.7]))],
    options: { dictionary: union([orThrow(polynomials(1)), orThrow(trigonometric(0.7))]) },
    route: 'fields',
    dimension: 3,
    statuses: ['element-wise'],
    graph: '1',
    finite: 1n
  },
  {
    name: 'z(1+‖z‖²), d = 3',
    known: [bent(3)],
    options: { dictionary: orThrow(polynomials(3)) },
    route: 'fields',
    dimension: 3,
    statuses: ['entangled(1,2) ~1,2 ±', 'entangled(0,2) ~0,2 ±', 'entangled(0,1) ~0,1 ±'],
    graph: full(3),
    finite: 48n
  },
  {
    name: 'tanh(2z)',
    known: [squash],
    options: { dictionary: linearFields },
    route: 'fields',
    dimension: 0,
    statuses: ['exact ~1,2 ±', 'exact ~0,2 ±', 'exact ~0,1 ±'],
    graph: diagonalGraph(3),
    finite: 48n
  },
  {
    name: 'the logistic map',
    known: [logistic],
    options: { dictionary: orThrow(polynomials(8)), box: [[0, 1]] },
    route: 'fields',
    dimension: 0,
    statuses: ['exact'],
    graph: '1',
    finite: 1n
  },
  {
    name: 'of the linear class, a generic map',
    known: [generic(2, 5)],
    options: { hypothesis: linearClass, dictionary: linearFields },
    route: 'imitators',
    dimension: 4,
    statuses: ['entangled(1) ±', 'entangled(0) ±'],
    graph: full(2),
    finite: 2n
  },
  {
    name: 'of the diagonal class',
    known: [orThrow(scaling([1, 2, 3]))],
    options: { hypothesis: diagonalClass, dictionary: linearFields },
    route: 'imitators',
    dimension: 3,
    statuses: repeated(3, 'scale ±'),
    graph: diagonalGraph(3),
    finite: 8n
  },
  {
    name: 'diag(2,½), degree 3',
    known: [orThrow(scaling([2, 0.5]))],
    options: { dictionary: orThrow(polynomials(3)) },
    route: 'fields',
    dimension: 4,
    statuses: ['entangled(1) ±', 'entangled(0) ±'],
    graph: full(2),
    finite: 4n
  },
  {
    name: 'z(1+‖z‖²), d = 2',
    known: [bent(2)],
    options: { dictionary: orThrow(polynomials(3)) },
    route: 'fields',
    dimension: 1,
    statuses: [mixed(0, [1], [1]), mixed(1, [0], [0])],
    graph: full(2),
    finite: 8n
  },
  {
    name: 'an affine map by fields',
    known: [diagonal([1, 2, 3], [0, 1, 1])],
    options: { dictionary: affineFields },
    route: 'fields',
    dimension: 4,
    statuses: ['element-wise ±', 'element-wise', 'element-wise'],
    graph: diagonalGraph(3),
    finite: 2n
  },
  {
    name: 'of rotations in space, one',
    known: [orThrow(rotation(3, 0, 1, 0.7))],
    options: { hypothesis: orthogonalClass, dictionary: linearFields },
    route: 'imitators',
    dimension: 5,
    statuses: [mixed(0, [1, 2], [1]), mixed(1, [0, 2], [0]), mixed(2, [0, 1], [])],
    graph: full(3),
    finite: 8n
  }
]

const kernelCases: Case[] = [
  {
    name: 'a Gaussian walk',
    known: [orThrow(randomWalk(3, gaussian, 0.5))],
    route: 'linear-Gaussian',
    dimension: 6,
    statuses: ['entangled(1,2) ~1,2 ±', 'entangled(0,2) ~0,2 ±', 'entangled(0,1) ~0,1 ±'],
    graph: full(3),
    finite: 48n
  },
  {
    name: 'a Laplace walk',
    known: [orThrow(randomWalk(2, laplace, 0.5))],
    route: 'density',
    dimension: 2,
    statuses: ['shift ~1 ±', 'shift ~0 ±'],
    graph: diagonalGraph(2),
    finite: 8n
  },
  {
    name: 'a Laplace walk with distinct scales',
    known: [autoregression([1, 1, 1], [0.5, 1, 2], laplace)],
    options: { dictionary: orThrow(polynomials(1)) },
    route: 'density',
    dimension: 3,
    statuses: repeated(3, 'shift ±'),
    graph: diagonalGraph(3),
    finite: 8n
  },
  {
    name: 'a Gaussian AR(1)',
    known: [autoregression([0.3, 0.5, 0.9], [1, 1, 1])],
    route: 'linear-Gaussian',
    dimension: 0,
    statuses: repeated(3, 'exact ±'),
    graph: diagonalGraph(3),
    finite: 8n
  },
  {
    name: 'a Gaussian AR(1) with a unit root',
    known: [autoregression([0.3, 0.5, 1], [1, 1, 1])],
    route: 'linear-Gaussian',
    dimension: 1,
    statuses: ['exact ±', 'exact ±', 'shift ±'],
    graph: diagonalGraph(3),
    finite: 8n
  },
  {
    name: 'AR(1) 0.5·I with unequal variances',
    known: [autoregression([0.5, 0.5, 0.5], [1, Math.sqrt(2), Math.sqrt(3)])],
    route: 'linear-Gaussian',
    dimension: 3,
    statuses: ['entangled(1,2) ±', 'entangled(0,2) ±', 'entangled(0,1) ±'],
    graph: full(3),
    finite: 8n
  },
  {
    name: 'two Gaussian walks',
    known: [orThrow(randomWalk(2, gaussian, 1)), autoregression([1, 1], [1, 2])],
    route: 'linear-Gaussian',
    dimension: 2,
    statuses: ['shift ±', 'shift ±'],
    graph: diagonalGraph(2),
    finite: 4n
  },
  {
    name: 'a Gaussian walk of the plane',
    known: [orThrow(randomWalk(2, gaussian, 0.5))],
    route: 'linear-Gaussian',
    dimension: 3,
    statuses: [mixed(0, [1], [1]), mixed(1, [0], [0])],
    graph: full(2),
    finite: 8n
  }
]

describe.each([
  ['linear maps', [...linearCases, ...moreLinear]],
  ['affine maps', affineCases],
  ['vector fields', fieldCases],
  ['kernels', kernelCases]
] as const)('%s', (_, cases) => {
  it.each(cases.map((c) => [c.name, c] as const))('%s', (__, c) => {
    const answer = orThrow(ambiguityOf(c.known, c.options))
    expect(answer.route).toBe(c.route)
    expect(answer.dimension).toBe(c.dimension)
    expect(answer.statuses.map(statusText)).toEqual(c.statuses)
    expect(answer.entanglement.map((row) => row.join('')).join(' ')).toBe(c.graph)
    expect(orThrow(answer.finite).order).toBe(c.finite)
    expect(answer.evidence.residual).toBeLessThan(1e-8)
    expect(answer.structure === undefined).toBe(answer.route !== 'linear')
    if (answer.structure !== undefined) {
      const { radical, components } = orThrow(answer.structure)
      expect([radical.length, components]).toEqual(c.structure)
    }
  })
})

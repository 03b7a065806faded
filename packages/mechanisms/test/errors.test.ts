import type { Tagged } from '@mechid/values'
import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  affine,
  ballistic,
  compose,
  dampedOscillator,
  gaussian,
  identity,
  iterate,
  kernel,
  linear,
  type MechanismError,
  mechanism,
  parallel,
  pendulum,
  permutation,
  problem,
  problemNames,
  rotation,
  switchOn,
  translation
} from '../src/index.js'

const still = { latents: 1, location: () => [], scale: 1 } as const
const driven = parallel([{ ...identity(1), actions: 1 }])

const refused: ReadonlyArray<
  [result: Either<MechanismError, unknown>, tag: MechanismError['_tag'], words: string]
> = [
  [
    compose(identity(2), identity(3)),
    'ShapeMismatch',
    'compose: the length of the state of the second mechanism is 3, expected 2'
  ],
  [
    compose(driven, { ...driven, actions: 2 }),
    'ShapeMismatch',
    'compose: the length of the action of the second mechanism is 2, expected 1'
  ],
  [iterate(identity(1), 0.5), 'InvalidOption', 'iterate: times is 0.5, expected an integer, 0 or more'],
  [switchOn([]), 'ShapeMismatch', 'switchOn: choices is empty, expected one mechanism or more'],
  [
    switchOn([identity(1), identity(2)]),
    'ShapeMismatch',
    'switchOn: the length of the state of a choice is 2, expected 1'
  ],
  [
    switchOn([identity(1), driven]),
    'ShapeMismatch',
    'switchOn: the length of the action of a choice is 1, expected 0'
  ],
  [
    mechanism({ latents: 0, step: () => [] }),
    'InvalidOption',
    'mechanism: latents is 0, expected an integer, 1 or more'
  ],
  [
    mechanism({ name: 'short', latents: 2, step: (_, [x]) => [x] }),
    'ShapeMismatch',
    'short: the length of the list that step returns is 1, expected 2'
  ],
  [
    mechanism({
      latents: 1,
      step: () => {
        throw new Error('no')
      }
    }),
    'DefinitionThrew',
    'mechanism: the definition threw "no", expected a function that returns its outputs'
  ],
  [
    mechanism({ latents: 2, step: (F, [x]) => [x, F.lit(Number.NaN)] }),
    'NeverDefined',
    'mechanism: output 1 (counted from 0) is not finite at any of 8 points tried, expected a finite value wherever the mechanism is used'
  ],
  [
    kernel({ latents: 1, location: (F) => [F.zero], scale: 0 }),
    'NeverDefined',
    'kernel: output 0 (counted from 0) is not positive at any of 8 points tried, expected a positive value wherever the mechanism is used'
  ],
  [kernel({ ...still, lags: -1 }), 'InvalidOption', 'kernel: lags is -1, expected an integer, 0 or more'],
  [
    kernel({ ...still, noise: [gaussian, gaussian] }),
    'ShapeMismatch',
    'kernel: the length of noise is 2, expected 1'
  ],
  [
    kernel({ ...still, actions: 1, actionDomains: [] }),
    'ShapeMismatch',
    'kernel: the length of actionDomains is 0, expected 1'
  ],
  [
    kernel({ ...still, actions: 1, actionDomains: [{ _tag: 'Interval', low: 2, high: 1 }] }),
    'InvalidOption',
    'kernel: an action’s interval is [2, 1], expected low < high'
  ],
  [
    kernel({ ...still, actions: 1, actionDomains: [{ _tag: 'Choice', values: 1 }] }),
    'InvalidOption',
    'kernel: an action’s number of values is 1, expected an integer, 2 or more'
  ],
  [linear([]), 'ShapeMismatch', 'affine: matrix is empty, expected one row or more'],
  [linear([[1, 2]]), 'ShapeMismatch', 'affine: the length of a row of the matrix is 2, expected 1'],
  [affine([[1]], []), 'ShapeMismatch', 'affine: the length of shift is 0, expected 1'],
  [
    linear([
      [1, 0],
      [Number.NaN, 1]
    ]),
    'NotFinite',
    'affine: matrix is NaN at row 1, column 0 (counted from 0), expected finite numbers'
  ],
  [rotation(3, 1, 1, 0.2), 'InvalidOption', 'rotation: axes is 1, 1, expected two of 0 to 2'],
  [permutation([0, 0]), 'InvalidOption', 'permutation: order is 0, 0, expected each of 0 to 1 once'],
  [ballistic({ dt: 0 }), 'InvalidOption', 'ballistic: dt is 0, expected above 0'],
  [
    dampedOscillator({ frequency: 1, damping: -1, dt: 1 }),
    'InvalidOption',
    'dampedOscillator: parameters is frequency 1, damping -1, dt 1, expected frequency > 0, damping ≥ 0, dt > 0'
  ],
  [
    pendulum({ stiffness: 1, dt: 1, steps: 0 }),
    'InvalidOption',
    'pendulum: steps is 0, expected an integer, 1 or more'
  ],
  [
    problem('ActionDiagonal', { latents: 4 }),
    'UnknownName',
    `problem: there is no "ActionDiagonal", expected one of ${problemNames.join(', ')}`
  ],
  [
    problem('ActionBlockDiag', { latents: 5 }),
    'InvalidOption',
    'ActionBlockDiag: latents is 5, expected even, as this problem is made of pairs'
  ],
  [
    problem('TimeRandomGraph', { latents: 4, edgeProbability: 2 }),
    'InvalidOption',
    'TimeRandomGraph: edgeProbability is 2, expected between 0 and 1'
  ],
  [
    problem('ActionDiag', { latents: 2, graph: [[1], [1, 1]] }),
    'ShapeMismatch',
    'ActionDiag: the length of a row of graph is 2, expected 1'
  ],
  [
    problem('TimeDiag', { latents: 3, graph: [[1]] }),
    'ShapeMismatch',
    'TimeDiag: the length of graph is 1, expected 3'
  ]
]

describe('errors', () => {
  it.each(refused)('have a tag and a sentence: %#', (result, tag, words) => {
    expect(result).toMatchObject({ _tag: 'Left', left: { _tag: tag, message: words } })
  })

  it('say which entry of a shift is not finite', () => {
    const result = translation([1, Number.POSITIVE_INFINITY])
    expect(result).toMatchObject({ left: { _tag: 'NotFinite', where: 'affine', what: 'shift', row: 1 } })
  })

  it('keep the fields that say what was tried', () => {
    const result = mechanism({ latents: 1, step: (F) => [F.log(F.lit(-1))] })
    expect(result).toMatchObject({ left: { output: 0, expected: 'finite', triedPoints: 8 } })
  })

  it('are of one shape', () => {
    const left = refused.flatMap(([result]): Tagged[] => (isLeft(result) ? [result.left] : []))
    expect(left.length).toBe(refused.length)
    for (const { message } of left) expect(message).toMatch(/^[^\n]+: [^\n]+, expected [^\n]*[^\n.]$/)
  })
})

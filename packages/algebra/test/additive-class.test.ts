import { additivity } from '@mechid/causal-graph'
import { type Elementary, type Kernel, kernel, type Mechanism, mechanism, problem } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import { expect, it } from 'vitest'
import {
  additiveClass,
  affineFields,
  ambiguityOf,
  explain,
  imitatorFields,
  linearFields
} from '../src/index.js'

type Mean = <A>(F: Elementary<A>, z: ReadonlyArray<A>, a: ReadonlyArray<A>) => ReadonlyArray<A>

const square = <A>(F: Elementary<A>, x: A): A => F.mul(x, x)
const times = <A>(F: Elementary<A>, c: number, x: A): A => F.mul(F.lit(c), x)

const meansOf = (k: Kernel): Mechanism => ({
  latents: k.latents,
  actions: k.actions,
  step: (F, z, a) => k.location(F, z, a)
})

// Dimension among affine fields: a factor for each latent that varies, all linear fields of blocks with proportional
// curvatures that keep them diagonal, a free row for each linear latent; and a shift each.
const cases: [string, number, number, Mean, number][] = [
  [
    'all vary',
    3,
    0,
    (F, [x, y, w]) => [F.sin(x), F.add(F.tanh(y), F.cos(x)), F.add(F.sin(times(F, 2, w)), x)],
    3 + 3
  ],
  [
    'one is linear: its row is free',
    3,
    0,
    (F, [x, y, w]) => [F.sin(x), F.add(F.tanh(y), w), times(F, 0.5, w)],
    2 + 3 + 3
  ],
  ['all are linear', 2, 0, (F, [x, y]) => [F.add(x, times(F, 0.3, y)), times(F, 0.5, y)], 4 + 2],
  // Pᵀ diag(1, 3) P diagonal: two factors and one rotation.
  [
    'proportional constant curvatures',
    2,
    0,
    (F, [x, y]) => [F.add(square(F, x), times(F, 3, square(F, y))), F.add(x, y)],
    3 + 2
  ],
  [
    'other constant curvatures',
    2,
    0,
    (F, [x, y]) => [F.add(square(F, x), square(F, y)), F.sub(times(F, 2, square(F, x)), square(F, y))],
    2 + 2
  ],
  [
    'with an action',
    2,
    1,
    (F, [x, y], [a]) => [F.add(F.sin(x), F.sin(a)), F.add(F.add(F.cos(x), F.tanh(y)), F.mul(a, a))],
    2 + 2
  ]
]

it.each(cases)('%s', (_, latents, actions, step, dimension) => {
  const m = orThrow(mechanism({ latents, actions, step }))
  const answer = orThrow(
    imitatorFields([m], orThrow(additiveClass({ actions })), { dictionary: affineFields })
  )
  expect(answer.dimension).toBe(dimension)
  expect(answer.residual).toBeLessThan(1e-8)
})

it.each(cases)('agrees with what second derivatives say: %s', (_, latents, actions, step) => {
  const k = orThrow(kernel({ latents, actions, lags: 1, location: step, scale: 0.1 }))
  const answer = orThrow(
    ambiguityOf([meansOf(k)], { hypothesis: orThrow(additiveClass({ actions })), dictionary: affineFields })
  )
  const { pattern } = orThrow(additivity(k))
  expect(answer.statuses.map((status) => status.with)).toEqual(
    pattern.map((row, i) => row.flatMap((x, j) => (x === 1 && j !== i ? [j] : [])))
  )
})

it('tells the latents of a published problem apart', () => {
  const block = orThrow(problem('TimeBlockDiag', { latents: 4 }))
  const answer = orThrow(
    ambiguityOf([meansOf(block)], {
      hypothesis: orThrow(additiveClass()),
      dictionary: linearFields,
      box: Array.from({ length: 4 }, () => [-2, 2] as const)
    })
  )
  expect(answer.dimension).toBe(4)
  expect(answer.statuses.map(({ kind }) => kind)).toEqual(['scale', 'scale', 'scale', 'scale'])
  expect(explain(answer).join(' ')).toContain('only the class "additive" is known')
})

it('refuses interactions and bad options', () => {
  const product = orThrow(mechanism({ latents: 2, step: (F, [x, y]) => [F.mul(x, y), y] }))
  expect(imitatorFields([product], orThrow(additiveClass()), { dictionary: affineFields })).toMatchObject({
    left: { _tag: 'NotInClass', what: 'mechanism 0' }
  })
  expect(additiveClass({ degree: 0 })).toMatchObject({
    left: { _tag: 'InvalidOption', what: 'degree' }
  })
  expect(additiveClass({ actions: -1 })).toMatchObject({
    left: { _tag: 'InvalidOption', what: 'actions' }
  })
  const lost = orThrow(mechanism({ latents: 1, step: (F, [x]) => [F.log(x)] }))
  expect(imitatorFields([lost], orThrow(additiveClass()), { dictionary: affineFields })._tag).toBe('Left')
})

import { kernel, problem } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import { expect, it } from 'vitest'
import { type IdentifiedBy, identifiedBy, predict } from '../src/index.js'

const cases: [name: string, latents: number, by: IdentifiedBy][] = [
  ['ActionDiag', 4, 'sparsity'],
  ['ActionNonDiag', 10, 'sparsity'],
  ['ActionBlockDiag', 10, 'neither'],
  ['TimeDiag', 4, 'each'],
  ['TimeNonDiag', 10, 'each'],
  ['TimeBlockDiag', 10, 'additivity'],
  ['TimeBlockNonDiag', 10, 'additivity'],
  ['TimeNonDiag (norm)', 5, 'sparsity'],
  ['TimeNonDiag (sigmoid)', 5, 'each'],
  ['TimeNonDiag (k=2)', 4, 'factorization'],
  ['TimeNonDiag (no sufficient variability)', 4, 'neither']
]

it.each(cases)('%s at %i latents: by %s', (name, latents, by) => {
  const found = orThrow(identifiedBy(orThrow(problem(name, { latents }))))
  expect([...new Set(found.latents.map((latent) => latent.by))]).toEqual([by])
  expect(found.identified.length).toBe(by === 'neither' ? 0 : latents)
})

it('some latents by one assumption, some by both together', () => {
  // Time alone: z0 and z1 are one block of the graph, z2 another. z1 is linear everywhere.
  const k = orThrow(
    kernel({
      latents: 3,
      lags: 1,
      location: (F, [x, y, w]) => [
        F.add(F.sin(x), y),
        F.add(F.cos(x), F.mul(F.lit(0.5), y)),
        F.mul(F.lit(0.9), w)
      ],
      scale: 0.1
    })
  )
  const found = orThrow(identifiedBy(k))
  expect(found.influence.verdict).toBe('lacking')
  expect(found.latents.map(({ by }) => by)).toEqual(['additivity', 'neither', 'neither'])
  // The graph by itself tells z2; with enough influence it would help z1, too.
  expect(found.latents[1].together).toEqual([0, 2])

  const rich = orThrow(
    kernel({
      latents: 3,
      actions: 2,
      lags: 1,
      location: (F, [x, y, w], [a, b]) => [
        F.add(F.sin(x), F.sin(a)),
        F.add(F.mul(F.lit(0.5), y), F.cos(F.mul(F.lit(2), a))),
        F.add(F.sin(w), F.sin(b))
      ],
      scale: 0.1
    })
  )
  const both = orThrow(identifiedBy(rich))
  // Actions: z0 and z1 are one block; additivity: z1 is mixed with all. Influence of time: one edge each.
  expect(both.patterns.additivity).toEqual([
    [1, 0, 0],
    [1, 1, 1],
    [0, 0, 1]
  ])
  expect(both.latents.map(({ by }) => by)).toEqual(
    both.influence.verdict === 'sufficient' ? ['each', 'sparsity', 'each'] : ['additivity', 'neither', 'each']
  )
})

it('never calls a consequence of additivity one of sparsity', () => {
  const k = orThrow(problem('TimeBlockDiag', { latents: 6 }))
  const found = orThrow(identifiedBy(k))
  expect(found.patterns.sparsity).toEqual(orThrow(predict(k)).pattern)
  expect(found.latents[0]).toMatchObject({ sparsity: [1], additivity: [], together: [] })
  expect(found.latents[0].text).toBe(
    'z0 is identified by additivity, not by sparsity, which alone would leave it mixed with z1.'
  )
  expect(found.explanation[0]).toBe('Identified by additivity (and not by sparsity): z0, z1, z2, z3, z4, z5.')
})

it('says what neither identifies', () => {
  const found = orThrow(identifiedBy(orThrow(problem('ActionBlockDiag', { latents: 4 }))))
  expect(found.explanation).toContain('z0, z1 stay mixed with each other under both assumptions.')
  expect(found.explanation.at(-1)).toContain('Additivity identifies nothing here, for the kernel is static')
})

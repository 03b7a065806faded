/** Commutants of random maps with structure, against exact arithmetic. */
import { ofRows, toRows } from '@mechid/numerics'
import { type Generator, generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type AffineCommutant,
  type AlgebraError,
  affineCommutant,
  type CommutantOptions,
  commutant,
  linearGaussianFields,
  type MatrixAlgebra
} from '../src/index.js'
import { balanced, inUnits, normalized } from '../src/linear/balancing.js'
import { weighed } from '../src/linear/commutator.js'
import {
  exactAffineDimension,
  exactCommutator,
  exactDimension,
  exactGaussianDimension
} from './exact-commutant.js'
import type { Rows } from './matrices.js'
import { structuredAffineMaps, structuredKernels, structuredMaps } from './structured-maps.js'

const CASES = 2500

interface Case {
  readonly maps: ReadonlyArray<Rows>
  readonly exact: number
}

interface Tally {
  readonly wrongAndClear: number[]
  clear: number
  narrow: number
  narrowAndRight: number
  undecided: number
}

const cases: Case[] = []

beforeAll(() => {
  const random = generator(12)
  for (let k = 0; k < CASES; k++) {
    const maps = structuredMaps(random.split(k))
    cases.push({ maps, exact: exactDimension(maps) })
  }
}, 60_000)

const tallyOf = (method: NonNullable<CommutantOptions['method']>): Tally => {
  const tally: Tally = { wrongAndClear: [], clear: 0, narrow: 0, narrowAndRight: 0, undecided: 0 }
  cases.forEach(({ maps, exact }, k) => {
    const found = commutant(maps, { method })
    if (E.isLeft(found)) {
      expect(found.left._tag).toBe('Undecided')
      tally.undecided++
      return
    }
    const { dimension, decision } = found.right
    tally[decision.certainty]++
    if (decision.certainty === 'clear' && dimension !== exact) tally.wrongAndClear.push(k)
    if (decision.certainty === 'narrow' && dimension === exact) tally.narrowAndRight++
  })
  return tally
}

/** The largest weighed entry of BM − MB over the basis, in balanced units, from an exact difference. */
const residualOf = ({ basis, units }: MatrixAlgebra, maps: ReadonlyArray<Rows>): number =>
  Math.max(
    ...maps.flatMap((rows) => {
      const m = balanced(ofRows(rows), units)
      const { weights } = weighed(m)
      return basis.map((b) => {
        const gap = exactCommutator(toRows(normalized(inUnits(b, units))), toRows(m)).flat()
        return Math.max(...gap.map((x, e) => Math.abs(x) * weights[e]))
      })
    })
  )

const wrongAndClear = <Known>(
  drawn: (random: Generator) => Known,
  exact: (known: Known) => number,
  asked: (known: Known) => E.Either<AlgebraError, AffineCommutant>
) => {
  const random = generator(13)
  const tally = { clear: 0, narrow: 0, undecided: 0, wrongAndClear: [] as number[] }
  for (let k = 0; k < 1000; k++) {
    const known = drawn(random.split(k))
    const found = asked(known)
    if (E.isLeft(found)) tally.undecided++
    else {
      const { dimension, decision } = found.right
      tally[decision.certainty]++
      if (decision.certainty === 'clear' && dimension !== exact(known)) tally.wrongAndClear.push(k)
    }
  }
  return tally
}

it.each([
  ['affine maps', () => wrongAndClear(structuredAffineMaps, exactAffineDimension, affineCommutant)],
  ['Gaussian kernels', () => wrongAndClear(structuredKernels, exactGaussianDimension, linearGaussianFields)]
] as const)(
  'of 1000 structured %s none that is marked clear is wrong',
  { timeout: 60_000 },
  (name, tallied) => {
    const tally = tallied()
    console.log(name, JSON.stringify(tally))
    expect(tally.wrongAndClear).toEqual([])
    // Of affine maps, some contract by 10⁻⁶⁰: to a point, up to rounding.
    expect(tally.clear).toBeGreaterThan(600)
  }
)

describe.each([
  ['direct', 1e-12],
  // Invariant subspaces are good to 1e-10, in oblique coordinates less.
  ['clusters', 1e-8]
] as const)('%s: of 2500 structured cases', (method, allowed) => {
  it('none that is marked clear is wrong, and few are not clear', { timeout: 60_000 }, () => {
    const tally = tallyOf(method)
    console.log(method, JSON.stringify(tally))
    expect(tally.wrongAndClear).toEqual([])
    // About one case in six is made nearly degenerate.
    expect(tally.clear).toBeGreaterThan(0.8 * CASES)
    expect(tally.undecided).toBeLessThan(0.01 * CASES)
  })

  it('what is found commutes, in exact arithmetic', { timeout: 60_000 }, () => {
    for (const { maps } of cases.slice(0, 800)) {
      const found = commutant(maps, { method })
      if (E.isLeft(found) || found.right.decision.certainty === 'narrow') continue
      expect(residualOf(found.right, maps)).toBeLessThan(allowed)
    }
  })
})

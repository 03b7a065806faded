import { mechanism } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { expect, it } from 'vitest'
import { cancellation } from '../src/fields/cancellation.js'
import { prepare } from '../src/fields/equivariances.js'
import { gramCancellation } from '../src/fields/gram-cancellation.js'
import { atImages, carried } from '../src/fields/transition.js'
import { transitionSystem } from '../src/fields/transition-system.js'
import { equivarianceFields, polynomials } from '../src/index.js'
import { cholesky, solveTransposed, solveUpper } from '../src/linalg/cholesky.js'
import { combine, type Dense, frobenius, multiply, transposed } from '../src/linalg/dense.js'
import { stacked } from '../src/linalg/null-space.js'
import { assembledPanels, innerProducts, plainPanels, product, STEPS } from '../src/linalg/panel-products.js'
import { assembledRowPairs, plainRowPairs } from '../src/linalg/row-pairs.js'
import { symmetricEigenvalues } from '../src/linalg/symmetric-eigenvalues.js'

const random = generator(7)
const normal = (rows: number, columns: number): Dense => {
  const data = new Float64Array(rows * columns)
  random.fillNormal(data)
  return { data, shape: [rows, columns] }
}
const distance = (a: Dense, b: Dense): number => frobenius(combine(1, a, -1, b))

it('WebAssembly and JavaScript give the same numbers', () => {
  const size = 5 * 4 * STEPS + 6 * 16
  const [quick, plain] = [assembledPanels(size), plainPanels(size)]
  if (quick === undefined) throw new Error('no WebAssembly here')
  random.fillNormal(plain.numbers)
  quick.numbers.set(plain.numbers)
  for (const { products } of [quick, plain]) {
    products(0, 2, 8 * STEPS, 3, 20 * STEPS, STEPS, false)
    products(0, 2, 8 * STEPS, 3, 20 * STEPS, 100, true)
  }
  expect(Array.from(quick.numbers.subarray(0, size))).toEqual(Array.from(plain.numbers))
})

it('passes over row pairs give the same numbers in both', () => {
  const [quick, plain] = [assembledRowPairs(9), plainRowPairs(9)]
  if (quick === undefined) throw new Error('no WebAssembly here')
  for (const part of ['a', 'v', 'p'] as const) {
    random.fillNormal(plain[part])
    quick[part].set(plain[part])
  }
  for (const pairs of [plain, quick]) {
    pairs.times(4)
    pairs.update(4)
  }
  for (const part of ['a', 'v', 'p'] as const)
    expect(Array.from(quick[part])).toEqual(Array.from(plain[part]))
})

it.each([
  [1, 1, 1],
  [7, 300, 5],
  [50, 513, 9]
])('products of %i × %i × %i are those of the plain loops', (rows, inner, columns) => {
  const [a, b] = [normal(rows, inner), normal(inner, columns)]
  expect(distance(product(a, b), multiply(a, b))).toBeLessThan(1e-10)
  expect(distance(innerProducts(transposed(a), b), multiply(a, b))).toBeLessThan(1e-10)
})

it.each([3, 48, 131])('factors and solves with %i columns', (n) => {
  const tall = normal(3 * n, n)
  const gram = innerProducts(tall, tall)
  const factor = cholesky(gram)
  if (factor === undefined) throw new Error('not positive definite')
  expect(distance(multiply(transposed(factor.r), factor.r), gram)).toBeLessThan(1e-9 * n)
  const b = normal(n, 5)
  expect(distance(multiply(transposed(factor.r), solveTransposed(factor.r, b)), b)).toBeLessThan(1e-10 * n)
  expect(distance(multiply(factor.r, solveUpper(factor.r, b)), b)).toBeLessThan(1e-10 * n)
  const values = symmetricEigenvalues(gram)
  const trace = values.reduce((sum, x) => sum + x, 0)
  expect(trace / gram.data.reduce((sum, x, e) => sum + (e % (n + 1) === 0 ? x : 0), 0)).toBeCloseTo(1, 12)
  const squares = values.reduce((sum, x) => sum + x * x, 0)
  expect(Math.sqrt(squares) / frobenius(gram)).toBeCloseTo(1, 12)
})

it('a matrix that is not positive definite has no factor', () => {
  expect(cholesky({ data: Float64Array.of(1, 2, 2, 1), shape: [2, 2] })).toBeUndefined()
})

/** Two turns at different rates, and a third latent that is pulled along; a shear makes all of it nonlinear. */
const sheared = orThrow(
  mechanism({
    latents: 3,
    step: (F, [x, y, w]) => {
      const [c, s] = [F.lit(Math.cos(0.6)), F.lit(Math.sin(0.6))]
      const z = F.sub(w, F.mul(F.lit(0.3), F.mul(x, x)))
      const turned = F.sub(F.mul(c, x), F.mul(s, y))
      const other = F.add(F.mul(s, x), F.mul(c, y))
      return [turned, other, F.add(F.mul(F.lit(0.7), z), F.mul(F.lit(0.3), F.mul(turned, turned)))]
    }
  })
)

it('inner products lead to the decision that the stack itself leads to', () => {
  const options = { dictionary: orThrow(polynomials(4)) }
  const { space, solve, values } = orThrow(prepare('test', [sheared], options, 0))
  expect(space.size).toBe(105)
  const terms = [
    stacked(solve.map((t) => atImages(space, t))),
    stacked(solve.map((t) => carried(space, t, values)))
  ]
  const slow = orThrow(cancellation('test', terms, 0))
  const attempt = gramCancellation('test', transitionSystem(space, solve, values), 0)
  if (attempt === undefined) throw new Error('inner products were given up')
  const quick = orThrow(attempt)
  expect(quick.decision.nullity).toBe(slow.decision.nullity)
  expect(quick.decision.nullity).toBeGreaterThan(3)
  slow.decision.ladder.forEach((sigma, k) => {
    expect(Math.abs(sigma - quick.decision.ladder[k])).toBeLessThan(sigma > 1e-3 ? 1e-9 : 1e-12)
  })
})

it('a small singular value is found as exactly as by the stack', () => {
  // Next to a resonance: 2² and 4 + 1e-7 differ by 1e-7, which inner products alone would round away.
  const nearly = orThrow(
    mechanism({
      latents: 3,
      step: (F, [x, y, z]) => [F.mul(F.lit(2), x), F.mul(F.lit(4 + 4e-7), y), F.mul(F.lit(3), z)]
    })
  )
  const options = { dictionary: orThrow(polynomials(4)), tolerance: 1e-12 }
  const { space, solve, values } = orThrow(prepare('test', [nearly], options, 0))
  const terms = [
    stacked(solve.map((t) => atImages(space, t))),
    stacked(solve.map((t) => carried(space, t, values)))
  ]
  const slow = cancellation('test', terms, 0)
  const quick = gramCancellation('test', transitionSystem(space, solve, values), 0)
  const ladder = (found: typeof slow | undefined): number[] =>
    found === undefined
      ? []
      : found._tag === 'Right'
        ? Array.from(found.right.decision.ladder)
        : found.left._tag === 'Undecided'
          ? [...found.left.ladder]
          : []
  const small = (values: number[]): number[] => values.filter((x) => x > 1e-9 && x < 1e-5)
  expect(small(ladder(slow)).length).toBeGreaterThan(0)
  small(ladder(slow)).forEach((sigma, k) => {
    expect(small(ladder(quick))[k] / sigma).toBeCloseTo(1, 4)
  })
})

it('large dictionaries give what smaller ones do, and more', () => {
  expect(equivarianceFields([sheared], { dictionary: orThrow(polynomials(4)) })).toMatchObject({
    right: { columns: 105 }
  })
})

/** Numbers computed once with scikit-learn 1.2.1 and scipy 1.10 by the papers' formulas, kept in `data`. */

import { readFileSync } from 'node:fs'
import { orThrow, takeRows } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { fitSoftmax, softmaxAccuracy } from '../src/fixed-factor/internal/softmax-regression.js'
import {
  importanceScores,
  irs,
  kernelR,
  lassoRegressor,
  linearR,
  mutualInformation,
  udr
} from '../src/index.js'
import { correlationsOf, jointMoments } from '../src/internal/covariance.js'
import { standardize } from '../src/internal/standardization.js'
import { kernelRidgeAt, predictKernelRidge } from '../src/regression/internal/kernel-ridge.js'
import { lassoOnCorrelations } from '../src/regressors/lasso.js'
import { fromRows } from './inputs.js'

const golden = JSON.parse(readFileSync(new URL('./data/scikit-learn-cases.json', import.meta.url), 'utf8'))
const z = fromRows(golden.z)
const zHat = fromRows(golden.zHat)
const heldOut = {
  fit: Array.from({ length: golden.fitRows }, (_, i) => i),
  score: Array.from({ length: golden.z.length - golden.fitRows }, (_, i) => golden.fitRows + i)
}

const expectClose = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void => {
  expect(actual.length).toBe(expected.length)
  for (let i = 0; i < actual.length; i++)
    expect(Math.abs(actual[i] - expected[i]), `entry ${i}`).toBeLessThan(tolerance)
}

const squares = (perLatent: ReadonlyArray<number>): number[] => perLatent.map((r) => r * r)

describe('scikit-learn gives the same', () => {
  it.each(['heldOut', 'inSample'] as const)('R² of exact kernel ridge regression, %s', (which) => {
    const { regularization, bandwidth, [which]: expected } = golden.kernel
    const evaluation = which === 'heldOut' ? heldOut : ('in-sample' as const)
    const score = orThrow(kernelR(z, zHat, { evaluation, regularization, bandwidth: 1 }))
    expectClose(squares(score.perLatent), expected, 1e-8)
    if (which === 'heldOut') expectClose(score.bandwidths, [bandwidth, bandwidth, bandwidth], 1e-12)
  })

  it('predictions from fewer landmarks than rows', () => {
    const { landmarks, bandwidth, predicted } = golden.nystrom
    const [x, y] = [takeRows(zHat, heldOut.fit), takeRows(z, heldOut.fit)]
    const { regularization } = golden.kernel
    const choices = { regularization: [regularization], bandwidth: [1], seed: 0 }
    const model = kernelRidgeAt(x, y, landmarks, choices)
    expect(model.landmarks.data).toEqual(takeRows(standardize(x, model.standardization), landmarks).data)
    expect(model.targets[0].bandwidth).toBeCloseTo(bandwidth, 12)
    expectClose(predictKernelRidge(model, takeRows(zHat, heldOut.score)).data, predicted.flat(), 1e-8)
  })

  it('R² of held-out linear regression', () => {
    expectClose(squares(orThrow(linearR(z, zHat, heldOut)).perLatent), golden.linearHeldOut, 1e-10)
  })

  it('coefficients of the lasso', () => {
    const { cross, learned } = correlationsOf(jointMoments(z, zHat))
    golden.lasso.coefficients.forEach((expected: number[], i: number) => {
      const target = cross.subarray(4 * i, 4 * i + 4)
      const fitted = orThrow(lassoOnCorrelations('here', learned, 4, target, golden.lasso.penalty))
      expectClose(fitted, expected, 1e-8)
      const column = fromRows(golden.z.map((row: number[]) => [row[i]]))
      const { importances } = orThrow(lassoRegressor({ penalty: golden.lasso.penalty })(zHat, column))
      expectClose(importances, expected.map(Math.abs), 1e-8)
    })
  })

  it('mutual information and entropies', () => {
    const { table, entropies } = orThrow(mutualInformation(z, zHat, { bins: 5 }))
    expectClose(table.flat(), golden.mutualInformation.flat(), 1e-12)
    expectClose(entropies, golden.entropies, 1e-12)
  })

  it.each(['spearman', 'lasso'] as const)('UDR, %s', (kind) => {
    const { scores } = orThrow(udr(golden.udr.models.map(fromRows), { kind }))
    expectClose(scores, golden.udr[kind], 1e-8)
  })

  it('weights and accuracy of softmax regression', () => {
    const { features, labels, penalty, coefficients, intercepts, accuracy } = golden.softmax
    const data = {
      features: Float64Array.from(features.flat()),
      columns: 4,
      labels: Int32Array.from(labels),
      classes: 3
    }
    const weights = fitSoftmax(data, penalty, 2000)
    const expected = coefficients.flatMap((row: number[], c: number) => [...row, intercepts[c]])
    expectClose(weights, expected, 1e-4)
    expect(softmaxAccuracy(weights, data)).toBeCloseTo(accuracy, 12)
  })

  it('IRS', () => {
    const { value, table } = orThrow(irs(fromRows(golden.irs.factors), fromRows(golden.irs.codes)))
    expect(value).toBeCloseTo(golden.irs.value, 10)
    expectClose(table.flat(), golden.irs.table.flat(), 1e-10)
  })

  it('disentanglement and completeness of a table of importances', () => {
    const { disentanglement, completeness } = orThrow(importanceScores(golden.dci.importances))
    expect(disentanglement).toBeCloseTo(golden.dci.disentanglement, 12)
    expect(completeness).toBeCloseTo(golden.dci.completeness, 12)
  })
})

export type { Comparison } from './comparison.js'
export { type EdgeCount, edgeCount } from './edges.js'
export type { EntanglementViolation } from './entanglement.js'
export type { EvaluationError } from './errors.js'
export { type Evaluation, evaluate } from './evaluate.js'
export { type Forecast, forecast, hiddenActions } from './forecast.js'
export type { ComparableInput, EvaluationInput } from './input.js'
export type { KernelRCon } from './kernel-score.js'
export {
  type Cause,
  type KernelEffect,
  type KernelTest,
  type KernelTestInput,
  kernelTest
} from './kernel-test.js'
export { type KernelAnswer, type KernelVerdict, verdictByKernel } from './kernel-verdict.js'
export type { LatentEvaluation, LatentPromise } from './latents.js'
export type { EvaluationOptions, Thresholds } from './options.js'
export { type PointScores, pointScores } from './point-scores.js'
export type { OwnBlock, PairEffect, PromiseTest } from './promise-test.js'
export type { Score } from './score.js'
export { type ScoreRow, scoreRows } from './score-rows.js'
export {
  type AgreementOptions,
  type LearnedModel,
  type SeedAnswer,
  type SeedVerdict,
  verdictBetween
} from './seed-verdict.js'
export { type Promised, type Theory, type TheoryOptions, theory } from './theory.js'
export type { Doubt, Verdict } from './verdict.js'

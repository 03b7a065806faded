export type { ModelSelectionError } from './errors.js'
export { type EdgeShares, type GraphStability, graphStability, type ModelGraph } from './graph-stability.js'
export type { Behind } from './held-out-comparison.js'
export {
  chooseLatents,
  type LatentNumber,
  type LatentNumberOptions,
  type LatentNumberProgress,
  type TriedNumber
} from './latent-number.js'
export { type Candidate, type ModelRanking, type RankedCandidate, rankModels } from './model-ranking.js'

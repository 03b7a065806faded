import { type ModelRanking, rankModels } from '@mechid/model-selection'
import { orThrow } from '@mechid/values'

const rows = 50
const latents = {
  data: Float64Array.from({ length: rows }, (_, i) => Math.sin(i * i)),
  shape: [rows, 1] as const
}
const ranking: ModelRanking = orThrow(
  rankModels([
    { heldOut: [2, 2.1, 2.05], latents },
    { heldOut: [1, 1.1, 1.05], latents }
  ])
)
console.log(ranking.best, ranking.candidates[0].behind.nats > 0.9)

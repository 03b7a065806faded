import { type Prediction, predict } from '@mechid/causal-graph'
import { type CausalGraph, orThrow } from '@mechid/values'

const graph: CausalGraph = { actions: [[1], [1]] }
const prediction: Prediction = orThrow(predict(graph))
console.log(prediction.kind, JSON.stringify(prediction.blocks))

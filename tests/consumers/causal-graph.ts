import { graphFromRows, type Prediction, predict } from '@mechid/causal-graph'
import { orThrow } from '@mechid/values'

const prediction: Prediction = predict(orThrow(graphFromRows({ actions: [[1], [1]] })))
console.log(prediction.kind, JSON.stringify(prediction.blocks))

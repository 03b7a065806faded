import { type Evaluation, evaluate } from '@mechid/evaluation'
import { orThrow } from '@mechid/values'

const rows = 200
const data = Float64Array.from({ length: 2 * rows }, (_, i) => Math.sin(i * i))
const z = { data, shape: [rows, 2] as const }
const zHat = {
  data: data.map((_, i) => (i % 2 === 0 ? 3 * data[i + 1] : -data[i - 1])),
  shape: [rows, 2] as const
}
const identity = {
  actions: [
    [1, 0],
    [0, 1]
  ]
}
const swapped = {
  actions: [
    [0, 1],
    [1, 0]
  ]
}
const { verdict, comparison }: Evaluation = orThrow(evaluate({ z, zHat, graph: identity, learned: swapped }))
console.log(verdict._tag, comparison?.mcc.value.toFixed(3))

import { type Ambiguity, ambiguityOf } from '@mechid/algebra'
import { orThrow } from '@mechid/values'

const matrix = [
  [1, 0],
  [0, 2]
]
const answer: Ambiguity = orThrow(ambiguityOf([{ matrix }], { among: 'linear' }))
console.log(answer.dimension, answer.statuses.map(({ kind }) => kind).join())

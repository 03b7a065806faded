import { type Ambiguity, ambiguityOf, orThrow } from '@mechid/algebra'

const matrix = [
  [1, 0],
  [0, 2]
]
const answer: Ambiguity = orThrow(ambiguityOf([{ matrix }], { among: 'linear' }))
console.log(answer.dimension, answer.statuses.map(({ kind }) => kind).join())

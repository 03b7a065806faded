import { type Codes, decideEdges, unmix } from '@mechid/unmixing'

const { edges, clear } = decideEdges([
  [1, 0.001],
  [0.9, 1.1]
])
console.log(JSON.stringify(edges), clear)

const codes: Codes = { codes: { data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] } }
unmix(codes)().then((answer) => {
  if (answer._tag === 'Left') console.log(answer.left._tag, answer.left.message.length > 0)
})

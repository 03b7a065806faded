import { type Dense, ofRows, rightSvd } from '@mechid/numerics'

const wide: Dense = ofRows([
  [3, 0, 0],
  [0, 4, 0]
])
console.log([...rightSvd(wide).values].map((value) => value.toFixed(3)).join(' '))

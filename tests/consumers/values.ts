import { invalidOption, orThrow, type Samples, takeRows } from '@mechid/values'
import { left } from 'fp-ts/lib/Either.js'

const samples: Samples = { data: Float64Array.from([1, 2, 3, 4, 5, 6]), shape: [3, 2] }
let thrown = ''
try {
  orThrow(left(invalidOption('main', 'rows', 0, '1 or more')))
} catch (error) {
  thrown = (error as Error).message
}
console.log(`${takeRows(samples, [2, 0]).data.join(' ')} ${thrown}`)

import { mcc } from '@mechid/metrics'
import type { Samples } from '@mechid/values'

const z: Samples = { data: Float64Array.of(0, 0, 1, 2, 2, 1, 3, 5), shape: [4, 2] }
const zHat: Samples = { data: Float64Array.of(0, 0, 2, -1, 1, -2, 5, -3), shape: [4, 2] }
const score = mcc(z, zHat)
if (score._tag === 'Right') console.log(score.right.value.toFixed(6), JSON.stringify(score.right.assignment))

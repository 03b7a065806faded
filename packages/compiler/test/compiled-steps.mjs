/**
 * Prints the parameters after 20 compiled steps of a small training, of the built packages, as JSON: old-processors.test.ts
 * runs it on emulated processors.
 */
import { compile } from '@mechid/compiler'
import { initialCarry, initialParameters, preset, trainingStep } from '@mechid/estimator'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'

const STEPS = 20

const shape = { latents: 3, features: 6, actions: 3, temporal: false }
// Soft gates: a binary one that falls the other way would make one rounding a difference.
const configuration = {
  ...orThrow(preset('published', shape, 6)),
  batch: 16,
  encoder: { width: 8, depth: 1 },
  decoder: { width: 8, depth: 1 },
  transition: { width: 8, depth: 1 }
}
const step = trainingStep(shape, configuration)
const carry = initialCarry(initialParameters(shape, configuration, generator(1)), configuration)
const random = generator(2)
const normal = (...size) => {
  const data = new Float32Array(size.reduce((product, n) => product * n, 1))
  random.fillNormal(data)
  return { data, shape: size }
}
const scalar = (value) => ({ data: Float32Array.of(value), shape: [] })
const feeds = {
  x: normal(16, 6),
  a: normal(16, 3),
  posteriorNoise: normal(16, 3),
  gateNoise: normal(3, 3),
  flips: { data: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), shape: [3, 3] },
  gateEntropy: scalar(0.3),
  learningRate: scalar(1e-3),
  bound: scalar(6),
  penalty: scalar(0)
}
const session = await orThrow(compile(step, { carry, feeds }, { provider: 'cpu', threads: 1 }))
for (let i = 0; i < STEPS; i++) orThrow(await session.run(feeds))
const after = await session.carry()
session.dispose()
const parameters = Object.entries(after).filter(([name]) => name.startsWith('parameter/'))
console.log(JSON.stringify(Object.fromEntries(parameters.map(([name, { data }]) => [name, [...data]]))))

import { findEngine, initialCarry, initialParameters, preset, trainingStep } from '@mechid/estimator'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { expect, it } from 'vitest'
import { compile } from '../src/index.js'
import { provider } from './agreement.js'

const STEPS = 10
/** Binary gates and Muon amplify rounding, and GPUs round functions such as exp more. */
const TOLERANCE = provider === 'cpu' ? 1e-3 : 5e-3

it.each([false, true])(
  'gives the numbers of the eager engine, temporal %s',
  async (temporal) => {
    const shape = { latents: 3, features: 6, actions: 3, temporal }
    const eager = await orThrow(findEngine('wasm'))
    const configuration = { ...orThrow(preset('gated', shape, 6)), batch: 64 }
    const carry = initialCarry(initialParameters(shape, configuration, generator(1)), configuration)
    const random = generator(2)
    const normal = (...size: number[]) => {
      const data = new Float32Array(size.reduce((product, n) => product * n, 1))
      random.fillNormal(data)
      return { data, shape: size }
    }
    const scalar = (value: number) => ({ data: Float32Array.of(value), shape: [] })
    const inputs = temporal ? 6 : 3
    const rows = temporal ? 128 : 64
    const feeds = {
      x: normal(rows, 6),
      a: normal(64, 3),
      posteriorNoise: normal(rows, 3),
      gateNoise: normal(3, inputs),
      flips: {
        data: Float32Array.from({ length: 3 * inputs }, (_, i) => +(i % inputs === 0)),
        shape: [3, inputs]
      },
      gateEntropy: scalar(0.3),
      learningRate: scalar(1e-3),
      bound: scalar(6),
      penalty: scalar(0)
    }
    const step = trainingStep(shape, configuration)
    const compiled = await orThrow(compile(step, { carry, feeds }, { provider, threads: 1 }))
    const session = await orThrow(eager.open(step, carry, feeds))
    for (let i = 0; i < STEPS; i++) {
      orThrow(await compiled.run(feeds))
      await session.run(feeds)
    }
    const [ours, theirs] = [await compiled.carry(), await session.carry()]
    for (const name of Object.keys(theirs).filter((key) => key.startsWith('parameter/'))) {
      let [largest, error] = [0, 0]
      theirs[name].data.forEach((value, k) => {
        largest = Math.max(largest, Math.abs(value))
        error = Math.max(error, Math.abs(value - ours[name].data[k]))
      })
      expect(error / (largest + 1e-6), name).toBeLessThan(TOLERANCE)
    }
    compiled.dispose()
    session.dispose()
  },
  // A software adapter takes long to compile some hundred shaders.
  provider === 'cpu' ? 60_000 : 300_000
)

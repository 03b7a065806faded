import type { StepFunction } from '@mechid/engine'
import { orThrow } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { compile } from '../src/index.js'
import { provider, uniformArray } from './agreement.js'

/** `scripts/memory.mjs` runs 100,000 steps and prints what they take. */
const STEPS = 20_000
const LARGEST_GROWTH = 12 * 2 ** 20

it('takes no more memory with every step', async () => {
  const step: StepFunction = ({ w }, { x }) => {
    const { value, grads } = tf.valueAndGrads((v: tf.Tensor) => tf.mean(tf.square(tf.matMul(x, v))))([w])
    return { carry: { w: tf.sub(w, tf.mul(grads[0], 1e-3)) }, outputs: { loss: value } }
  }
  const [carry, feeds] = [{ w: uniformArray(1, [32, 8]) }, { x: uniformArray(2, [16, 32]) }]
  const tensors = tf.memory().numTensors
  const session = await orThrow(compile(step, { carry, feeds }, { provider, threads: 1 }))
  const steps = async (count: number): Promise<number> => {
    for (let i = 0; i < count; i++) orThrow(await session.run(feeds))
    return process.memoryUsage().rss
  }
  const before = await steps(STEPS / 4)
  // A kilobyte lost a step would be twenty megabytes.
  expect((await steps(STEPS)) - before).toBeLessThan(LARGEST_GROWTH)
  expect(tf.memory().numTensors).toBe(tensors)
  session.dispose()
}, 60_000)

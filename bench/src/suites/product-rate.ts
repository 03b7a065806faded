/** How fast ONNX Runtime multiplies here: one of the rates that a step's floor comes from. */
import { compileFunction } from '@mechid/compiler'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import { seconds } from '../clock.js'

const SIZE = 1024
const TRIES = 20

/** Floating-point operations a second of its fastest product of 1,024 × 1,024 matrices, or rejects. */
export const productRate = async (threads: number): Promise<number> => {
  const spec = { shape: [SIZE, SIZE] }
  // A sum of the product's first row, so that nothing large is copied out.
  const product = ({ a, b }: Readonly<Record<string, tf.Tensor>>) => ({
    c: tf.sum(tf.slice(tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D), [0, 0], [1, SIZE]))
  })
  const compiled = await orThrow(compileFunction(product, { a: spec, b: spec }, { provider: 'cpu', threads }))
  const drawn = (seed: number) => {
    const data = new Float32Array(SIZE * SIZE)
    generator(seed).fillNormal(data)
    return { data, shape: [SIZE, SIZE] }
  }
  const feeds = { a: drawn(1), b: drawn(2) }
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < TRIES; i++) {
    const started = seconds()
    orThrow(await compiled.run(feeds))
    best = Math.min(best, seconds() - started)
  }
  compiled.dispose()
  return (2 * SIZE ** 3) / best
}

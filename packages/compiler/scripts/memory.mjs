/** Memory over many steps, and what a call costs beside the step: `node packages/compiler/scripts/memory.mjs [steps]`. */
import { performance } from 'node:perf_hooks'
import { compile } from '@mechid/compiler'
import { orThrow } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'

const STEPS = Number(process.argv[2] ?? 100_000)
const PARTS = 10
const [batch, width] = [16, 32]

/** A two-layer regression with momentum, small enough that the call itself is most of the time. */
const step = ({ w, v, m, n }, { x, y }) => {
  const loss = (a, b) => tf.mean(tf.squaredDifference(tf.matMul(tf.tanh(tf.matMul(x, a)), b), y))
  const { value, grads } = tf.valueAndGrads(loss)([w, v])
  const moved = [tf.add(tf.mul(m, 0.9), grads[0]), tf.add(tf.mul(n, 0.9), grads[1])]
  const next = [tf.sub(w, tf.mul(moved[0], 1e-3)), tf.sub(v, tf.mul(moved[1], 1e-3))]
  return { carry: { w: next[0], v: next[1], m: moved[0], n: moved[1] }, outputs: { loss: value } }
}

const filled = (...shape) => ({
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(7 * i) / 4),
  shape
})
const carry = { w: filled(4, width), v: filled(width, 1), m: filled(4, width), n: filled(width, 1) }
const feeds = { x: filled(batch, 4), y: filled(batch, 1) }

const session = await orThrow(compile(step, { carry, feeds }, { threads: 1 }))
for (let part = 0; part <= PARTS; part++) {
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  const mb = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`
  const done = Math.round((part * STEPS) / PARTS)
  console.log(
    `${String(done).padStart(7)} steps: resident ${mb(rss)}, heap ${mb(heapUsed)}, external ${mb(external)}`
  )
  if (part === PARTS) break
  const start = performance.now()
  for (let i = done; i < Math.round(((part + 1) * STEPS) / PARTS); i++) {
    feeds.x.data[i % feeds.x.data.length] = Math.sin(i)
    orThrow(await session.run(feeds))
  }
  const each = ((performance.now() - start) * 1000) / (STEPS / PARTS)
  console.log(`         ${each.toFixed(1)} µs a step`)
}
session.dispose()

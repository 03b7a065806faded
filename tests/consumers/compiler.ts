import { compile, exportOnnx } from '@mechid/compiler'
import type { StepFunction } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'

/** The carry falls along the gradient of its square. */
const step: StepFunction = ({ w }) => {
  const { value, grads } = tf.valueAndGrads((v: tf.Tensor) => tf.sum(tf.square(v)))([w])
  return { carry: { w: tf.sub(w, tf.mul(grads[0], 0.1)) }, outputs: { loss: value } }
}

/** A model without ONNX Runtime, and the error that asks for it. */
const main = async (): Promise<string> => {
  const model = exportOnnx(({ x }) => ({ y: tf.sin(x) }), { x: { shape: [2] } })
  const bytes = model._tag === 'Right' ? model.right.length > 0 : model.left.message
  const carry = { w: { data: Float32Array.of(1, 2), shape: [2] } }
  const session = await compile(step, { carry, feeds: {} })()
  return `${bytes} ${session._tag === 'Left' ? session.left._tag : 'runs'}`
}

main().then((text) => console.log(text))

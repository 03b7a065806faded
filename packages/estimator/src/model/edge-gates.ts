/** Learned edges: Gumbel-sigmoid gates on the inputs of each latent's transition ([MS] section 5). */
import type { HostTensor, NamedTensors } from '@mechid/engine'
import type { EdgeTable } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import type { GateKind } from '../configuration/configuration.js'
import { withGradient } from '../tensors/with-gradient.js'

/**
 * One sample of every gate: σ((logit + noise) / temperature), with standard logistic noise (C. Maddison,
 * A. Mnih, Y. Teh 2017; E. Jang, S. Gu, B. Poole 2017). `straight-through`: 0 or 1 forward, the soft gradient
 * backward. `local-expectation`: 0 or 1, without a gradient.
 */
export const sampleGates = (
  logits: tf.Tensor,
  logisticNoise: tf.Tensor,
  temperature: number,
  kind: GateKind
): tf.Tensor => {
  const soft = tf.sigmoid(tf.div(tf.add(logits, logisticNoise), temperature))
  if (kind === 'soft') return soft
  const passes = kind === 'straight-through'
  return withGradient([soft], ([gate]) => ({
    value: tf.step(tf.sub(gate, 0.5)),
    gradFunc: (dy) => [passes ? dy : tf.zerosLike(dy)]
  }))
}

/** Logits that neither sigmoid nor sampling moves from 0 or 1. */
export const CERTAIN = 40

/** Logits that hold a table of edges fixed. */
export const certainGates = (edges: EdgeTable): HostTensor => ({
  data: Float32Array.from(edges.flat(), (edge) => (edge === 1 ? CERTAIN : -CERTAIN)),
  shape: [edges.length, edges[0]?.length ?? 0]
})

/** Expected number of edges: Σ σ(logits). */
export const expectedEdges = (logits: tf.Tensor): tf.Scalar => tf.sum(tf.sigmoid(logits)) as tf.Scalar

/** At evaluation an edge is there iff its logit is positive. Row-major 0/1, same shape as `logits`. */
export const edgesOf = (logits: ArrayLike<number>): Uint8Array =>
  Uint8Array.from(logits, (logit) => (logit > 0 ? 1 : 0))

/** All gate logits, [latents, transition inputs]: past latents first, then actions. */
export const gateLogits = (parameters: NamedTensors): tf.Tensor2D => {
  const parts = ['gates/latents', 'gates/actions'].flatMap((name) =>
    name in parameters ? [parameters[name] as tf.Tensor2D] : []
  )
  return parts.length === 1 ? parts[0] : tf.concat(parts, 1)
}

import {
  componentsOf,
  fastIca,
  labelledRows,
  supervised,
  type TrainedBaseline,
  trainBaseline
} from '@mechid/baselines'
import { findEngine } from '@mechid/estimator'

const ROWS = 40
const x = {
  data: Float32Array.from({ length: 2 * ROWS }, (_, i) => Math.sin(i * i)),
  shape: [ROWS, 2] as const
}

/** Components of unit variance, and two steps of an encoder on the engine that comes along. */
const main = async (): Promise<string> => {
  const ica = fastIca(x)
  if (ica._tag === 'Left') return ica.left.message
  const components = componentsOf(ica.right, x)
  const rows = labelledRows(x, x)
  const engine = await findEngine('wasm')()
  if (components._tag === 'Left' || rows._tag === 'Left' || engine._tag === 'Left') return 'refused'
  const configuration = { steps: 2, batch: 8, encoder: { width: 4, depth: 1 } }
  const options = { method: supervised(), latents: 2, engine: engine.right, configuration }
  const trained = await trainBaseline(rows.right, options)()
  if (trained._tag === 'Left') return trained.left.message
  const { history }: TrainedBaseline = trained.right
  const variance = components.right.data.reduce((sum, value) => sum + (value * value) / (2 * ROWS), 0)
  return `${components.right.shape[1]} ${Math.abs(variance - 1) < 1e-9} ${history.steps} ${Number.isFinite(history.terms.loss[1])}`
}

main().then((text) => console.log(text))

/** Scores of learned latents, against NumPy, SciPy and scikit-learn on the same numbers. */
import { linearR, mcc } from '@mechid/metrics'
import { generator } from '@mechid/random'
import { orThrow, type Samples } from '@mechid/values'
import type { Difference } from '../errors.js'
import { arraysFor } from '../exchange.js'
import type { PythonModule } from '../python.js'
import { type BenchCase, type Suite, timed } from '../suite.js'

const ROWS = 100_000
const LATENTS = 10
const SEED = 1
const TOLERANCE = 1e-6

/** A score, and the numbers that it is made of. */
interface Scored {
  readonly value: number
  readonly parts: readonly number[]
}

/** Learned latents as a training leaves them: bent, somewhat mixed true ones, with noise. */
const latents = (): { readonly z: Samples; readonly zHat: Samples } => {
  const random = generator(SEED)
  const [z, zHat] = [new Float64Array(ROWS * LATENTS), new Float64Array(ROWS * LATENTS)]
  random.fillNormal(z)
  random.fillNormal(zHat)
  for (let at = 0; at < z.length; at += LATENTS) {
    for (let j = 0; j < LATENTS; j++) {
      const own = z[at + j]
      zHat[at + j] = own + 0.2 * own ** 3 + 0.5 * z[at + ((j + 1) % LATENTS)] + 0.3 * zHat[at + j]
    }
  }
  const shape = [ROWS, LATENTS] as const
  return { z: { data: z, shape }, zHat: { data: zHat, shape } }
}

export const differencesOf = (ours: Scored, peers: Scored): Difference[] => {
  const parts = ours.parts.map((part, i) => Math.abs(part - peers.parts[i]))
  return [
    { what: 'the score', difference: Math.abs(ours.value - peers.value), allowed: TOLERANCE },
    {
      what: 'the numbers that it is made of',
      difference: ours.parts.length === peers.parts.length ? Math.max(...parts) : Number.NaN,
      allowed: TOLERANCE
    }
  ]
}

const score = (
  name: string,
  title: string,
  needs: readonly PythonModule[],
  calls: number,
  compute: (z: Samples, zHat: Samples) => Scored
): BenchCase => ({
  name: `${title}, ${ROWS.toLocaleString('en')} × ${LATENTS}`,
  needs,
  pairs: 21,
  prepare: async (peer, folder) => {
    const { z, zHat } = latents()
    await peer.prepare(name, { file: await arraysFor(folder, 'latents', { z, zHat }) })
    let last: Scored | undefined
    return {
      ours: async () => {
        const { result, seconds } = timed(() => compute(z, zHat), calls)
        last = result
        return seconds
      },
      peer: () => peer.run(calls),
      differences: async () => differencesOf(last ?? compute(z, zHat), await peer.inspect<Scored>())
    }
  }
})

const mccScore =
  (kind: 'pearson' | 'spearman') =>
  (z: Samples, zHat: Samples): Scored => {
    const { value, correlations } = orThrow(mcc(z, zHat, kind))
    return { value, parts: correlations.flat() }
  }

export const metrics: Suite = {
  name: 'metrics',
  purpose: 'scores of learned latents',
  script: 'metrics.py',
  cases: [
    score('pearson', 'MCC, Pearson', ['numpy', 'scipy'], 5, mccScore('pearson')),
    score('spearman', 'MCC, Spearman', ['numpy', 'scipy'], 1, mccScore('spearman')),
    score('regression', 'R', ['numpy', 'scipy', 'sklearn'], 5, (z, zHat) => {
      const { value, perLatent } = orThrow(linearR(z, zHat))
      return { value, parts: perLatent }
    })
  ]
}

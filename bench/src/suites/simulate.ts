/** Simulating the published problems with the neural mixing, against NumPy in blocks. */
import type { NumericArray } from '@mechid/files'
import { type ProblemName, problem } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { nnMixing, type Simulation, simulate as simulateRows } from '@mechid/simulators'
import { orThrow } from '@mechid/values'
import type { Difference } from '../errors.js'
import { arraysFor } from '../exchange.js'
import { type BenchCase, type Suite, timed } from '../suite.js'

const LATENTS = 10
const FEATURES = 20
const OBSERVATION_NOISE = 0.01
const SEED = 1

const column = (values: readonly number[]): NumericArray => ({
  data: Float64Array.from(values),
  shape: [values.length]
})

/** What both sides are described by: the arrays, and what was done to the features. */
const arraysOf = ({ data, standardization }: Simulation): Record<string, NumericArray> => ({
  x: data.x,
  ...(data.z === undefined ? {} : { z: data.z }),
  ...(data.a === undefined ? {} : { a: data.a }),
  mean: column(standardization.mean),
  scale: column(standardization.scale)
})

const simulation = (name: ProblemName, rows: number, title: string): BenchCase => ({
  name: title,
  needs: ['numpy'],
  pairs: 9,
  prepare: async (peer, folder) => {
    const kernel = orThrow(problem(name, { latents: LATENTS }))
    const mixing = orThrow(nnMixing({ latents: LATENTS, features: FEATURES, random: generator(SEED) }))
    const weights = mixing.layers.map(({ weights, outputs, inputs }, layer): [string, NumericArray] => [
      `weights${layer}`,
      { data: weights, shape: [outputs, inputs] }
    ])
    await peer.prepare(name, {
      file: await arraysFor(folder, 'weights', Object.fromEntries(weights)),
      rows,
      observationNoise: OBSERVATION_NOISE
    })
    const options = { kernel, mixing, rows, observationNoise: OBSERVATION_NOISE, seed: SEED }
    let last: Simulation | undefined
    return {
      ours: async () => {
        last = undefined
        const { result, seconds } = timed(() => orThrow(simulateRows(options)))
        last = result
        return seconds
      },
      peer: () => peer.run(),
      differences: async () => {
        const file = await arraysFor(folder, 'ours', arraysOf(last ?? orThrow(simulateRows(options))))
        const { differences } = await peer.inspect<{ readonly differences: readonly Difference[] }>({ file })
        return differences
      }
    }
  }
})

export const simulate: Suite = {
  name: 'simulate',
  purpose: `simulating rows of ${LATENTS} latents and ${FEATURES} features`,
  script: 'simulate.py',
  cases: [
    simulation('ActionNonDiag', 1_000_000, 'ActionNonDiag, 1,000,000 rows'),
    simulation('TimeNonDiag', 200_000, 'TimeNonDiag, 200,000 pairs')
  ]
}

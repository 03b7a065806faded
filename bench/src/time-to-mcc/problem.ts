/** The data of a problem: rows that train, and rows held out, for ours in memory and for peers in a file. */

import { type Configuration, initialParameters, type ModelShape } from '@mechid/estimator'
import { edgeCount } from '@mechid/evaluation'
import { experimentData, orFail, problemCalled } from '@mechid/example-terminal'
import type { NumericArray } from '@mechid/files'
import { causalGraph } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { nnMixing, subset } from '@mechid/simulators'
import { type ExampleSource, orThrow, type Samples } from '@mechid/values'
import { arraysFor, parameterEntries } from '../exchange.js'
import type { ProblemName } from './options.js'

const LATENTS = 10
const HELD_OUT = 1 / 12

export interface Problem {
  readonly shape: ModelShape
  /** The true number of edges, which every method is told. */
  readonly edges: number
  readonly source: ExampleSource
  readonly held: { readonly x: Samples; readonly z: Samples }
  /** Rows that train: x [n, features], or pairs [n, 2, features]; actions [n, actions] where there are any. */
  readonly rows: Readonly<Record<string, NumericArray>>
}

/** Simulates it. What is wrong ends the program. */
export const simulated = (name: ProblemName, rows: number, seed: number): Problem => {
  const kernel = problemCalled(name, { latents: LATENTS, edgeProbability: 0.5, seed })
  const features = 2 * LATENTS
  const mixing = orThrow(nnMixing({ latents: LATENTS, features, random: generator(seed).split('mixing') }))
  const { data, train, source, held } = orFail(
    experimentData({ kernel, mixing, rows, testShare: HELD_OUT, seed })
  )
  const { x, a } = subset(data, train)
  return {
    shape: { latents: LATENTS, features, actions: kernel.actions, temporal: kernel.lags > 0 },
    edges: edgeCount(causalGraph(kernel)).edges,
    source,
    held: { x: held.x, z: held.z },
    rows: { x, ...(a === undefined || kernel.actions === 0 ? {} : { a }) }
  }
}

/** Writes rows and held-out rows for a peer as .npz; under a configuration also the parameters that it starts from. */
export const writeRows = (
  folder: string,
  { rows, held, shape }: Problem,
  seed: number,
  configuration?: Configuration
): Promise<string> => {
  const start =
    configuration === undefined
      ? {}
      : initialParameters(shape, configuration, generator(seed).split('initial'))
  return arraysFor(folder, 'rows', {
    ...rows,
    heldX: held.x,
    heldZ: held.z,
    ...parameterEntries(start)
  })
}

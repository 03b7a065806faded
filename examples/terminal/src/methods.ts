/** The methods that tables and sweeps compare: the library's own presets, and baselines. */
import {
  type BaselineMethod,
  betaVae,
  checkMethod,
  iVae,
  pcl,
  randomEncoder,
  slowVae,
  supervised,
  tcVae
} from '@mechid/baselines'
import { presetNames } from '@mechid/estimator'
import type { Kernel } from '@mechid/mechanisms'
import * as E from 'fp-ts/lib/Either.js'

/** A method with what it trains: a preset, an encoder by gradients, or FastICA of the data or of a dense model's codes. */
export type Method =
  | { readonly _tag: 'Preset' }
  | { readonly _tag: 'Trained'; readonly method: BaselineMethod }
  | { readonly _tag: 'FastIca'; readonly of: 'data' | 'codes' }

const baselines: Readonly<Record<string, Method>> = {
  'beta-vae': { _tag: 'Trained', method: betaVae() },
  tcvae: { _tag: 'Trained', method: tcVae() },
  ivae: { _tag: 'Trained', method: iVae() },
  'slow-vae': { _tag: 'Trained', method: slowVae() },
  pcl: { _tag: 'Trained', method: pcl() },
  'fast-ica': { _tag: 'FastIca', of: 'data' },
  'fast-ica-codes': { _tag: 'FastIca', of: 'codes' },
  random: { _tag: 'Trained', method: randomEncoder() },
  supervised: { _tag: 'Trained', method: supervised() }
}

/** All names that `--methods` knows. */
export const methodNames: readonly string[] = [...presetNames, ...Object.keys(baselines)]

/** The method of a known name. Whoever has a bound on edges has a graph: only presets do. */
export const methodCalled = (name: string): Method => baselines[name] ?? { _tag: 'Preset' }

/** The names in a list separated by commas, each once; or the first one that is not known. */
export const methodsIn = (text: string): E.Either<string, readonly string[]> => {
  const names = [...new Set(text.split(',').map((name) => name.trim()))]
  const unknown = names.find((name) => !methodNames.includes(name))
  return unknown === undefined ? E.right(names) : E.left(unknown)
}

/** Why a method cannot be used on a problem; undefined where it can. */
export const whyNot = (name: string, { lags, actions }: Kernel): string | undefined => {
  const method = methodCalled(name)
  // A simulation has the true latents that a supervised encoder is told.
  if (method._tag !== 'Trained' || method.method.needs === 'labels') return undefined
  const checked = checkMethod(method.method, { temporal: lags > 0, actions })
  return E.isLeft(checked) ? checked.left.message : undefined
}

/** What is left out of a comparison: one line for each problem and method that do not suit each other. */
export const leftOut = (
  runs: ReadonlyArray<{
    readonly kernel: Kernel
    readonly settings: { readonly problem: string; readonly method: string }
  }>
): readonly string[] => [
  ...new Set(
    runs.flatMap(({ kernel, settings: { problem, method } }) => {
      const why = whyNot(method, kernel)
      return why === undefined ? [] : [`${problem} is left out of ${method}. ${why}.`]
    })
  )
]

/** Finds a TF.js backend by name. */
import type { Engine, EngineError, EngineOffer } from '@mechid/engine'
import { unknownName } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { EstimatorError } from '../errors.js'
import { eagerEngine } from './eager-engine.js'
import type { EngineName, EngineOptions } from './engine-options.js'
import { autoEngine, engineNamed, engineNames } from './internal/engines-here.js'
import { isRegistered, openBackend, unavailable } from './internal/open-backend.js'

export { engineNames }

const known: ReadonlySet<string> = new Set<Exclude<EngineName, 'auto'>>([
  'tensorflow',
  'webgpu',
  'wasm',
  'cpu'
])

const isKnown = (name: string): name is Exclude<EngineName, 'auto'> => known.has(name)

/**
 * The engine called `name`: one of {@link engineNames}, or of `offers`, engines that other packages bring. `auto` takes the
 * fastest that is installed and starts; its description says which one and why.
 *
 * In Node, `auto` tries a native GPU, what other packages offer, native TF.js on the processor, WebAssembly. In a page it
 * tries what other packages offer, WebGPU where the page has imported `@tensorflow/tfjs-backend-webgpu` and the browser has an
 * adapter, WebAssembly, and plain JavaScript where the page has imported `@tensorflow/tfjs-backend-cpu`.
 *
 * When to use it: `auto` for trainings; a name where results have to be reproduced, as engines round differently.
 *
 * Errors: `EngineUnavailable`, `UnknownName`.
 *
 * @example
 * const engine = await findEngine('auto', [compiled()])() // compiled of @mechid/compiler
 * const inPage = await findEngine('auto', [], { wasmPaths: '/assets/' })()
 */
export const findEngine = (
  name: string,
  offers: readonly EngineOffer[] = [],
  options: EngineOptions = {}
): TE.TaskEither<EstimatorError, Engine> => {
  if (name === 'auto') return autoEngine(offers, options)
  const offered = offers.find((offer) => offer.name === name)?.find
  // An offer may have the name of an engine that there is elsewhere, not of one that there is here.
  const ours = isKnown(name) && (offered === undefined || engineNames.includes(name))
  if (ours) return engineNamed(name, options)
  return (
    offered ??
    TE.left(unknownName('findEngine', name, [...engineNames, ...offers.map((offer) => offer.name)]))
  )
}

/**
 * The engine over a TF.js backend that you have registered, such as `webgl` after
 * `import '@tensorflow/tfjs-backend-webgl'`.
 *
 * Error: `EngineUnavailable`.
 */
export const engineOver = (backend: string): TE.TaskEither<EngineError, Engine> =>
  TE.tryCatch(
    async () => {
      if (!isRegistered(backend)) throw new Error('no such backend is registered')
      await openBackend(backend)
      return eagerEngine(backend, `TF.js backend ${backend}`)
    },
    unavailable(
      backend,
      `import the package that registers it first; registered: ${Object.keys(tf.engine().registryFactory).join(', ') || 'none'}`
    )
  )

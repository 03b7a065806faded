/** Opens a TF.js backend that is registered, and says why one is not available. */
import { type Engine, type EngineError, engineUnavailable } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'

/** Makes the backend TF.js's present one. Throws if it does not start. */
export const openBackend = async (backend: string): Promise<void> => {
  if (!(await tf.setBackend(backend))) throw new Error(`TF.js could not start its backend ${backend}`)
  await tf.ready()
}

/** Whether a package has registered the backend. */
export const isRegistered = (backend: string): boolean => tf.engine().registryFactory[backend] !== undefined

export const unavailable =
  (engine: string, remedy: string) =>
  (error: unknown): EngineError =>
    engineUnavailable(engine, error, remedy)

/** Why an engine was not taken, in a few words. */
export const reasonFor = (error: EngineError): string =>
  error._tag === 'EngineUnavailable' ? error.reason : error.message

/** The engine that was chosen, which says why. */
export const chosen = (engine: Engine, why: string): E.Either<EngineError, Engine> =>
  E.right({ ...engine, description: `${engine.description} (chosen: ${why})` })

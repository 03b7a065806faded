/**
 * The native engine, where there is one: `@tensorflow/tfjs-node` as it is installed, or the package whose folder
 * `MECHID_TENSORFLOW_NODE` names (vitest.config.ts puts it in the place of the installed one).
 */
import type { Engine } from '@mechid/engine'
import * as E from 'fp-ts/lib/Either.js'
import { type EstimatorError, findEngine } from '../src/index.js'

/** The engine, or why there is none. */
export const nativeEngine: E.Either<EstimatorError, Engine> = await findEngine('tensorflow')()

/** Names of the engines that eager tests run on. */
export const eagerEngines: readonly string[] = [
  'wasm',
  'cpu',
  ...(E.isRight(nativeEngine) ? ['tensorflow'] : [])
]

/** An engine that runs every step twice, eagerly and compiled, and compares what they carry in the end. */
import type { Engine, EngineSession } from '@mechid/engine'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { compile } from '../src/index.js'
import { provider, relativeError } from './agreement.js'

export interface Comparison {
  /** Entries of the carry that were compared. */
  readonly compared: string[]
  /** Those that differ by more than the tolerance, relative to their largest entry, in words. */
  readonly differing: string[]
}

/** The eager engine, with a compiled shadow that is fed the same; whoever trains sees the eager numbers. */
export const pairedEngine = (
  eager: Engine,
  tolerance: number
): { readonly engine: Engine; readonly comparison: Comparison } => {
  const comparison: Comparison = { compared: [], differing: [] }
  const open: Engine['open'] = (step, carry, feeds) => async () => {
    const opened = await eager.open(step, carry, feeds)()
    if (opened._tag === 'Left') return opened
    const theirs = opened.right
    const ours = await orThrow(compile(step, { carry, feeds }, { provider, threads: 1 }))
    const session: EngineSession = {
      ...theirs,
      run: async (fed) => {
        orThrow(await ours.run(fed))
        await theirs.run(fed)
      },
      carry: async () => {
        const [mine, expected] = [await ours.carry(), await theirs.carry()]
        for (const name of Object.keys(expected)) {
          comparison.compared.push(name)
          const error = relativeError(mine[name], expected[name])
          if (!(error <= tolerance)) comparison.differing.push(`${name}: ${error.toExponential(1)}`)
        }
        return expected
      },
      dispose: () => {
        ours.dispose()
        theirs.dispose()
      }
    }
    return E.right(session)
  }
  return { engine: { ...eager, open }, comparison }
}

/** Runs a case: warm-up, check that both sides compute the same, then pairs of runs in turns. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { BenchError, Difference } from './errors.js'
import { type About, startPeer } from './peer.js'
import { findPython } from './python.js'
import { type Pair, type Summary, summarize } from './statistics.js'
import type { BenchCase, Suite, Trial } from './suite.js'

export interface Measured {
  readonly suite: string
  readonly case: BenchCase
  readonly about: About
  readonly summary: Summary
}

/** Both sides have compiled their code and touched their memory by then. */
const WARM_UPS = 3
const PAIRS = 11

/** The difference that exceeds what is allowed by the greatest factor, if one does; NaN always does. */
export const worstOf = (differences: readonly Difference[]): Difference | undefined =>
  differences
    .filter(({ difference, allowed }) => !(difference <= allowed))
    .sort((a, b) => b.difference / b.allowed - a.difference / a.allowed)[0]

/** Runs of ours and of the peer in turns, so that whatever else the machine does meets both alike. */
export const pairsOf = async ({ ours, peer }: Trial, count: number): Promise<Pair[]> => {
  const pairs: Pair[] = []
  for (let i = 0; i < count; i++) pairs.push({ ours: await ours(), peer: await peer() })
  return pairs
}

const measure = async (trial: Trial, pairs: number): Promise<E.Either<BenchError, Summary>> => {
  await pairsOf(trial, WARM_UPS)
  const differences = await trial.differences()
  const worst = worstOf(differences)
  if (worst !== undefined) return E.left({ _tag: 'Disagreement', worst })
  return E.right(summarize(await pairsOf(trial, pairs)))
}

/** Runs one case of a suite with a peer of its own. */
export const runCase = async (suite: Suite, each: BenchCase): Promise<E.Either<BenchError, Measured>> => {
  const python = findPython(each.needs)
  if (E.isLeft(python)) return python
  const peer = startPeer(python.right, suite.script)
  const folder = await mkdtemp(join(tmpdir(), 'mechid-bench-'))
  try {
    const trial = await each.prepare(peer, folder)
    const about = await peer.about()
    const summary = await measure(trial, each.pairs ?? PAIRS)
    return E.map((found: Summary): Measured => ({ suite: suite.name, case: each, about, summary: found }))(
      summary
    )
  } catch (error) {
    return E.left({ _tag: 'CaseFailed', detail: error instanceof Error ? error.message : String(error) })
  } finally {
    peer.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

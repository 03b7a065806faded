/** Runs a case: warm-up, a check that both sides compute the same, then runs in pairs, ours and the peer's in turns. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reasonOf } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type BenchError, caseFailed, type Difference, disagreement } from './errors.js'
import { type About, noPeer, startPeer } from './peer.js'
import { findPython } from './python.js'
import { type Pair, type Summary, summarize } from './statistics.js'
import type { BenchCase, Suite, Trial } from './suite.js'

export interface Measured {
  readonly suite: string
  readonly case: BenchCase
  readonly about: About
  readonly summary: Summary
  /** A remark beside the figures, or ''. */
  readonly remark: string
}

/** Enough for both sides to compile their code and to touch their memory. */
const WARM_UPS = 3
const PAIRS = 11

/** The difference that exceeds its limit by the greatest factor, if one does. NaN always does. */
export const worstOf = (differences: readonly Difference[]): Difference | undefined =>
  differences
    .filter(({ difference, allowed }) => !(difference <= allowed))
    .sort((a, b) => b.difference / b.allowed - a.difference / a.allowed)[0]

/** Runs both sides in turns, so that other work on the machine slows both alike. */
export const pairsOf = async ({ ours, peer }: Trial, count: number): Promise<Pair[]> => {
  const pairs: Pair[] = []
  for (let i = 0; i < count; i++) pairs.push({ ours: await ours(), peer: await peer() })
  return pairs
}

const checked = async (trial: Trial): Promise<E.Either<BenchError, void>> => {
  const worst = worstOf(await trial.differences())
  return worst === undefined ? E.right(undefined) : E.left(disagreement(worst))
}

/** Checks after the warm-up; without a warm-up, after the pairs. */
const measure = async (
  trial: Trial,
  { pairs = PAIRS, warmUps = WARM_UPS }: BenchCase
): Promise<E.Either<BenchError, Summary>> => {
  await pairsOf(trial, warmUps)
  const before = warmUps > 0 ? await checked(trial) : E.right(undefined)
  if (E.isLeft(before)) return before
  const summary = summarize(await pairsOf(trial, pairs))
  const after = warmUps > 0 ? before : await checked(trial)
  return E.map(() => summary)(after)
}

/** Runs one case of a suite with a peer of its own. */
export const runCase = async (suite: Suite, each: BenchCase): Promise<E.Either<BenchError, Measured>> => {
  const python = each.needs.length === 0 ? E.right(undefined) : findPython(each.needs)
  if (E.isLeft(python)) return python
  const missing = await each.missing?.()
  if (missing !== undefined) return E.left(missing)
  const peer =
    python.right === undefined
      ? noPeer
      : startPeer(python.right, each.script ?? suite.script, each.peerThreads)
  const folder = await mkdtemp(join(tmpdir(), 'mechid-bench-'))
  try {
    const trial = await each.prepare(peer, folder)
    const about = await peer.about()
    const summary = await measure(trial, each)
    const remark = (await trial.remark?.()) ?? ''
    return E.map(
      (found: Summary): Measured => ({
        suite: suite.name,
        case: each,
        about,
        summary: found,
        remark
      })
    )(summary)
  } catch (error) {
    return E.left(caseFailed(reasonOf(error)))
  } finally {
    peer.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

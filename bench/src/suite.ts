/** The parts of a suite. A new suite is a file in `suites/`, one in `peers/`, and a line in `suites/index.ts`. */
import { seconds } from './clock.js'
import type { Difference, NoPeer } from './errors.js'
import type { Peer } from './peer.js'
import type { PythonModule } from './python.js'

/** A prepared case: its inputs exist on both sides. */
export interface Trial {
  /** One measurement of our side: seconds a call. */
  readonly ours: () => Promise<number>
  /** One of the peer's. */
  readonly peer: () => Promise<number>
  /** How far the last results are apart: what is timed must be the same computation. */
  readonly differences: () => Promise<readonly Difference[]>
  /** A remark beside the ratio, after the pairs have run. */
  readonly remark?: () => Promise<string>
}

export interface BenchCase {
  readonly name: string
  /** The modules of the peer; without a Python that has them, the case is skipped. */
  readonly needs: readonly PythonModule[]
  /** Why the case cannot run here, if it cannot; then it is skipped. */
  readonly missing?: () => Promise<NoPeer | undefined>
  /** The file in `peers/` that holds the peer's side. Default: the suite's. */
  readonly script?: string
  /** Threads that the peer may use. Default: 1. */
  readonly peerThreads?: number
  /** The name of the peer. Default: the modules that it needs. */
  readonly peerName?: string
  /** How many pairs are measured. Default: the runner's. */
  readonly pairs?: number
  /** Pairs that run before and do not count; 0 where a peer needs minutes. */
  readonly warmUps?: number
  /** How long a case of minutes takes; it runs only if its suite is named. */
  readonly long?: string
  /** Prepares the case in a folder of its own, or rejects. */
  readonly prepare: (peer: Peer, folder: string) => Promise<Trial>
}

export interface Suite {
  readonly name: string
  readonly purpose: string
  /** The file in `peers/` that holds the peer's side of every case that names no other. */
  readonly script: string
  readonly cases: readonly BenchCase[]
}

export interface Timed<A> {
  readonly result: A
  /** Of one call. */
  readonly seconds: number
}

/** Times `calls` calls: several where one is too short to time. */
export const timed = <A>(work: () => A, calls = 1): Timed<A> => {
  const started = seconds()
  let result = work()
  for (let call = 1; call < calls; call++) result = work()
  return { result, seconds: (seconds() - started) / calls }
}

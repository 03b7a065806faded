/** What a suite is made of. A new one is a file in `suites/`, its peer's side in `peers/`, a line in `suites/index.ts`. */
import type { Difference } from './errors.js'
import type { Peer } from './peer.js'
import type { PythonModule } from './python.js'

/** A case made ready: its inputs exist on both sides. */
export interface Trial {
  /** One measurement of ours: seconds a call. */
  readonly ours: () => Promise<number>
  /** The same of the peer. */
  readonly peer: () => Promise<number>
  /** How far the last results are apart: what is timed must be the same computation. */
  readonly differences: () => Promise<readonly Difference[]>
  /** What is to be said of the case beside the ratio, once the pairs have run. */
  readonly remark?: () => Promise<string>
}

export interface BenchCase {
  readonly name: string
  /** What the peer computes with; the case is left out where no Python has it. */
  readonly needs: readonly PythonModule[]
  /** Threads that the peer may use; 1 unless it says otherwise. */
  readonly peerThreads?: number
  /** What the peer is called where it is not made of the modules that it needs. */
  readonly peerName?: string
  /** How many pairs are measured; the runner has a number of its own. */
  readonly pairs?: number
  /** How many pairs run before without counting; 0 where a peer needs minutes. */
  readonly warmUps?: number
  /** How long it takes where that is minutes: such a case runs only when its suite is named. */
  readonly long?: string
  /** Makes the case ready in a folder of its own; rejects where it cannot. */
  readonly prepare: (peer: Peer, folder: string) => Promise<Trial>
}

export interface Suite {
  readonly name: string
  readonly purpose: string
  /** The file in `peers/` that holds the peer's side of every case. */
  readonly script: string
  readonly cases: readonly BenchCase[]
}

export interface Timed<A> {
  readonly result: A
  /** Of one call. */
  readonly seconds: number
}

/** Times `calls` calls: more than one where a single call is short, as people also make many of them. */
export const timed = <A>(work: () => A, calls = 1): Timed<A> => {
  const started = performance.now()
  let result = work()
  for (let call = 1; call < calls; call++) result = work()
  return { result, seconds: (performance.now() - started) / 1000 / calls }
}

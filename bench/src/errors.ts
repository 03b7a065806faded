/** Why a case has no figures. */
import { type Tagged, tagged } from '@mechid/values'

/** How far two results of the same computation are apart, and how far apart they may be. */
export interface Difference {
  readonly what: string
  readonly difference: number
  readonly allowed: number
}

/** No failure: the case is skipped. */
export interface NoPeer extends Tagged<'NoPeer'> {
  readonly modules: readonly string[]
  readonly packages: readonly string[]
}

/** One side could not compute the case; the message is its own. */
export type CaseFailed = Tagged<'CaseFailed'>

/** Both sides compute different things, so their times must not be compared. */
export interface Disagreement extends Tagged<'Disagreement'> {
  readonly worst: Difference
}

export type BenchError = NoPeer | CaseFailed | Disagreement

/** How missing modules are installed. */
export interface Installation {
  /** `pip install` is meant for a virtual environment, where `apt-get` is Debian's. */
  readonly command: 'apt-get install' | 'pip install'
  readonly packages: readonly string[]
}

const WHERE: Readonly<Record<Installation['command'], string>> = {
  'apt-get install': 'name one in MECHID_BENCH_PYTHON, or on Debian',
  'pip install': 'in a virtual environment, whose Python MECHID_BENCH_PYTHON then names'
}

/** `named`: the Python that the user chose, if any. */
export const peerMissing = (
  modules: readonly string[],
  { command, packages }: Installation,
  named?: string
): NoPeer => {
  const words =
    named === undefined
      ? `no Python with ${modules.join(', ')} was found; ${WHERE[command]}: ${command} ${packages.join(' ')}`
      : `${named}, which MECHID_BENCH_PYTHON names, does not import ${modules.join(', ')}`
  return tagged('NoPeer', { modules, packages }, words)
}

/** The peer is an engine that does not start here; the message is its own. */
export const engineMissing = (modules: readonly string[], complaint: string): NoPeer =>
  tagged('NoPeer', { modules, packages: modules }, complaint)

export const caseFailed = (complaint: string): CaseFailed => tagged('CaseFailed', {}, complaint)

export const disagreement = (worst: Difference): Disagreement => {
  const [found, allowed] = [worst.difference, worst.allowed].map((x) => x.toExponential(2))
  const words = `the two sides compute different things: ${worst.what} differs by ${found}; at most ${allowed} is allowed`
  return tagged('Disagreement', { worst }, words)
}

/** A measured case as JSON and as a line of a table. */
import { moduleName } from './python.js'
import type { Measured } from './runner.js'

/** A row of the JSON file. */
export interface Row {
  readonly suite: string
  readonly case: string
  /** Median times, in `unit`. */
  readonly ours: number
  readonly peer: number
  readonly peerName: string
  readonly unit: 'ms'
  /** Median of peer / ours over the pairs: above 1 we are faster. */
  readonly ratio: number
}

const DIGITS = 4
const rounded = (value: number): number => Number(value.toPrecision(DIGITS))

/** Such as `NumPy 1.24.2, SciPy 1.10.1`. */
export const peerNameOf = ({ case: { needs, peerName }, about }: Measured): string =>
  peerName ?? needs.map((module) => `${moduleName(module)} ${about.versions[module]}`).join(', ')

export const rowOf = (measured: Measured): Row => ({
  suite: measured.suite,
  case: measured.case.name,
  ours: rounded(1000 * measured.summary.ours),
  peer: rounded(1000 * measured.summary.peer),
  peerName: peerNameOf(measured),
  unit: 'ms',
  ratio: rounded(measured.summary.ratio)
})

const time = (seconds: number): string => `${rounded(1000 * seconds)} ms`
const factor = (ratio: number): string => ratio.toFixed(2)

/** The cells of a table with a header, one line a case. */
export const tableRows = (all: readonly Measured[]): string[][] => [
  ['suite', 'case', 'ours', 'peer', 'ratio', 'half of the pairs', 'peer is'],
  ...all.map((measured) => {
    const { ours, peer, ratio, quartiles } = measured.summary
    return [
      measured.suite,
      measured.case.name,
      time(ours),
      time(peer),
      factor(ratio),
      quartiles.map(factor).join(' to '),
      peerNameOf(measured)
    ]
  })
]

/** What a sweep says of its jobs. */
import { duration } from '@mechid/example-terminal'
import { scoreOf } from './axes.js'
import type { Job } from './grid.js'
import type { Result } from './messages.js'
import { TRIES } from './tries.js'

export const doneLine = ({ name }: Job, result: Result): string => {
  const score = scoreOf(result)
  const named = result.prediction === 'partial' ? 'R_con' : 'MCC'
  return `${name}: ${named} ${score?.toFixed(4) ?? '–'}, ${duration(result.seconds)}`
}

export const failedLine = ({ name }: Job, message: string, tries: number, final: boolean): string =>
  `${name}: failed (${tries} of ${TRIES} tries${final ? '; given up' : ''}): ${message}`

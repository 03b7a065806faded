/** What `npm run table` can be told. */
import { commonOptions, problemOptions } from '@mechid/example-terminal'

const count = (fallback: number, least: number, placeholder: string, description: string) =>
  ({ kind: 'number', integer: true, least, placeholder, fallback, description }) as const

export const specs = {
  only: {
    kind: 'text',
    placeholder: 'A,B',
    description: 'problems, separated by commas; the eight published ones unless given'
  },
  seeds: count(1, 1, 'N', 'seeds of each problem'),
  ...problemOptions,
  ...commonOptions,
  seed: count(101, 0, 'FIRST', 'the first seed'),
  out: { kind: 'text', placeholder: 'DIR', fallback: 'out/table', description: 'where the results go' }
} as const

/** What `npm run table` can be told. */
import { commonOptions } from '@mechid/example-terminal'

const count = (fallback: number, least: number, placeholder: string, description: string) =>
  ({ kind: 'number', integer: true, least, placeholder, fallback, description }) as const

export const specs = {
  only: {
    kind: 'text',
    placeholder: 'A,B',
    description: 'problems, separated by commas; the eight published ones unless given'
  },
  seeds: count(1, 1, 'N', 'seeds of each problem'),
  latents: count(10, 2, 'N', 'latents; twice as many features'),
  rows: count(300_000, 1000, 'N', 'rows, or pairs of frames'),
  steps: {
    kind: 'number',
    integer: true,
    least: 2,
    placeholder: 'N',
    description: 'training steps, in place of the recipe’s'
  },
  ...commonOptions,
  seed: count(101, 0, 'FIRST', 'the first seed'),
  out: { kind: 'text', placeholder: 'DIR', fallback: 'out/table', description: 'where the results go' }
} as const

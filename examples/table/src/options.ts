/** What `npm run table` can be told. */
import { commonOptions, problemOptions } from '@mechid/example-terminal'

const count = (fallback: number, least: number, placeholder: string, description: string) =>
  ({ kind: 'number', integer: true, least, placeholder, fallback, description }) as const

/** Probabilities of edges; undefined where the text is no list of numbers from 0 to 1. */
export const probabilitiesIn = (text: string): number[] | undefined => {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  return numbers.every((p) => p >= 0 && p <= 1) ? numbers : undefined
}

export const specs = {
  only: {
    kind: 'text',
    placeholder: 'A,B',
    description: 'problems, separated by commas; the eight published ones unless given'
  },
  seeds: count(1, 1, 'N', 'seeds of each problem'),
  ...problemOptions,
  'edge-probability': {
    kind: 'text',
    placeholder: 'P,Q',
    fallback: '0.5',
    description:
      'of each edge, where the problem draws its graph; several, separated by commas, give several rows'
  },
  ...commonOptions,
  seed: count(101, 0, 'FIRST', 'the first seed'),
  out: { kind: 'text', placeholder: 'DIR', fallback: 'out/table', description: 'where the results go' }
} as const

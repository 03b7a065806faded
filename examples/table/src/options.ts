/** The options of `npm run table`. */
import { methodNames, problemOptions, resultOptions, trainingOptions } from '@mechid/example-terminal'

const count = (fallback: number, least: number, placeholder: string, description: string) =>
  ({ kind: 'number', integer: true, least, placeholder, fallback, description }) as const

/** The probabilities in a list separated by commas; undefined where the text is no such list. */
export const probabilitiesIn = (text: string): number[] | undefined => {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  return numbers.every((p) => p >= 0 && p <= 1) ? numbers : undefined
}

export const specs = {
  only: {
    kind: 'text',
    placeholder: 'A,B',
    description: 'problems, separated by commas (default: the eight with published figures)'
  },
  methods: {
    kind: 'text',
    placeholder: 'A,B',
    description: `methods, separated by commas: ${methodNames.join(', ')} (default: that of --preset)`
  },
  seeds: count(1, 1, 'N', 'number of seeds for each problem'),
  ...problemOptions,
  latents: {
    kind: 'text',
    placeholder: 'N',
    fallback: '10',
    description:
      'number of latents; there are twice as many features. auto: 10, and presets are not told; see --choose-latents'
  },
  'choose-latents': {
    kind: 'text',
    placeholder: 'RANGE',
    description:
      'presets learn as many latents as held-out rows speak for, out of a range such as 8..12, or auto: 1 to the number of features, 20 at most'
  },
  edges: {
    kind: 'text',
    placeholder: 'N,M',
    fallback: 'true',
    description:
      'most edges that a preset may learn: true, the number of the problem, as published; auto, where the data decide; or a number; several, separated by commas, give several rows'
  },
  'edge-probability': {
    kind: 'text',
    placeholder: 'P,Q',
    fallback: '0.5',
    description:
      'probability of each edge, for problems with a random graph; several, separated by commas, give several rows'
  },
  ...trainingOptions,
  seed: count(101, 0, 'FIRST', 'the first seed'),
  ...resultOptions('out/table')
} as const

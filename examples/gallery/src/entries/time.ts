/** Temporal graphs: chains, stars, trees, rings, several lags. */
import { type GraphName, namedGraph, randomGraph } from '@mechid/causal-graph'
import { gaussian, kernel, laplace } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { type EdgeTable, orThrow } from '@mechid/values'
import { type Entry, ofGraph, ofKernel } from '../entry.js'
import { waveKernel } from '../kernels.js'

const waves = (title: string, name: GraphName, size: number, story: string): Entry =>
  ofKernel(title, waveKernel(orThrow(namedGraph(name, size))), story)

const tableOf = (
  rows: number,
  columns: number,
  edge: (effect: number, cause: number) => boolean
): EdgeTable =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (__, j) => (edge(i, j) ? 1 : 0)))

const shaped = (
  title: string,
  size: number,
  edge: (effect: number, cause: number) => boolean,
  story: string
): Entry => ofKernel(title, waveKernel({ latents: tableOf(size, size, edge) }), story)

const parent = (i: number): number => Math.floor((i - 1) / 2)

const chainEntries: ReadonlyArray<Entry> = [
  waves(
    'Directed chain',
    'TimeDirectedChain',
    6,
    'Each latent influences itself and the next. Complete at every length.'
  ),
  waves(
    'Bidirectional chain, two latents',
    'TimeBidirectionalChain',
    2,
    'Both influence both: one block. The noises are equal Gaussians, so they can be rotated.'
  ),
  waves(
    'Bidirectional chain, three latents',
    'TimeBidirectionalChain',
    3,
    'The ends fail the criterion: all that bears on an end also bears on the middle. But not the other way round, so no other model exists.'
  ),
  waves(
    'Bidirectional chain, six latents',
    'TimeBidirectionalChain',
    6,
    'At every length, the two ends fail the criterion and nothing else does.'
  )
]

const ringEntries: ReadonlyArray<Entry> = [
  waves('Directed ring, two latents', 'TimeDirectedRing', 2, 'Both influence both: one block.'),
  waves(
    'Directed ring, three latents',
    'TimeDirectedRing',
    3,
    'Directed rings of three or more latents are complete.'
  ),
  waves(
    'Directed ring, six latents',
    'TimeDirectedRing',
    6,
    'All latents are alike, and yet all are told apart.'
  ),
  waves(
    'Bidirectional ring, three latents',
    'TimeBidirectionalRing',
    3,
    'With three latents, every latent influences every latent: one block.'
  ),
  waves(
    'Bidirectional ring, four latents',
    'TimeBidirectionalRing',
    4,
    'Bidirectional rings of four or more latents are complete.'
  )
]

const branchedEntries: ReadonlyArray<Entry> = [
  shaped(
    'Star, outward',
    6,
    (i, j) => i === j || j === 0,
    'A hub influences five leaves; all influence themselves.'
  ),
  shaped(
    'Star, inward',
    6,
    (i, j) => i === j || i === 0,
    'Five leaves influence a hub; all influence themselves.'
  ),
  shaped(
    'Star without self-loops',
    5,
    (i, j) => (j === 0 && i > 0) || (i === 0 && j === 0),
    'Only the hub influences itself. Nothing tells one leaf from another.'
  ),
  shaped(
    'Binary tree',
    7,
    (i, j) => i === j || (i > 0 && j === parent(i)),
    'Each latent influences itself and two others.'
  ),
  shaped(
    'Binary tree without self-loops',
    7,
    (i, j) => i > 0 && j === parent(i),
    'Two leaves of one parent have the same cause and no effects, so they stay mixed.'
  ),
  shaped(
    'Two cliques and a bridge',
    6,
    (i, j) => Math.floor(i / 3) === Math.floor(j / 3) || (i === 3 && j === 2),
    'Two groups of three, in which all influence all, and one edge from one group to the other.'
  )
]

const lagged = tableOf(3, 6, (i, j) => j === i || (j >= 3 && j - 3 === (i + 2) % 3))

const otherEntries = (seed: number): Entry[] => [
  waves('All ones', 'TimeAllOnes', 4, 'Every latent influences every latent: no two are told apart.'),
  ofKernel(
    'Two lags',
    waveKernel({ latents: lagged }),
    'At lag 1 each latent influences itself; at lag 2 the latents form a ring. Each lag is evidence of its own.'
  ),
  ofKernel(
    'Gaussian random walk',
    orThrow(kernel({ latents: 3, lags: 1, scale: 0.5, noise: gaussian, location: (_, past) => past })),
    'Gz = I, so the graph promises every latent. But the slopes of its means are constant, and the walk looks the same in every direction.'
  ),
  ofKernel(
    'Laplace random walk',
    orThrow(kernel({ latents: 3, lags: 1, scale: 0.5, noise: laplace, location: (_, past) => past })),
    'The same walk with another noise. Here the noise rules out rotations, which mechanism sparsity does not consider.'
  ),
  ofGraph(
    'Forty latents, random',
    orThrow(
      randomGraph(generator(seed).split('forty'), { size: 40, edgeProbability: 0.04, maximumCauses: 4 })
    ),
    'A graph alone: sparse, with at most four causes a latent, itself among them.'
  )
]

export const timeEntries = (seed: number): Entry[] => [
  ...chainEntries,
  ...ringEntries,
  ...branchedEntries,
  ...otherEntries(seed)
]

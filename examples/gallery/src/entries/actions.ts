/** Static graphs: what actions and interventions alone tell apart. */
import {
  intervene,
  multiNodeInterventions,
  namedGraph,
  randomGraph,
  singleNodeInterventions
} from '@mechid/causal-graph'
import { type Kernel, kernel, laplace, type Noise } from '@mechid/mechanisms'
import { type Generator, generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { type Entry, ofGraph, ofKernel } from '../entry.js'
import { waveKernel } from '../kernels.js'

/** One action that moves two latents in different ways: influence is sufficient, but nothing tells the latents apart. */
const bend = (noise?: Noise): Kernel =>
  orThrow(
    kernel({
      latents: 2,
      actions: 1,
      scale: 0.3,
      ...(noise === undefined ? {} : { noise }),
      location: (F, _past, [a]) => [F.sin(a), F.cos(F.mul(F.lit(2), a))]
    })
  )

/** Independent standard Gaussians, without any action. */
const still = (latents: number): Kernel =>
  orThrow(kernel({ latents, scale: 1, location: (F) => new Array(latents).fill(F.zero) }))

const interventionEntries = (random: Generator): Entry[] => {
  const pairs = [
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 0]
  ]
  return [
    ofKernel(
      'Single-node perfect interventions',
      orThrow(
        intervene(still(4), singleNodeInterventions(4, { kind: 'perfect', random: random.split('single') }))
      ),
      'Independent latents; each intervention sets the distribution of one. The learner need not know which one: it learns that as a column of Ga.'
    ),
    ofKernel(
      'Multi-node interventions, unknown targets',
      orThrow(
        intervene(still(4), multiNodeInterventions(pairs, { kind: 'perfect', random: random.split('multi') }))
      ),
      'Each intervention changes two latents at once, in three ways (a group of regimes). The interventions on one latent are never a subset of those on another, so all latents are told apart.'
    ),
    ofKernel(
      'Imperfect interventions in a chain',
      orThrow(
        intervene(
          waveKernel(orThrow(namedGraph('TimeBidirectionalChain', 3))),
          singleNodeInterventions(3, { kind: 'imperfect', regimes: 2, random: random.split('imperfect') })
        )
      ),
      'A bidirectional chain, which time alone does not resolve. Each intervention shifts and rescales the distribution of one latent and leaves its causes in force.'
    ),
    ofKernel(
      'One intervention on all latents',
      orThrow(
        intervene(
          still(3),
          multiNodeInterventions([[0, 1, 2]], { kind: 'perfect', random: random.split('all') })
        )
      ),
      'One intervention that changes every latent, in four ways. There is enough variation, but the graph tells no two latents apart.'
    )
  ]
}

export const actionEntries = (seed: number): Entry[] => {
  const random = generator(seed).split('actions')
  return [
    ofKernel(
      'One action on two latents',
      bend(),
      'The smallest failure: z0 ~ N(sin a, σ²) and z1 ~ N(cos 2a, σ²). Equal Gaussian noises can be rotated, and no observation shows it.'
    ),
    ofKernel(
      'One action on two latents, Laplace noise',
      bend(laplace),
      'The same graph and means. A rotation is no longer another model, since rotated Laplace noises are not independent. But in a region that no mean reaches, the density only falls off, and there a map of another kind goes unnoticed.'
    ),
    ofKernel(
      'Nested actions, two latents',
      waveKernel({
        actions: [
          [1, 0],
          [1, 1]
        ]
      }),
      'All that acts on z0 also acts on z1, so the pattern lets z0 depend on the learned z1. Still there is no such model: its latents would not be independent given the actions.'
    ),
    ofKernel(
      'Nested actions, five latents',
      waveKernel(orThrow(namedGraph('ActionLowerTriangular', 5))),
      'Action l moves latents l, l + 1, …, so every row of Ga lies within the next. The criterion fails for all latents but the last.'
    ),
    ofKernel(
      'One action on everything',
      waveKernel(orThrow(namedGraph('ActionSingle', 4))),
      'All latents form one block: none is identified by itself.'
    ),
    ofKernel(
      'Six latents by four actions',
      waveKernel({
        actions: [
          [1, 1, 0, 0],
          [1, 0, 1, 0],
          [1, 0, 0, 1],
          [0, 1, 1, 0],
          [0, 1, 0, 1],
          [0, 0, 1, 1]
        ]
      }),
      'The fewest actions for six latents: each latent has its own pair of actions, and no pair lies within another. By Sperner’s theorem three actions are too few.'
    ),
    ofKernel(
      'Cyclic pairs, three latents',
      waveKernel(orThrow(namedGraph('ActionNonDiag', 3))),
      'The smallest graph of its kind: three actions, each on two of three latents.'
    ),
    ofKernel(
      'Cyclic pairs, two latents',
      waveKernel(orThrow(namedGraph('ActionNonDiag', 2))),
      'With two latents both actions move both latents.'
    ),
    ofGraph(
      'Sixty latents, twelve random actions',
      orThrow(
        randomGraph(random.split('sixty'), { size: 60, actions: 12, time: false, edgeProbability: 0.25 })
      ),
      'A graph alone, before anything is known of the mechanism: which latents would stay entangled with which?'
    ),
    ...interventionEntries(random.split('interventions'))
  ]
}

/** Time and actions together: one may tell apart what the other does not. */
import { namedGraph, randomGraph } from '@mechid/causal-graph'
import { kernel } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { type CausalGraph, type EdgeTable, orThrow } from '@mechid/values'
import { type Entry, ofGraph, ofKernel } from '../entry.js'
import { waveKernel } from '../kernels.js'

const withActions = (graph: CausalGraph, actions: EdgeTable): CausalGraph => ({ ...graph, actions })

const pair = withActions(orThrow(namedGraph('TimeBidirectionalChain', 2)), [[1], [0]])
const chain = withActions(orThrow(namedGraph('TimeBidirectionalChain', 3)), [
  [1, 0],
  [0, 0],
  [0, 1]
])
const onesWithPairs = withActions(orThrow(namedGraph('TimeAllOnes', 4)), [
  [1, 0],
  [1, 0],
  [0, 1],
  [0, 1]
])

/** A chain in which each latent's own action shifts the influence of the past. */
const steered = orThrow(
  kernel({
    latents: 3,
    actions: 3,
    lags: 1,
    scale: 0.1,
    location: (F, past, a) =>
      past.map((own, i) => {
        const drift = F.mul(F.lit(0.5), F.sin(F.add(own, a[i])))
        return i === 0
          ? F.add(own, drift)
          : F.add(F.add(own, drift), F.cos(F.add(F.mul(F.lit(2), past[i - 1]), a[i])))
      })
  })
)

export const jointEntries = (seed: number): Entry[] => [
  ofKernel(
    'Two latents, one spared by the action',
    waveKernel(pair),
    'In time both influence both; one action moves z0. So z1 may still be mixed with z0, but not the other way round.'
  ),
  ofKernel(
    'Bidirectional chain, ends acted upon',
    waveKernel(chain),
    'With an action on each end of the chain, the criterion holds.'
  ),
  ofKernel(
    'All ones, pairs acted upon',
    waveKernel(onesWithPairs),
    'The actions split one block of four into two blocks of two.'
  ),
  ofKernel(
    'Steered chain',
    steered,
    'A directed chain in which each latent has its own action, which shifts how the past acts on it. Influence suffices at a single point, by the general route of the theory.'
  ),
  ofGraph(
    'A hundred latents, fifty actions',
    orThrow(
      randomGraph(generator(seed).split('hundred'), {
        size: 100,
        actions: 50,
        edgeProbability: 0.03,
        selfLoops: true
      })
    ),
    'A graph alone, of the size of planned experiments.'
  )
]

/** All published synthetic problems. */
import { type ProblemName, problem, problemNames } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import { type Entry, ofKernel } from '../entry.js'

const stories: Readonly<Record<ProblemName, string>> = {
  ActionDiag: 'Each action moves a latent of its own.',
  ActionNonDiag:
    'Action l moves latents l and l + 1, cyclically. No action belongs to one latent alone, and yet all latents are told apart.',
  'ActionNonDiag (k=2)': 'The same graph; the actions also change the variances.',
  'ActionNonDiag (sigmoid)': 'The same graph; means are sums of steep sigmoids.',
  'ActionNonDiag (norm)': 'The same graph; means are distances of the actions from fixed points.',
  'ActionNonDiag (no sufficient variability)':
    'The same graph; means are linear in the actions, so each action moves its two latents in lockstep. The graph promises what such data cannot keep.',
  ActionBlockDiag:
    'Half as many actions as latents, each on a pair of its own. Nothing tells the latents of a pair apart.',
  ActionBlockNonDiag:
    'The same pairs; action 0 also moves the last pair. The first pair may stay mixed with the last, but not the other way round.',
  ActionRandomGraph: 'Each action moves each latent with probability 1/2.',
  TimeDiag: 'Each latent influences only itself.',
  TimeNonDiag: 'Each latent is influenced by itself and by all before it.',
  'TimeNonDiag (k=2)':
    'The same graph; the past also changes the variances. Neither route to sufficient influence of time covers this case.',
  'TimeNonDiag (sigmoid)': 'The same graph; means are sums of steep sigmoids.',
  'TimeNonDiag (norm)': 'The same graph; means are distances of the past from fixed points.',
  'TimeNonDiag (no sufficient variability)':
    'The same graph; means are linear in the past, so all edges vary in lockstep.',
  TimeBlockDiag: 'Pairs of latents; each latent is influenced by itself and the other of its pair.',
  TimeBlockNonDiag: 'The same pairs, with three influences between pairs.',
  TimeRandomGraph: 'Each latent influences itself, and each other one with probability 1/2.'
}

/** Every problem of `@mechid/mechanisms`, with this even number of latents. */
export const publishedEntries = (latents: number, seed: number): Entry[] =>
  problemNames.map((name) => ofKernel(name, orThrow(problem(name, { latents, seed })), stories[name]))

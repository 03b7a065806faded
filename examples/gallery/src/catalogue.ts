/** All entries of the atlas, in chapters. */
import { actionEntries } from './entries/actions.js'
import { jointEntries } from './entries/both.js'
import { publishedEntries } from './entries/published.js'
import { timeEntries } from './entries/time.js'
import type { EntryGroup } from './entry.js'

export interface CatalogueOptions {
  /** Latents of each published problem: an even number, at least 6. */
  readonly latents: number
  readonly seed: number
}

export const catalogue = ({ latents, seed }: CatalogueOptions): EntryGroup[] => [
  {
    id: 'published',
    heading: 'Published problems',
    introduction: `The synthetic problems of Lachapelle et al. (JMLR 2026, arXiv:2401.04890), with ${latents} latents. Actions are uniform on [−2, 2]; the noise is Gaussian.`,
    entries: publishedEntries(latents, seed)
  },
  {
    id: 'actions',
    heading: 'Actions and interventions',
    introduction:
      'Without time, a latent is known only by the actions on it. Disentanglement is complete if no row of Ga lies within another.',
    entries: actionEntries(seed)
  },
  {
    id: 'time',
    heading: 'Time',
    introduction: 'No actions: a latent is known by what influences it and by what it influences.',
    entries: timeEntries(seed)
  },
  {
    id: 'both',
    heading: 'Time and actions',
    introduction: 'A latent is known by its actions, its causes and its effects.',
    entries: jointEntries(seed)
  }
]

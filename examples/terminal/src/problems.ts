/** The published problems and their variants, as a command line names them. */
import { type Kernel, problem, problemNames } from '@mechid/mechanisms'
import { suggestion } from './options.js'
import { failWith, orFail } from './output.js'

/** Whether each edge of the problem's graph is drawn at random, with one probability for all. */
export const hasRandomGraph = (name: string): boolean => name.endsWith('RandomGraph')

/**
 * The problem called `name`. With an unknown name the program ends and lists the known ones. `seed` draws a random graph;
 * a problem with a graph of its own has the same weights and shifts for every seed.
 */
export const problemCalled = (
  name: string,
  { seed, ...options }: { readonly latents: number; readonly edgeProbability: number; readonly seed: number }
): Kernel => {
  if (!problemNames.some((known) => known === name)) {
    const hint = suggestion(name, problemNames)
    return failWith(`there is no problem "${name}"${hint}; the problems are ${problemNames.join(', ')}`, 2)
  }
  return orFail(problem(name, hasRandomGraph(name) ? { ...options, seed } : options))
}

/** Options of the commands that train published problems. */
export const problemOptions = {
  latents: {
    kind: 'number',
    integer: true,
    least: 2,
    placeholder: 'N',
    fallback: 10,
    description: 'number of latents; there are twice as many features'
  },
  'edge-probability': {
    kind: 'number',
    least: 0,
    placeholder: 'P',
    fallback: 0.5,
    description: 'probability of each edge, for problems with a random graph'
  },
  rows: {
    kind: 'number',
    integer: true,
    least: 1000,
    placeholder: 'N',
    fallback: 300_000,
    description: 'rows, or pairs of frames; one twelfth is held out for the scores'
  },
  steps: {
    kind: 'number',
    integer: true,
    least: 2,
    placeholder: 'N',
    description: 'training steps (default: those of the preset)'
  }
} as const

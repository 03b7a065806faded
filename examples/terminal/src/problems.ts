/** The published problems and their variants, as a command line names them. */
import { type Kernel, problem, problemNames } from '@mechid/mechanisms'
import { suggestion } from './options.js'
import { failWith, orFail } from './output.js'

/** Whether the edges of this problem are drawn, each with the same probability. */
export const hasRandomGraph = (name: string): boolean => name.endsWith('RandomGraph')

/**
 * The problem of this name, or the end of the program with the names that there are. `seed` draws the graph, where that is
 * drawn; weights and shifts of other problems are always the same.
 */
export const problemCalled = (
  name: string,
  { seed, ...options }: { readonly latents: number; readonly edgeProbability: number; readonly seed: number }
): Kernel => {
  if (!problemNames.some((known) => known === name)) {
    const hint = suggestion(name, problemNames)
    return failWith(`there is no problem "${name}"${hint}; there are ${problemNames.join(', ')}`, 2)
  }
  return orFail(problem(name, hasRandomGraph(name) ? { ...options, seed } : options))
}

/** Options of the commands that train such problems. */
export const problemOptions = {
  latents: {
    kind: 'number',
    integer: true,
    least: 2,
    placeholder: 'N',
    fallback: 10,
    description: 'latents; twice as many features'
  },
  'edge-probability': {
    kind: 'number',
    least: 0,
    placeholder: 'P',
    fallback: 0.5,
    description: 'of each edge, where the problem draws its graph'
  },
  rows: {
    kind: 'number',
    integer: true,
    least: 1000,
    placeholder: 'N',
    fallback: 300_000,
    description: 'rows, or pairs of frames; a twelfth is held out'
  },
  steps: {
    kind: 'number',
    integer: true,
    least: 2,
    placeholder: 'N',
    description: 'training steps, in place of the recipe’s'
  }
} as const

/** The published problems and their variants, as a command line names them. */
import { type Kernel, problem, problemNames } from '@mechid/mechanisms'
import { type Tagged, tagged } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { suggestion } from './options.js'
import { failWith } from './output.js'

/** Whether each edge of the problem's graph is drawn at random, with one probability for all. */
export const hasRandomGraph = (name: string): boolean => name.endsWith('RandomGraph')

/** What a problem's name leaves open. */
export interface ProblemSettings {
  readonly latents: number
  readonly edgeProbability: number
  readonly seed: number
}

/**
 * The problem called `name`; the error lists the known ones. `seed` draws a random graph; a problem with a graph of its own has
 * the same weights and shifts for every seed.
 */
export const findProblem = (
  name: string,
  { seed, ...settings }: ProblemSettings
): E.Either<Tagged, Kernel> => {
  if (!problemNames.some((known) => known === name)) {
    const hint = suggestion(name, problemNames)
    const message = `there is no problem "${name}"${hint}; the problems are ${problemNames.join(', ')}`
    return E.left(tagged('UnknownProblem', {}, message))
  }
  return problem(name, hasRandomGraph(name) ? { ...settings, seed } : settings)
}

/** The problem called `name`. With an unknown name the program ends and lists the known ones. */
export const problemCalled = (name: string, settings: ProblemSettings): Kernel => {
  const found = findProblem(name, settings)
  return E.isLeft(found)
    ? failWith(found.left.message, found.left._tag === 'UnknownProblem' ? 2 : 1)
    : found.right
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

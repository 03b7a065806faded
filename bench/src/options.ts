/** The command line of the benchmarks. */
import { suites } from './suites/index.js'

export const ALL = 'all'

export const specs = {
  suite: {
    kind: 'choice',
    choices: [ALL, ...suites.map(({ name }) => name)],
    fallback: ALL,
    description: 'which suite to run'
  },
  case: {
    kind: 'text',
    placeholder: 'TEXT',
    description: 'only cases whose name has this in it, such as "default, 1 thread"'
  },
  json: { kind: 'text', placeholder: 'FILE', description: 'write the figures as JSON, too' },
  help: { kind: 'flag', description: 'this text' }
} as const

export const usageLine = 'npm run bench -- [options]'

export const purpose = [
  'Measures our speed against NumPy, SciPy, scikit-learn and PyTorch, in turns, on one thread each where nothing else is said.',
  '',
  'Suites:',
  ...suites.map(({ name, purpose }) => `  ${name.padEnd(10)}${purpose}`)
].join('\n')

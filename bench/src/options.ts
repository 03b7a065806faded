/** The command line of the benchmarks. */
import { suites } from './suites/index.js'

export const ALL = 'all'

export const specs = {
  suite: {
    kind: 'choice',
    choices: [ALL, ...suites.map(({ name }) => name)],
    fallback: ALL,
    description: 'the suite to run'
  },
  case: {
    kind: 'text',
    placeholder: 'TEXT',
    description: 'only cases whose name contains TEXT, such as "default, 1 thread"'
  },
  json: { kind: 'text', placeholder: 'FILE', description: 'also write the figures as JSON to FILE' },
  help: { kind: 'flag', description: 'print this text' }
} as const

export const usageLine = 'npm run bench -- [options]'

export const purpose = [
  'Measures our speed against NumPy, SciPy, scikit-learn, PyTorch and JAX: runs in turns, on one thread each unless a case says\notherwise.',
  '',
  'Suites:',
  ...suites.map(({ name, purpose }) => `  ${name.padEnd(10)}${purpose}`)
].join('\n')

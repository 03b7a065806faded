/** The options of `npm run sweep`, command by command. */
import { availableParallelism, hostname } from 'node:os'
import { resultOptions, trainingOptions } from '@mechid/example-terminal'

const grid = {
  kind: 'text',
  placeholder: 'FILE',
  description:
    'the grid, a JSON file with lists: problems, methods, bounds, latents, rows, steps, edgeProbabilities, seeds ("101..110")'
} as const

const workers = {
  kind: 'number',
  integer: true,
  least: 1,
  placeholder: 'N',
  fallback: availableParallelism(),
  description: 'worker processes, one thread each'
} as const

const { engine } = trainingOptions
const { help } = resultOptions('')

const redis = {
  'redis-url-file': {
    kind: 'text',
    placeholder: 'FILE',
    description:
      'file with the URL of Redis or Valkey (redis:// or, for TLS, rediss://); without it, the variable MECHID_REDIS_URL has the URL'
  }
} as const

export const runOptions = { grid, workers, engine, ...resultOptions('out/sweep') } as const

export const submitOptions = { grid, ...redis, help } as const

export const workerOptions = {
  grid,
  name: {
    kind: 'text',
    placeholder: 'NAME',
    description: 'name of the sweep, where the grid file is not at hand'
  },
  ...redis,
  workers,
  engine,
  label: {
    kind: 'text',
    placeholder: 'TEXT',
    fallback: `${hostname()}-${process.pid}`,
    description: 'what this worker is called in the display'
  },
  checkpoints: {
    kind: 'text',
    placeholder: 'DIR',
    fallback: 'out/sweep-checkpoints',
    description:
      'folder for checkpoints; if machines share it, a job goes on where a lost worker left it, otherwise it starts anew'
  },
  'lost-after': {
    kind: 'number',
    least: 1,
    placeholder: 'SECONDS',
    fallback: 30,
    description: 'a worker that has not been heard of for so long has lost its jobs to others'
  },
  help
} as const

export const collectOptions = {
  grid,
  ...redis,
  now: { kind: 'flag', description: 'write what is finished, and do not wait for the rest' },
  ...resultOptions('out/sweep')
} as const

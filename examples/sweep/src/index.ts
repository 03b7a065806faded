/** Grids of trainings: on this machine, or over several machines by a queue in Redis. */
import { failWith, readOptions } from '@mechid/example-terminal'
import { collectCommand } from './collect-command.js'
import { collectOptions, runOptions, submitOptions, workerOptions } from './options.js'
import { runCommand } from './run-command.js'
import { submitCommand } from './submit-command.js'
import { workerCommand } from './worker-command.js'

const HELP = `Trains a grid of problems, methods, bounds on edges, latents, rows, steps and seeds.

Usage: npm run sweep -- [command] [options]

Commands:
  run      all jobs on this machine, a worker process for each core (the default)
  submit   puts the jobs into a queue in Redis or Valkey
  worker   takes jobs from that queue, on any machine, until all are finished
  collect  shows how far all workers are, and writes the results

Each command has --help. docs/sweeps.md describes the grid file.
`

const [first, ...rest] = process.argv.slice(2)
const named = first !== undefined && !first.startsWith('-')
const [command, args] = named ? [first, rest] : ['run', process.argv.slice(2)]
const usage = (name: string): string => `npm run sweep -- ${name} --grid FILE [options]`

if (!named && (args.includes('--help') || args.includes('-h'))) {
  process.stdout.write(HELP)
  process.exit(0)
}
// Other users of the machine see command lines.
if (args.some((arg) => /^--redis-url(=|$)/.test(arg))) {
  failWith(
    'the URL of Redis holds its password, and others see a command line; put it into the variable MECHID_REDIS_URL, or into a file for --redis-url-file',
    2
  )
}

switch (command) {
  case 'run':
    await runCommand(readOptions(runOptions, usage('run'), 'Runs a sweep on this machine.', args))
    break
  case 'submit':
    await submitCommand(
      readOptions(submitOptions, usage('submit'), 'Puts the jobs of a grid into a queue.', args)
    )
    break
  case 'worker':
    await workerCommand(
      readOptions(workerOptions, usage('worker'), 'Takes jobs from a queue until all are finished.', args)
    )
    break
  case 'collect':
    await collectCommand(
      readOptions(
        collectOptions,
        usage('collect'),
        'Shows the progress of a sweep over machines and writes its results.',
        args
      )
    )
    break
  default:
    failWith(`there is no command "${command}"; there are run, submit, worker and collect; see --help`, 2)
}

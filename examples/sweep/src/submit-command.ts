/** `npm run sweep -- submit`: the jobs of a grid into the queue. */
import { type OptionValues, orFail, required, say } from '@mechid/example-terminal'
import { readSweep } from './grid.js'
import type { submitOptions } from './options.js'
import { asked, connectionErrors, openQueue, reachRedis, submit } from './queue.js'

export const submitCommand = async (options: OptionValues<typeof submitOptions>): Promise<void> => {
  const { grid, jobs, leftOut } = orFail(readSweep(required('grid', options.grid)))
  for (const line of leftOut) say(line)
  const address = orFail(await reachRedis(options['redis-url-file']))
  const { onError } = connectionErrors(address, (line) => process.stderr.write(`${line}\n`))
  const queue = openQueue(grid.name, address, onError)
  const { added, present, retried } = orFail(await asked(address, () => submit(queue, jobs)))
  await queue.close()
  say(
    `Sweep ${grid.name}: ${jobs.length} jobs; ${added} added, ${present} there already, ${retried} that had failed are tried again.`
  )
}

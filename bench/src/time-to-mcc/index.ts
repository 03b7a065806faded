/** How long trainings take to a given MCC: ours, the same recipe in PyTorch, CEBRA, and the authors' code. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { failWith, orFail, readOptions, say, table, writeJson } from '@mechid/example-terminal'
import { checkWritable } from '@mechid/files'
import * as E from 'fp-ts/lib/Either.js'
import { methodsIn, type ProblemName, purpose, specs, usageLine } from './options.js'
import { trainOurs } from './ours.js'
import { trainPeer } from './peers.js'
import { simulated } from './problem.js'
import { type Point, pointLine, type Trace, traceRows } from './trace.js'

const note = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

const main = async (): Promise<void> => {
  const options = readOptions(specs, usageLine, purpose)
  const methods = methodsIn(options.methods, options.code)
  if (E.isLeft(methods)) return failWith(methods.left, 2)
  if (options.json !== undefined) orFail(await checkWritable(dirname(resolve(options.json)))())
  const name = options.problem as ProblemName
  const problem = simulated(name, options.rows, options.seed)
  const folder = await mkdtemp(join(tmpdir(), 'mechid-time-to-mcc-'))
  const traces: Trace[] = []
  const failed: string[] = []
  try {
    for (const method of methods.right) {
      const onPoint = (point: Point): void => note(pointLine(method, point))
      const onRemark = (words: string): void => note(`${method}: ${words}`)
      if (method === 'ours') {
        traces.push(await trainOurs(problem, options.seed, onPoint))
        continue
      }
      const asked = { ...options, problem: name }
      const trained = await trainPeer(method, folder, problem, asked, { onPoint, onRemark })
      if (E.isRight(trained)) traces.push(trained.right)
      else {
        note(`${method}: ${trained.left._tag === 'NoPeer' ? 'skipped; ' : ''}${trained.left.message}`)
        if (trained.left._tag !== 'NoPeer') failed.push(method)
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  if (traces.length > 0) {
    say(`${name}, 10 latents, 20 features; scores on held-out rows; processor time on one thread.`)
    say(table(traceRows(traces, options.goal)))
  }
  if (options.json !== undefined) await writeJson(options.json, { ...options, traces })
  if (failed.length > 0) failWith(`no figures for ${failed.join(', ')}`)
}

await main()

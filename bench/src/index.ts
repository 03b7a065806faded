/** Our speed against the libraries that people use for the same: a table, and a JSON file on request. */
import { dirname, resolve } from 'node:path'
import { failWith, orFail, readOptions, table, writeJson } from '@mechid/example-terminal'
import { checkWritable } from '@mechid/files'
import * as E from 'fp-ts/lib/Either.js'
import { usesProcessorTime } from './clock.js'
import { ALL, purpose, specs, usageLine } from './options.js'
import type { About } from './peer.js'
import { rowOf, tableRows } from './rows.js'
import { type Measured, runCase } from './runner.js'
import { suites } from './suites/index.js'

const note = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

const machine = (about: About): string =>
  `Node ${process.versions.node} against Python ${about.python} with ${about.blas}; one thread each unless a case says otherwise; ${usesProcessorTime() ? 'processor time' : 'wall clock'}.`

const main = async (): Promise<void> => {
  const options = readOptions(specs, usageLine, purpose)
  if (options.json !== undefined) orFail(await checkWritable(dirname(resolve(options.json)))())
  const measured: Measured[] = []
  const failed: string[] = []
  const part = options.case ?? ''
  let found = false
  for (const suite of suites) {
    if (options.suite !== ALL && options.suite !== suite.name) continue
    for (const each of suite.cases) {
      if (!each.name.includes(part)) continue
      found = true
      const name = `${suite.name}: ${each.name}`
      if (each.long !== undefined) {
        note(`${name}: ${options.suite === ALL ? `only with --suite ${suite.name}; ` : ''}takes ${each.long}`)
        if (options.suite === ALL) continue
      }
      const result = await runCase(suite, each)
      if (E.isRight(result)) {
        measured.push(result.right)
        const { summary, remark } = result.right
        note(`${name}: ratio ${summary.ratio.toFixed(2)}${remark === '' ? '' : `; ${remark}`}`)
      } else if (result.left._tag === 'NoPeer') note(`${name}: skipped; ${result.left.message}`)
      else {
        failed.push(name)
        note(`${name}: ${result.left.message}`)
      }
    }
  }
  if (!found) failWith(`no case has "${part}" in its name`)
  if (measured.length > 0) {
    console.log(machine(measured[0].about))
    console.log(table(tableRows(measured)))
    console.log('Medians over pairs of runs in turns. ratio: median of peer / ours; above 1 we are faster.')
  }
  if (options.json !== undefined) await writeJson(options.json, measured.map(rowOf))
  if (failed.length > 0) failWith(`no figures for ${failed.join('; ')}`)
}

await main()

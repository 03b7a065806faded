/** Short trainings before the one that was asked for: their state until they have decided, and what they decided. */
import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { keptJson, say, writeJson } from '@mechid/example-terminal'

/** Steps between two checkpoints. */
export const CHECKPOINT_EVERY = 250

/** What a decision is made for: one that was made for anything else does not count. */
export type Basis = Readonly<Record<string, string | number>>

export interface Pilots {
  /** The folder of the results. */
  readonly out: string
  /** Whether to go on from what an earlier run left there. */
  readonly resume: boolean
  /** The fingerprint of the data, and the seed. */
  readonly basis: Basis
}

/** How to go on after an interruption. */
export const ON_RESUME = '; the same command with --resume goes on from here'

const CHECKPOINT = 'checkpoint.safetensors'

/** Where short trainings keep their state. */
const folderOf = (out: string): string => join(out, 'pilots')

/** How short trainings keep their state, and take it up again. */
export const pilotRun = ({ out, resume }: Pilots) => ({
  checkpoint: { directory: folderOf(out), every: CHECKPOINT_EVERY },
  resume
})

const removeIfEmpty = (folder: string): void => {
  if (readdirSync(folder).length === 0) rmdirSync(folder)
}

/** Removes the state of short trainings, and nothing else. */
const forgetPilots = (out: string): void => {
  const folder = folderOf(out)
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    const one = join(folder, entry.name)
    rmSync(join(one, CHECKPOINT), { force: true })
    removeIfEmpty(one)
  }
  removeIfEmpty(folder)
}

/** What a file holds that an earlier run wrote for the same basis. What cannot be read counts as none: it is decided again. */
const keptIn = (file: string, basis: Basis): object | undefined => {
  const kept = keptJson(file)
  const same = Object.entries(basis).every(([name, value]) => (kept as Basis | undefined)?.[name] === value)
  return same ? kept : undefined
}

/**
 * What `decide` answers, or what an earlier run that is gone on from had decided for the same basis: it is kept in the file
 * `name` of the folder, and the state of the short trainings goes.
 */
export const decidedOnce = async <A extends object>(
  name: string,
  { out, resume, basis }: Pilots,
  isDecision: (kept: object) => kept is A,
  decide: () => Promise<A>
): Promise<A> => {
  const file = join(out, name)
  const kept = resume ? keptIn(file, basis) : undefined
  if (kept !== undefined && isDecision(kept)) {
    say(`What short trainings decided before is in ${file}.`)
    return kept
  }
  const decision = await decide()
  await writeJson(file, { ...basis, ...decision })
  forgetPilots(out)
  return decision
}

/** Why there is no engine, or why it stopped. */
import { reasonOf, type Tagged, tagged } from '@mechid/values'

/** A backend or engine that is not there. */
export interface EngineUnavailable extends Tagged<'EngineUnavailable'> {
  readonly engine: string
  readonly reason: string
  /** What to install, or what to take instead. */
  readonly remedy: string
}

/** `reason`: what was thrown, or words. Loaders add pages to the first line, which says it all. */
export const engineUnavailable = (engine: string, reason: unknown, remedy: string): EngineUnavailable => {
  const [line] = reasonOf(reason).split('\n')
  const words = `engine ${engine}: it is not available (${line}); ${remedy}`
  return tagged('EngineUnavailable', { engine, reason: line, remedy }, words)
}

/** The engine failed while it opened a step or ran it. */
export interface EngineFailed extends Tagged<'EngineFailed'> {
  readonly engine: string
  readonly reason: string
}

/** `reason`: what was thrown, or words. */
export const engineFailed = (engine: string, reason: unknown): EngineFailed => {
  const why = reasonOf(reason)
  return tagged('EngineFailed', { engine, reason: why }, `engine ${engine}: it failed (${why})`)
}

export type EngineError = EngineUnavailable | EngineFailed

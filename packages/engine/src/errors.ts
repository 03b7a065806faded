/** Errors of engines. */
import { reasonOf, type Tagged, tagged } from '@mechid/values'

/** A backend or engine that is not available. */
export interface EngineUnavailable extends Tagged<'EngineUnavailable'> {
  readonly engine: string
  readonly reason: string
  /** What to install, or what to use instead. */
  readonly remedy: string
}

/** `reason`: what was thrown, or words. Its first line is kept: loaders add pages to it. */
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

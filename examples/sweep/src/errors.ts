/** What can go wrong with a sweep. */
import { type Tagged, tagged } from '@mechid/values'

/** A grid that cannot be run; the message names the file, the field, and what would be right. */
export type GridError = Tagged<'GridError'>

export const gridError = (file: string, words: string): GridError =>
  tagged('GridError', {}, `${file}: ${words}`)

/** A queue that cannot be reached or used. No message holds a password. */
export type QueueError = Tagged<'QueueError'>

export const queueError = (words: string): QueueError => tagged('QueueError', {}, words)

/** A job that did not come to a result. */
export interface JobFailure extends Tagged<'JobFailure'> {
  /** The job was stopped and can go on; it has not failed. */
  readonly stopped: boolean
}

export const jobFailed = (message: string): JobFailure => tagged('JobFailure', { stopped: false }, message)

export const jobStopped: JobFailure = tagged('JobFailure', { stopped: true }, 'stopped')

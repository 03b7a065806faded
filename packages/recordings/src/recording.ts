/** What was recorded: features, perhaps actions and true latents, and how lines follow each other. */
import type { Channels } from './channels.js'

export interface Recording {
  /** For people: the file, or the files. */
  readonly name: string
  readonly x: Channels
  readonly a?: Channels
  /** True latents, where someone knows them. */
  readonly z?: Channels
  /**
   * Frames of each sequence, the lines of `x` one sequence after the other; absent where lines are rows that do not
   * follow each other. `a` has a line for each frame, or one less a sequence: its line τ acts from frame τ to τ + 1.
   */
  readonly lengths?: readonly number[]
  /** What a reader should be told of how the files were read. */
  readonly notes: readonly string[]
}

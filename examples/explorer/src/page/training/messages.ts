/** What page and training worker tell each other: plain data. */
import type { CausalGraph, EdgeTable } from '@mechid/values'
import type { EngineChoice, TrainingChoice } from '../state/state.js'

/** An array of an `.npz` file, or a column of a table. */
export interface FoundArray {
  readonly name: string
  readonly shape: ReadonlyArray<number>
  /** Why it cannot be used; absent if it can. */
  readonly fault?: string
}

export interface OpenedFile {
  readonly kind: 'npz' | 'table'
  readonly name: string
  readonly arrays: ReadonlyArray<FoundArray>
}

/** A training on a file. Names are those of arrays, or of columns. */
export interface FileJob {
  readonly file: File
  readonly x: ReadonlyArray<string>
  readonly a: ReadonlyArray<string>
  readonly latents: number
  /** Undefined: the data decide. */
  readonly edges: number | undefined
  readonly steps: number
  readonly seed: number
  readonly engine: EngineChoice
}

export type TrainingRequest =
  | { readonly kind: 'open'; readonly file: File }
  | { readonly kind: 'simulated'; readonly choice: TrainingChoice }
  | { readonly kind: 'file'; readonly job: FileJob }

export interface CurvePoint {
  readonly step: number
  readonly loss: number
  readonly edges: number
}

export interface TrainingProgress {
  readonly stage: string
  readonly step: number
  readonly steps: number
  /** Of all steps of the training that are done, 0 to 1. */
  readonly done: number
  readonly points: ReadonlyArray<CurvePoint>
}

/** What was learned, set against the truth where that is known. */
export interface TrainingResult {
  readonly engine: string
  readonly seconds: number
  /** Latents in the order of the true ones, where these are known. */
  readonly learned: CausalGraph
  readonly picture: ReadonlyArray<{ readonly name: string; readonly svg: string }>
  /** What the learned graph would promise if it is the true one. */
  readonly promise: string
  /** Latents that nothing was put into. */
  readonly unused: ReadonlyArray<number>
  readonly against?: Truth
  /** Learned latents of all rows, as a csv file: of one's own data. */
  readonly csv?: Blob
}

export interface Truth {
  readonly rows: number
  readonly mcc: number
  readonly chance: number
  readonly r: number
  /** Wrong edges. */
  readonly shd: number | undefined
  readonly verdict: 'Kept' | 'Broken' | 'CannotTell'
  readonly sentence: string
  /** Why it was not kept. */
  readonly reasons: ReadonlyArray<string>
  /** One sentence a latent. */
  readonly latents: ReadonlyArray<string>
  /** |correlation|, row = true latent, column = the learned one of each true one. */
  readonly correlation: ReadonlyArray<ReadonlyArray<number>>
  readonly graph: { readonly actions?: EdgeTable; readonly latents?: EdgeTable }
}

export type TrainingMessage =
  | { readonly _tag: 'Opened'; readonly opened: OpenedFile }
  | { readonly _tag: 'Engine'; readonly engine: string }
  | { readonly _tag: 'Progress'; readonly progress: TrainingProgress }
  | { readonly _tag: 'Done'; readonly result: TrainingResult }
  | { readonly _tag: 'Failed'; readonly message: string }

/** What a person has chosen. All that is shown follows from it; results of long questions are kept where they are shown. */
import type { CausalGraph, EdgeTable } from '@mechid/values'

export const views = ['graph', 'kernel', 'known', 'training'] as const
export type View = (typeof views)[number]

/** A graph whose cells can be clicked. Row = effect, column = cause. */
export interface GraphChoice {
  /** d */
  readonly latents: number
  /** Past states that latents depend on. 0: there is no time. */
  readonly lags: number
  /** k */
  readonly actions: number
  /** Gz, d × (lags · d), the most recent past first. */
  readonly time: EdgeTable
  /** Ga, d × k. */
  readonly acting: EdgeTable
  /** The entry of the gallery that it is, as long as nothing is changed. */
  readonly entry?: string
}

/** A kernel of the gallery, or one that is written; the text is kept while an entry is looked at. */
export type KernelChoice = (
  | { readonly _tag: 'Entry'; readonly entry: string }
  | { readonly _tag: 'Written' }
) & {
  readonly source: string
  /** Whether the text came with a link: what others have written runs only when asked to. */
  readonly foreign: boolean
}

/** A known mechanism: a kind of the library, and its fields as they are typed. */
export interface KnownChoice {
  readonly kind: string
  readonly fields: ReadonlyArray<string>
}

export const engineChoices = ['auto', 'webgpu', 'wasm'] as const
export type EngineChoice = (typeof engineChoices)[number]

export interface TrainingChoice {
  /** Where the data come from. A file is not part of a link. */
  readonly data: 'simulated' | 'file'
  readonly problem: string
  readonly latents: number
  readonly features: number
  readonly rows: number
  /** Whether the training is told how many edges the graph has. */
  readonly edges: 'known' | 'unknown'
  readonly steps: number
  readonly seed: number
  readonly engine: EngineChoice
}

export interface State {
  readonly view: View
  readonly graph: GraphChoice
  readonly kernel: KernelChoice
  readonly known: ReadonlyArray<KnownChoice>
  readonly training: TrainingChoice
}

/** Larger graphs are drawn, but have no cells to click. */
export const MOST_EDITABLE = 40

/** The graph as the packages take it; undefined while there is neither time nor action. */
export const causalGraphOf = ({ lags, actions, time, acting }: GraphChoice): CausalGraph | undefined =>
  lags === 0 && actions === 0
    ? undefined
    : { ...(lags === 0 ? {} : { latents: time }), ...(actions === 0 ? {} : { actions: acting }) }

/** A graph of the packages as one to click. */
export const choiceOf = ({ latents, actions }: CausalGraph, entry?: string): GraphChoice => {
  const size = (latents ?? actions ?? []).length
  return {
    latents: size,
    lags: (latents?.[0]?.length ?? 0) / size,
    actions: actions?.[0]?.length ?? 0,
    time: latents ?? new Array(size).fill([]),
    acting: actions ?? new Array(size).fill([]),
    ...(entry === undefined ? {} : { entry })
  }
}

/** The content of a report as plain data. */
import type { Tone } from './document.js'
import type { PanelGrid } from './svg/panels.js'

/** Rows of numbers. */
export type Table = ReadonlyArray<ReadonlyArray<number>>

export interface MetricRow {
  readonly name: string
  readonly value: number
  readonly interval?: readonly [low: number, high: number]
  /** What unrelated latents would score. */
  readonly chance?: number
  /** The published value for the same problem. */
  readonly published?: number
  readonly explanation: string
}

/** A learned graph, and the true one if it is known. Row = effect, column = cause. */
export interface GraphPicture {
  readonly title: string
  readonly learned: Table
  readonly truth?: Table
  readonly rowLabels: ReadonlyArray<string>
  readonly columnLabels: ReadonlyArray<string>
  /** What causes are. Graphs that say so are drawn together as nodes and arrows; their rows are the same latents. */
  readonly causes?: 'past' | 'actions'
  /** How probable each edge is, from 0 to 1. */
  readonly probability?: Table
  /** 1 where training has not decided, whether `learned` has the edge or not. */
  readonly undecided?: Table
  /** The same edges in several trainings. */
  readonly seeds?: EdgeSeeds
}

export interface EdgeSeeds {
  /** How many trainings. */
  readonly count: number
  /** The share of trainings that have the edge, from 0 to 1. */
  readonly share: Table
  /** Greatest minus least probability, from 0 to 1. */
  readonly spread: Table
}

/** What is known of one learned latent. */
export interface LatentRow {
  readonly name: string
  /** In words: `identified`, `mixed with ẑ2`. */
  readonly state: string
  readonly tone?: Tone
  /** Scores from 0 to 1 by their names, the same names in every row; undefined: not known. */
  readonly scores: Readonly<Record<string, number | undefined>>
}

/** Small charts with a heading of their own. */
export interface PanelPicture extends PanelGrid {
  /** A file name without its ending. */
  readonly name: string
  readonly heading: string
  readonly caption: string
}

/**
 * Which features each latent drives. Rows = features, columns = latents, in the order in which they are drawn.
 * Features that are places of an image are better shown as images: leave this out, and give `panels` of your own.
 */
export interface SensorMap {
  readonly features: ReadonlyArray<string>
  readonly latents: ReadonlyArray<string>
  /** Mean |∂ feature / ∂ latent|, both in standard deviations. */
  readonly slope: Table
  /** Share of the feature's variance that goes with the latent, from 0 to 1. */
  readonly share: Table
  /** What each latent is. */
  readonly states: ReadonlyArray<Pick<LatentRow, 'state' | 'tone'>>
}

/** A line of what made a report: `['seed', '1']`; several texts are several lines. */
export type Fact = readonly [name: string, value: string | ReadonlyArray<string>]

export interface ReportContent {
  readonly title: string
  readonly subtitle?: string
  /** Sentences: what theory predicts. */
  readonly prediction: ReadonlyArray<string>
  /** Sentences: what was found. */
  readonly verdict: ReadonlyArray<string>
  readonly metrics: ReadonlyArray<MetricRow>
  readonly history: {
    readonly step: ArrayLike<number>
    readonly loss: ArrayLike<number>
    readonly edges: ArrayLike<number>
    readonly bound?: ArrayLike<number>
  }
  /** Row = true latent, column = learned latent, in the order of the true ones. Absent if the truth is not known. */
  readonly correlation?: Table
  /** Names for the tables of true and learned latents; z0, z1, … and ẑ0, ẑ1, … if left out. */
  readonly latentNames?: { readonly true: ReadonlyArray<string>; readonly learned: ReadonlyArray<string> }
  readonly graphs: ReadonlyArray<GraphPicture>
  /** `predicted`: the pattern of 0 and 1; `measured`: how strongly each true latent depends on each learned one. */
  readonly entanglement?: { readonly predicted: Table; readonly measured?: Table }
  readonly latents?: ReadonlyArray<LatentRow>
  readonly sensorMap?: SensorMap
  readonly panels?: ReadonlyArray<PanelPicture>
  /** What made this report: command, date, versions, data. */
  readonly origin?: ReadonlyArray<Fact>
  readonly configuration: Readonly<Record<string, string | number | boolean>>
  readonly seed: number
  readonly engine: string
  /** Wall time of the training. */
  readonly seconds: number
}

/** One picture of a report. */
export interface Picture {
  /** A file name, such as `loss.svg`. */
  readonly name: string
  readonly heading: string
  /** How to read it, in a sentence. */
  readonly caption: string
  /** Colours follow what the reader's screen prefers; it prints on white. */
  readonly svg: string
}

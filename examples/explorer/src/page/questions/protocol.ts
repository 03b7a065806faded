/** What a worker is asked, and what it answers: plain data that a message can hold. */
import type { Tone, Words } from '@mechid/example-gallery'
import type { CausalGraph, EdgeTable } from '@mechid/values'
import type { KnownChoice } from '../state/state.js'

/** What would make a graph's promise complete. */
export interface DesignAnswer {
  /** The latents that each new action reaches. */
  readonly actions: ReadonlyArray<ReadonlyArray<number>>
  readonly explanation: string
}

export interface InfluenceRow {
  readonly of: string
  readonly rank: number
  readonly needed: number
  readonly verdict: string
  readonly tone: Tone
  readonly explanation: string
}

export interface KernelAnswer {
  readonly graph: CausalGraph
  readonly verdict: Words
  readonly conclusion: string
  readonly promise: Words
  readonly reasons: ReadonlyArray<{
    readonly latent: number
    readonly identified: boolean
    readonly text: string
  }>
  readonly pictures: ReadonlyArray<{ readonly name: string; readonly svg: string }>
  readonly influence: {
    readonly verdict: string
    readonly tone: Tone
    readonly parts: ReadonlyArray<InfluenceRow>
  }
  readonly witness: {
    readonly words: Words
    readonly explanation: string
    /** The true latents that are mixed, as functions of learned ones; where the other model is linear. */
    readonly equations: ReadonlyArray<string>
  }
  readonly remedy: string
  readonly formulas: ReadonlyArray<string>
}

/** A field in the plane of two latents, or along one; the others are held at the centre. */
export interface FlowPicture {
  /** One text a coordinate: X_0, X_1, … */
  readonly text: ReadonlyArray<string>
  /** The latents to the right and upwards; of one latent only the first. */
  readonly axes: ReadonlyArray<number>
  /** [low, high] of each axis. */
  readonly ranges: ReadonlyArray<readonly [number, number]>
  /** From, and direction with length up to 1. */
  readonly arrows: ReadonlyArray<{ readonly at: readonly number[]; readonly by: readonly number[] }>
  /** Pieces of flow lines, points [x, y]. */
  readonly lines: ReadonlyArray<ReadonlyArray<readonly [number, number]>>
}

export interface KnownAnswer {
  readonly latents: number
  readonly dimension: number
  readonly among: string
  readonly explanation: ReadonlyArray<string>
  readonly statuses: ReadonlyArray<{
    readonly latent: number
    readonly kind: string
    readonly text: string
    readonly tone: Tone
  }>
  readonly entanglement: EdgeTable
  readonly flows: ReadonlyArray<FlowPicture>
  /** What further mechanism would leave less. */
  readonly suggestion?: string
}

export type Question =
  | { readonly kind: 'design'; readonly graph: CausalGraph }
  | { readonly kind: 'entry'; readonly entry: string }
  | { readonly kind: 'kernel'; readonly source: string }
  | { readonly kind: 'known'; readonly known: ReadonlyArray<KnownChoice> }

export interface Answers {
  readonly design: DesignAnswer
  readonly entry: KernelAnswer
  readonly kernel: KernelAnswer
  readonly known: KnownAnswer
}

/** `defined`: a written definition ran to its end, and what follows is ours. */
export type Reply<A> =
  | { readonly _tag: 'Defined' }
  | { readonly _tag: 'Answer'; readonly answer: A }
  | { readonly _tag: 'Refused'; readonly message: string }

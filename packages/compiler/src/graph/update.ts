/** What is left to do once the graph of a step has run: kernels, and the places that they work on. */
import type { Graph } from './graph.js'

/** Operations with one and with two operands. */
export const UNARY = ['Abs', 'Neg', 'Sqrt'] as const
export const BINARY = ['Add', 'Div', 'Max', 'Min', 'Mul', 'Sub'] as const
export type Operation = (typeof UNARY)[number] | (typeof BINARY)[number]

/** What an operation reads: an entry of a vector, a scalar, a number, or the result of an earlier operation. */
export type Operand =
  | { readonly vector: number }
  | { readonly scalar: number }
  | { readonly literal: number }
  | { readonly step: number }

/** What is computed for each entry. */
export interface Kernel {
  readonly vectors: number
  readonly scalars: number
  readonly steps: readonly { readonly op: Operation; readonly operands: readonly Operand[] }[]
  readonly results: readonly Operand[]
}

/** Entries of a buffer from `begin` on. A buffer is an entry of the carry (`carry/…`) or an output of the graph. */
export interface Place {
  readonly buffer: string
  readonly begin: number
}

/** A kernel at work on `length` entries. */
export interface KernelCall {
  readonly kernel: Kernel
  readonly length: number
  readonly vectors: readonly Place[]
  readonly scalars: readonly Place[]
  readonly results: readonly Place[]
}

/** What is left to do once the graph has run. */
export interface Update {
  /** Kernels of the same structure are the same object. */
  readonly calls: readonly KernelCall[]
  /** Names of the carry's entries that are updated in place; the graph does not give their next values. */
  readonly entries: readonly string[]
  /** Sizes of the graph's outputs that the update reads, by name without their prefix. */
  readonly results: Readonly<Record<string, number>>
}

/** Prefix of the graph's outputs that only the update reads. */
export const RESULT = 'result/'

/** Nothing is left to do. */
export const noUpdate: Update = { calls: [], entries: [], results: {} }

/** A step as it runs: its graph, and what is left to do then. */
export interface StepGraph {
  readonly graph: Graph
  readonly update: Update
}

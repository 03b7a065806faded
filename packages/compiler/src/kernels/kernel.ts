/** What the translation of a TF.js kernel is. */
import { Failure, unsupportedAttribute } from '../errors.js'
import type { GraphBuilder } from '../graph/builder.js'
import type { Value } from '../graph/graph.js'

/** One call of a TF.js kernel. */
export interface KernelCall {
  readonly kernel: string
  /** Inputs by TF.js's names; kernels that take a list have them under '0', '1', … */
  readonly inputs: Readonly<Record<string, Value>>
  /** The same in order. */
  readonly list: readonly Value[]
  /** TF.js types attributes kernel by kernel; each translation knows its own. */
  // biome-ignore lint/suspicious/noExplicitAny: attributes have a type for each of two hundred kernels
  readonly attributes: any
}

/** Adds nodes that compute what the kernel computes. */
export type Kernel = (g: GraphBuilder, call: KernelCall) => Value | readonly Value[]

/** Kernels of one kind, by TF.js's names, with what is to be known about some of them. */
export interface KernelFamily {
  readonly title: string
  readonly kernels: Readonly<Record<string, Kernel>>
  readonly notes: Readonly<Record<string, string>>
}

/** For attributes that have no translation. */
export const refuse = ({ kernel }: KernelCall, reason: string): never => {
  throw new Failure((where) => unsupportedAttribute(where, kernel, reason))
}

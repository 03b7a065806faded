/** All translations, and the support table. */
import { comparisons } from './comparison.js'
import { convolutions } from './convolution.js'
import { elementwise } from './elementwise.js'
import { images } from './images.js'
import { indexing } from './indexing.js'
import type { Kernel, KernelFamily } from './kernel.js'
import { linearAlgebra } from './linalg.js'
import { movement } from './movement.js'
import { poolings } from './pooling.js'
import { reductions } from './reduction.js'
import { unsupported } from './unsupported.js'

export const families: readonly KernelFamily[] = [
  elementwise,
  comparisons,
  reductions,
  movement,
  indexing,
  linearAlgebra,
  convolutions,
  poolings,
  images
]

/** Every translation by TF.js's name of the kernel. */
export const kernels: Readonly<Record<string, Kernel>> = Object.assign({}, ...families.map((f) => f.kernels))

/** A line of the support table. */
export interface KernelSupport {
  readonly kernel: string
  readonly family: string
  readonly supported: boolean
  readonly note: string
}

const supportedLines = families.flatMap(({ title, kernels: own, notes }) =>
  Object.keys(own).map(
    (kernel): KernelSupport => ({ kernel, family: title, supported: true, note: notes[kernel] ?? '' })
  )
)

const unsupportedLines = Object.entries(unsupported).flatMap(([reason, names]) =>
  names.map((kernel): KernelSupport => ({ kernel, family: 'Not supported', supported: false, note: reason }))
)

/** Which TF.js kernels can be compiled. */
export const supportTable: readonly KernelSupport[] = [...supportedLines, ...unsupportedLines]

/** The line of one kernel, for messages. */
export const supportLine = (kernel: string): string => {
  const line = supportTable.find((each) => each.kernel === kernel)
  if (line === undefined) return `${kernel}: no, not a kernel of TF.js 4.22`
  return `${kernel}: ${line.supported ? 'yes' : 'no'}${line.note === '' ? '' : `, ${line.note}`}`
}

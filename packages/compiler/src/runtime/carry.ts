/** What a session needs of the place where its carry is between steps. */
import type { HostTensors } from '@mechid/engine'
import type { OrtTensor } from './session-cache.js'
import type { Tensors } from './tensors.js'

/** What a step reads and what it writes, by the names of the model; null for what ONNX Runtime allocates itself. */
export interface Bindings {
  readonly inputs: Tensors
  readonly results: Readonly<Record<string, OrtTensor | null>>
}

/** What a step reads and writes beside its carry: the same buffers in every step. */
export interface FixedBindings extends Bindings {
  readonly results: Tensors
}

/** The carry of a session. Its methods are called one after the other, never while a step or a reading is under way. */
export interface Carry {
  /** All that the next step reads and writes. */
  readonly bindings: () => Bindings
  /** Takes what a step wrote, once it has ended well: the carry moves on. Without this call it stays as it was. */
  readonly take: (results: Tensors) => void
  /** A copy on the host. Rejects where the device fails. */
  readonly read: () => Promise<HostTensors>
  /** Frees the carry. */
  readonly dispose: () => void
}

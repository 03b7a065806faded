/** A TF.js backend that computes nothing: its kernels add nodes to a graph. */
import { entryCount } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import { Failure, traceFailed, valueRead } from '../errors.js'
import { type GraphBuilder, graphBuilder } from '../graph/builder.js'
import type { ConstantData, Dtype, Value } from '../graph/graph.js'
import { uniform } from '../kernels/movement.js'
import { shownType } from '../step-function.js'

interface Held {
  readonly value: Value
  /** Which TF.js kernel it came from, for messages. */
  readonly origin: string
}

interface Owner {
  readonly backend: { readonly readSync: (id: object) => unknown }
  readonly dtype: string
  readonly shape: readonly number[]
}

const arrayTypes = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }

const constantOf = (g: GraphBuilder, values: unknown, shape: readonly number[], dtype: string): Value => {
  const arrayType = arrayTypes[dtype as 'float32']
  if (arrayType === undefined) {
    const expected = Object.keys(arrayTypes).join(', ')
    throw new Failure((where) => traceFailed(where, 'the dtype of a tensor that is created', dtype, expected))
  }
  const data = arrayType.from(values as ArrayLike<number>) as ConstantData
  const first = data[0] as number
  if (data.length > 1 && data.every((entry) => entry === first))
    return uniform(g, dtype as 'float32', shape, first)
  return { dtype: dtype as Dtype, shape, data }
}

/** The backend of one trace. */
export class TraceBackend extends tf.KernelBackend {
  readonly graph = graphBuilder()
  /** What went wrong where nothing could be thrown. */
  failure: Failure | undefined
  private readonly held = new WeakMap<object, Held>()
  private count = 0

  /** A new handle for a value. */
  hold(value: Value, origin: string): object {
    const id = {}
    this.held.set(id, { value, origin })
    this.count++
    return id
  }

  /** The value behind a handle; tensors of other backends become constants. */
  resolve(id: object): Value {
    return this.find(id).value
  }

  private find(id: object): Held {
    const known = this.held.get(id)
    if (known !== undefined) return known
    const owners = tf.engine().state.tensorInfo as unknown as WeakMap<object, Owner>
    const owner = owners.get(id)
    if (owner === undefined) {
      throw new Failure((where) => traceFailed(where, 'a tensor that is used', 'disposed', 'one in use'))
    }
    const values = owner.backend.readSync(id)
    const found = { value: constantOf(this.graph, values, owner.shape, owner.dtype), origin: 'a constant' }
    this.held.set(id, found)
    return found
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    const filled = values ?? new Float32Array(entryCount(shape))
    return this.hold(constantOf(this.graph, filled, shape, dtype), 'a constant')
  }

  override move(id: object, values: tf.BackendValues, shape: number[], dtype: tf.DataType): void {
    this.held.set(id, { value: constantOf(this.graph, values, shape, dtype), origin: 'a constant' })
    this.count++
  }

  private refuse(id: object, call: string): Failure {
    const { value, origin } = this.find(id)
    const tensor = `${origin} (${shownType(value.dtype, value.shape)})`
    return new Failure((where) => valueRead(where, call, tensor))
  }

  override readSync(id: object): tf.BackendValues {
    const { data } = this.resolve(id)
    if (data !== undefined) return data as tf.BackendValues
    throw this.refuse(id, 'dataSync() or arraySync()')
  }

  override read(id: object): Promise<tf.BackendValues> {
    const { data } = this.resolve(id)
    if (data !== undefined) return Promise.resolve(data as tf.BackendValues)
    this.failure ??= this.refuse(id, 'data() or array()')
    // The trace ends with this failure; whoever waits for the values must not go on, nor fail a second time.
    return new Promise(() => undefined)
  }

  override refCount(): number {
    return 1
  }

  override incRef(): void {}

  override disposeData(): boolean {
    this.count--
    return true
  }

  override numDataIds(): number {
    return this.count
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true }
  }

  override floatPrecision(): 16 | 32 {
    return 32
  }

  override epsilon(): number {
    return 1e-7
  }

  override dispose(): void {}
}

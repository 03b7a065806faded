/** A worker that goes the whole way once it is told where the WebAssembly files lie. */
import { wholeWay } from './whole-way.js'

/** What is used here of a worker; Node's types know no such thing. */
interface Worker {
  onmessage: ((event: { readonly data: string }) => void) | null
  readonly postMessage: (message: unknown) => void
}

const worker = globalThis as unknown as Worker
worker.onmessage = ({ data }) => {
  wholeWay(data, 'runs').then(
    (result) => worker.postMessage({ result }),
    (thrown) => worker.postMessage({ thrown: String(thrown) })
  )
}

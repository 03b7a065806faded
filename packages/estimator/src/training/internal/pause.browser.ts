import type * as node from './pause.js'

/** What is used here of a browser's ports; Node's types know others. */
interface Port {
  onmessage: (() => void) | null
  readonly postMessage: (message: unknown) => void
  readonly close: () => void
}

/** Lets the page or the worker do what waits, such as draw. Browsers hold timers back that call one another; not so messages. */
export const pause: typeof node.pause = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel() as unknown as { readonly port1: Port; readonly port2: Port }
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })

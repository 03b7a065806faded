/** The records of a table one after the other; csv-parse knows the format, and is loaded once there is a table. */
import { gunzipped } from '../reading/unpacking.browser.js'
import type * as node from './record-stream.js'
import { lineGuard, parserOptions } from './records.js'

export const recordsOf: typeof node.recordsOf = async function* (bytes, { delimiter, compressed }) {
  const { parse } = await import('csv-parse/browser/esm')
  const wrong = lineGuard()
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
  const parser = parse(parserOptions(delimiter))
  let ready: string[][] = []
  let failure: unknown
  parser.on('data', (cells: string[]) => ready.push(cells))
  // The parser may fail after it was given the text or while it is: either way what it was given last is over.
  const taken = (give: (done: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      parser.once('error', (cause) => {
        failure = cause
        resolve()
      })
      give(resolve)
    })
  const records = (): readonly string[][] => {
    if (failure !== undefined) throw failure
    const cells = ready
    ready = []
    return cells
  }
  for await (const chunk of compressed ? gunzipped(bytes) : bytes) {
    const tooLong = wrong(chunk)
    if (tooLong !== undefined) throw tooLong
    const text = utf8.decode(chunk, { stream: true })
    if (text === '') continue
    await taken((done) => parser.write(text, done))
    yield* records()
  }
  await taken((done) => {
    parser.once('end', done)
    parser.end(utf8.decode())
  })
  yield* records()
}

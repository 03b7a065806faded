/** The records of a table as a stream; csv-parse knows the format. */
import { Transform } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'
import { readable } from '../reading/unpacking.js'
import { lineGuard, parserOptions, type RecordOptions } from './records.js'

/**
 * The records of `bytes`, each a list of cells. What fails in reading fails here. The stream that reads the file is left
 * alone at the end: destroying it would close the file.
 */
export const recordsOf = (
  bytes: AsyncIterable<Uint8Array>,
  { delimiter, compressed }: RecordOptions
): AsyncIterable<readonly string[]> => {
  const wrong = lineGuard()
  const guard = new Transform({ transform: (chunk, _encoding, done) => done(wrong(chunk) ?? null, chunk) })
  const records = parse(parserOptions(delimiter))
  const stages = compressed ? [createGunzip(), guard] : [guard]
  const source = readable(bytes)
  for (const stream of [source, ...stages]) stream.on('error', (cause) => records.destroy(cause))
  records.on('close', () => {
    for (const stage of stages) stage.destroy()
  })
  return stages.reduce((stream, stage) => stream.pipe(stage), source).pipe(records)
}

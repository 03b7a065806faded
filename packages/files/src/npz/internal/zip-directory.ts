/** Reads the directory of a zip file; yauzl knows the format. */
import yauzl from 'yauzl'
import type { OpenFile } from '../../reading/open-file.js'
import { ENCRYPTED, type ZipEntry } from './zip-entry.js'

/** What yauzl reads from. */
class FileReader extends yauzl.RandomAccessReader {
  constructor(private readonly file: OpenFile) {
    super()
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytes?: number) => void
  ): void {
    this.file.read(buffer.subarray(offset, offset + length), position).then(
      (bytes) => callback(null, bytes),
      (cause) => callback(cause)
    )
  }
}

/** The entries in the directory's order. Throws what yauzl finds wrong. */
export const readDirectory = (file: OpenFile): Promise<readonly ZipEntry[]> =>
  new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false }
    yauzl.fromRandomAccessReader(new FileReader(file), file.size, options, (error, zip) => {
      if (error || zip === undefined) return reject(error)
      const entries: ZipEntry[] = []
      zip.on('error', reject)
      zip.on('end', () => resolve(entries))
      zip.on('entry', (entry: yauzl.Entry) => {
        entries.push({
          name: entry.fileName,
          method: entry.compressionMethod,
          encrypted: (entry.generalPurposeBitFlag & ENCRYPTED) !== 0,
          crc32: entry.crc32,
          compressedSize: entry.compressedSize,
          uncompressedSize: entry.uncompressedSize,
          headerAt: entry.relativeOffsetOfLocalHeader
        })
        zip.readEntry()
      })
      zip.readEntry()
    })
  })

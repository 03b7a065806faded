/** An entry of a zip file, as the file's directory has it. */
export interface ZipEntry {
  readonly name: string
  /** 0: stored; 8: deflated. */
  readonly method: number
  readonly encrypted: boolean
  readonly crc32: number
  readonly compressedSize: number
  readonly uncompressedSize: number
  /** Where the entry's local header starts in the file. */
  readonly headerAt: number
}

/** The two ways of storing that are read here. */
export const STORED = 0
export const DEFLATED = 8

/** The bit of an entry's flags that says that it is. */
export const ENCRYPTED = 1

/**
 * Reads the directory of a zip file, zip64 included (PKWARE's APPNOTE, sections 4.3 and 4.5.3). Small libraries for browsers do
 * not tell where an entry lies and what its checksum is. What is wrong is said as yauzl says it, which reads it in Node.
 */
import type { OpenFile } from '../../reading/open-file.js'
import type * as node from './zip-directory.js'
import { ENCRYPTED, STORED, type ZipEntry } from './zip-entry.js'

const END_MAGIC = 0x06054b50
const END_BYTES = 22
const LOCATOR_MAGIC = 0x07064b50
const LOCATOR_BYTES = 20
const LARGE_END_MAGIC = 0x06064b50
const LARGE_END_BYTES = 56
const ENTRY_MAGIC = 0x02014b50
const ENTRY_BYTES = 46
const LONGEST_COMMENT = 0xffff
/** The extra field with what 32 bits do not hold, and what stands in their place. */
const LARGE_FIELD = 1
const ELSEWHERE = 0xffffffff
/** The size of the header that a password puts before an entry's bytes. */
const PASSWORD_BYTES = 12

const viewOf = async (file: OpenFile, start: number, length: number): Promise<DataView> => {
  const bytes = new Uint8Array(length)
  for (let done = 0; done < length; ) {
    const got = await file.read(bytes.subarray(done), start + done)
    if (got === 0) throw new Error('unexpected EOF')
    done += got
  }
  return new DataView(bytes.buffer)
}

const uint64 = (view: DataView, at: number): number => Number(view.getBigUint64(at, true))

interface Directory {
  readonly start: number
  readonly entries: number
}

const oneDisk = (disk: number): void => {
  if (disk !== 0) throw new Error(`multi-disk zip files are not supported: found disk number: ${disk}`)
}

const largeDirectory = async (file: OpenFile, at: number): Promise<Directory> => {
  const end = await viewOf(file, at, LARGE_END_BYTES)
  if (end.getUint32(0, true) !== LARGE_END_MAGIC)
    throw new Error('invalid zip64 end of central directory record signature')
  oneDisk(end.getUint32(16, true))
  return { entries: uint64(end, 32), start: uint64(end, 48) }
}

/** Finds the directory by the record at the file's end. */
const findDirectory = async (file: OpenFile): Promise<Directory> => {
  const length = Math.min(file.size, LOCATOR_BYTES + END_BYTES + LONGEST_COMMENT)
  const view = await viewOf(file, file.size - length, length)
  for (let at = length - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== END_MAGIC) continue
    const comment = view.getUint16(at + 20, true)
    if (comment !== length - at - END_BYTES)
      throw new Error(`Invalid comment length. Expected: ${length - at - END_BYTES}. Found: ${comment}.`)
    const locator = at - LOCATOR_BYTES
    if (locator >= 0 && view.getUint32(locator, true) === LOCATOR_MAGIC)
      return largeDirectory(file, uint64(view, locator + 8))
    oneDisk(view.getUint16(at + 4, true))
    return { entries: view.getUint16(at + 10, true), start: view.getUint32(at + 16, true) }
  }
  throw new Error('End of central directory record signature not found.')
}

/** The field with the 64-bit numbers of an entry, if it has one. */
const largeField = (fields: DataView): DataView | undefined => {
  for (let at = 0; at + 4 <= fields.byteLength; ) {
    const length = fields.getUint16(at + 2, true)
    if (at + 4 + length > fields.byteLength)
      throw new Error('extra field length exceeds extra field buffer size')
    if (fields.getUint16(at, true) === LARGE_FIELD)
      return new DataView(fields.buffer, fields.byteOffset + at + 4, length)
    at += 4 + length
  }
  return undefined
}

/** Numbers of 32 bits, those from the field of 64-bit ones that stand there. */
const enlarged = (fields: DataView, ...small: readonly number[]): readonly number[] => {
  if (!small.includes(ELSEWHERE)) return small
  const large = largeField(fields)
  if (large === undefined) throw new Error('expected zip64 extended information extra field')
  let at = 0
  return small.map((number) => {
    if (number !== ELSEWHERE) return number
    if (at + 8 > large.byteLength)
      throw new Error('zip64 extended information extra field does not include a number')
    at += 8
    return uint64(large, at - 8)
  })
}

/** Letters 128 to 255 of names that are not marked as UTF-8: those of the IBM PC (APPNOTE, appendix D). */
const PC_LETTERS =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0'
/** The bit of an entry's flags that says that its name is. */
const UTF8 = 0x800

const nameOf = (bytes: Uint8Array, flags: number): string => {
  const letter = (byte: number): string => (byte < 128 ? String.fromCharCode(byte) : PC_LETTERS[byte - 128])
  const name = (flags & UTF8) !== 0 ? new TextDecoder().decode(bytes) : Array.from(bytes, letter).join('')
  return name.replaceAll('\\', '/')
}

/** As yauzl has it: names that could lead out of a folder. */
const checkName = (name: string): void => {
  if (/^([a-zA-Z]:|\/)/.test(name)) throw new Error(`absolute path: ${name}`)
  if (name.split('/').includes('..')) throw new Error(`invalid relative path: ${name}`)
}

const entryOf = (head: DataView, name: string, fields: DataView): ZipEntry => {
  const [uncompressedSize, compressedSize, headerAt] = enlarged(
    fields,
    head.getUint32(24, true),
    head.getUint32(20, true),
    head.getUint32(42, true)
  )
  checkName(name)
  const method = head.getUint16(10, true)
  const encrypted = (head.getUint16(8, true) & ENCRYPTED) !== 0
  if (method === STORED && compressedSize !== uncompressedSize + (encrypted ? PASSWORD_BYTES : 0)) {
    const sizes = `${compressedSize} != ${uncompressedSize}`
    throw new Error(`compressed/uncompressed size mismatch for stored file: ${sizes}`)
  }
  const crc32 = head.getUint32(16, true)
  return { name, method, encrypted, crc32, compressedSize, uncompressedSize, headerAt }
}

export const readDirectory: typeof node.readDirectory = async (file) => {
  const { start, entries: count } = await findDirectory(file)
  const entries: ZipEntry[] = []
  let at = start
  while (entries.length < count) {
    const head = await viewOf(file, at, ENTRY_BYTES)
    const magic = head.getUint32(0, true)
    if (magic !== ENTRY_MAGIC)
      throw new Error(`invalid central directory file header signature: 0x${magic.toString(16)}`)
    const [nameLength, fieldsLength, comment] = [28, 30, 32].map((place) => head.getUint16(place, true))
    const rest = await viewOf(file, at + ENTRY_BYTES, nameLength + fieldsLength)
    const name = nameOf(new Uint8Array(rest.buffer, 0, nameLength), head.getUint16(8, true))
    entries.push(entryOf(head, name, new DataView(rest.buffer, nameLength)))
    at += ENTRY_BYTES + nameLength + fieldsLength + comment
  }
  return entries
}

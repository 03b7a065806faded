/** Zip files byte by byte, so that tests can write what no honest program writes. */
import zlib from 'node:zlib'

export interface TestEntry {
  readonly name: string
  readonly data: Uint8Array
  /** Whether the data are deflated. */
  readonly deflated?: boolean
  /** What the directory says instead of the truth. */
  readonly says?: {
    readonly size?: number
    readonly packedSize?: number
    readonly method?: number
    readonly flags?: number
    readonly at?: number
  }
}

/** Sizes in a field of their own, as files beyond 4 GiB have them. */
const zip64Field = (size: bigint, packed: bigint): Buffer => {
  const field = Buffer.alloc(20)
  field.writeUInt16LE(1, 0)
  field.writeUInt16LE(16, 2)
  field.writeBigUInt64LE(size, 4)
  field.writeBigUInt64LE(packed, 12)
  return field
}

const WIDE = 0xffffffff

const header = (entry: TestEntry, packed: Buffer, central: boolean, at: number): Buffer => {
  const { name, data, deflated = false, says = {} } = entry
  const [size, packedSize] = [says.size ?? data.length, says.packedSize ?? packed.length]
  const wide = size >= WIDE
  const extra = wide ? zip64Field(BigInt(size), BigInt(packedSize)) : Buffer.alloc(0)
  const bytes = Buffer.from(name)
  const start = Buffer.alloc(central ? 46 : 30)
  start.writeUInt32LE(central ? 0x02014b50 : 0x04034b50, 0)
  const common = central ? 6 : 4
  if (central) start.writeUInt16LE(45, 4)
  start.writeUInt16LE(45, common)
  start.writeUInt16LE(says.flags ?? 0, common + 2)
  start.writeUInt16LE(says.method ?? (deflated ? 8 : 0), common + 4)
  start.writeUInt32LE(zlib.crc32(data), common + 10)
  start.writeUInt32LE(wide ? WIDE : packedSize, common + 14)
  start.writeUInt32LE(wide ? WIDE : size, common + 18)
  start.writeUInt16LE(bytes.length, common + 22)
  start.writeUInt16LE(extra.length, common + 24)
  if (central) start.writeUInt32LE(says.at ?? at, 42)
  return Buffer.concat([start, bytes, extra])
}

/** A whole archive. `count`: how many entries its end says there are. */
export const zipFile = (entries: readonly TestEntry[], count = entries.length): Buffer => {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const entry of entries) {
    const packed = entry.deflated === true ? zlib.deflateRawSync(entry.data) : Buffer.from(entry.data)
    const local = Buffer.concat([header(entry, packed, false, at), packed])
    directory.push(header(entry, packed, true, at))
    locals.push(local)
    at += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, central, end])
}

/** A .npy file: this dictionary, then these bytes. */
export const npyFile = (dictionary: string, data: Uint8Array = new Uint8Array(0)): Buffer => {
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64
  const bytes = Buffer.alloc(length, ' ')
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0])
  bytes.writeUInt16LE(length - 10, 8)
  bytes.write(dictionary, 10)
  bytes[length - 1] = 0x0a
  return Buffer.concat([bytes, data])
}

/** The dictionary of an array. */
export const dictionary = (descr: string, shape: string, fortran = false): string =>
  `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }`

import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { crc32, deflateRaw } from 'node:zlib'

/** What the directory at the end of an archive says of an entry, and its SHA-256 for the manifest. The entries stand one after the other. */
export type ZipRecord = { name: string; crc: number; packed: number; bytes: number; sha256: string }

/**
 * Writes an archive from its beginning to its end, one entry in memory at a time. Libraries for that begin at the beginning; this one also goes on behind
 * entries that are written already, so that who dies need not begin again.
 */
export type ZipWriter = {
  /** Resolves when the entry is written. */
  add(name: string, text: string): Promise<ZipRecord>
  /** Writes the directory. No more entries. */
  end(): Promise<void>
  readonly records: readonly ZipRecord[]
}

const deflate = promisify(deflateRaw)
/** UTF-8 names; deflated. */
const [FLAGS, METHOD] = [0x0800, 8]
/** The time of every entry, 2020-01-01: an archive of the same sessions is the same bytes. */
const [TIME, DATE] = [0, (40 << 9) | (1 << 5) | 1]
const [VERSION, VERSION_64, MADE_BY_UNIX] = [20, 45, (3 << 8) | 45]
const MODE = 0o100644
const MAX_U32 = 0xffff_ffff
const MAX_U16 = 0xffff
const LOCAL_BYTES = 30

/** `written`: the entries that are there already. Beyond 4 GiB or 65 535 entries the archive is a Zip64 one (APPNOTE 6.3.10, 4.3). */
export function createZipWriter(
  write: (chunk: Buffer) => Promise<void>,
  { written = [] }: { written?: readonly ZipRecord[] } = {},
): ZipWriter {
  const records = [...written]
  return {
    records,
    add: async (name, text) => {
      const data = Buffer.from(text)
      const packed = await deflate(data)
      const sha256 = createHash('sha256').update(data).digest('hex')
      const record = { name, crc: crc32(data), packed: packed.length, bytes: data.length, sha256 }
      if (record.bytes >= MAX_U32 || record.packed >= MAX_U32) throw new RangeError('an entry is too large')
      await write(Buffer.concat([localHeader(record), packed]))
      records.push(record)
      return record
    },
    end: async () => {
      const directory: Buffer[] = []
      let offset = 0
      for (const record of records) {
        directory.push(directoryEntry(record, offset))
        offset += bytesOf(record)
      }
      const bytes = directory.reduce((sum, { length }) => sum + length, 0)
      await write(Buffer.concat([...directory, ...endOfDirectory(records.length, bytes, offset)]))
    },
  }
}

/** Length of an archive up to the end of these entries. */
export const zippedBytes = (records: readonly ZipRecord[]): number =>
  records.reduce((sum, record) => sum + bytesOf(record), 0)

const bytesOf = ({ name, packed }: ZipRecord): number => LOCAL_BYTES + Buffer.byteLength(name) + packed

function localHeader({ name, ...sizes }: ZipRecord): Buffer {
  const named = Buffer.from(name)
  const header = Buffer.alloc(LOCAL_BYTES)
  header.writeUInt32LE(0x04034b50, 0)
  writeFacts(header, 4, { ...sizes, version: VERSION, named: named.length, extra: 0 })
  return Buffer.concat([header, named])
}

function directoryEntry({ name, ...sizes }: ZipRecord, offset: number): Buffer {
  const named = Buffer.from(name)
  const isFar = offset >= MAX_U32
  const extra = Buffer.alloc(isFar ? 12 : 0)
  if (isFar) {
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(8, 2)
    extra.writeBigUInt64LE(BigInt(offset), 4)
  }
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(MADE_BY_UNIX, 4)
  writeFacts(header, 6, {
    ...sizes,
    version: isFar ? VERSION_64 : VERSION,
    named: named.length,
    extra: extra.length,
  })
  header.writeUInt32LE((MODE << 16) >>> 0, 38)
  header.writeUInt32LE(Math.min(offset, MAX_U32), 42)
  return Buffer.concat([header, named, extra])
}

/** What the header before an entry and the one in the directory have in common. */
function writeFacts(
  header: Buffer,
  at: number,
  facts: Omit<ZipRecord, 'name' | 'sha256'> & { version: number; named: number; extra: number },
): void {
  for (const [place, value] of [facts.version, FLAGS, METHOD, TIME, DATE].entries())
    header.writeUInt16LE(value, at + place * 2)
  for (const [place, value] of [facts.crc, facts.packed, facts.bytes].entries())
    header.writeUInt32LE(value, at + 10 + place * 4)
  header.writeUInt16LE(facts.named, at + 22)
  header.writeUInt16LE(facts.extra, at + 24)
}

function endOfDirectory(entries: number, bytes: number, offset: number): Buffer[] {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(entries, MAX_U16), 8)
  end.writeUInt16LE(Math.min(entries, MAX_U16), 10)
  end.writeUInt32LE(Math.min(bytes, MAX_U32), 12)
  end.writeUInt32LE(Math.min(offset, MAX_U32), 16)
  if (entries < MAX_U16 && bytes < MAX_U32 && offset < MAX_U32) return [end]
  const far = Buffer.alloc(56)
  far.writeUInt32LE(0x06064b50, 0)
  far.writeBigUInt64LE(44n, 4)
  far.writeUInt16LE(MADE_BY_UNIX, 12)
  far.writeUInt16LE(VERSION_64, 14)
  for (const [place, value] of [entries, entries, bytes, offset].entries())
    far.writeBigUInt64LE(BigInt(value), 24 + place * 8)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(offset + bytes), 8)
  locator.writeUInt32LE(1, 16)
  return [far, locator, end]
}

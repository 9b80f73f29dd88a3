import { inflateRawSync } from 'node:zlib'

const LOCAL_HEADER = 0x04034b50

/** The text of an entry of an archive of our own, whose headers say how long each is; not by what the product reads archives with. */
export function zipEntry(archive: Buffer, name: string): string {
  for (let at = 0; at + 30 < archive.length && archive.readUInt32LE(at) === LOCAL_HEADER; ) {
    const packed = archive.readUInt32LE(at + 18)
    const named = at + 30 + archive.readUInt16LE(at + 26)
    const data = named + archive.readUInt16LE(at + 28)
    if (archive.toString('utf8', at + 30, named) === name)
      return inflateRawSync(archive.subarray(data, data + packed)).toString('utf8')
    at = data + packed
  }
  throw new Error(`there is no entry ${name}`)
}

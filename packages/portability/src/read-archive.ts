import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { type Reason, toReason } from '@askwire/contracts'
import { type ArchivedFolders, type ArchiveManifest, archivedFolders, archiveManifest } from './askwire-session.ts'
import type { ByteSource } from './byte-source.ts'
import { type JsonItem, jsonItems } from './json-items.ts'
import { MAX_CONVERSATION_BYTES, MAX_MANIFEST_BYTES, MAX_OWN_BYTES } from './limits.ts'
import { type NeutralConversation, Unreadable } from './neutral.ts'
import { isConversation, readConversation } from './read-conversation.ts'
import { openZip, type ZipEntry } from './zip/zip-reader.ts'

/** Where in a file a conversation stands: reading can go on from there. */
export type Place = { entry: number; index: number }

/** What was found at a place. `total` is how many places are known so far, for progress. */
export type Found =
  | { kind: 'conversation'; place: Place; conversation: NeutralConversation }
  | { kind: 'skipped'; place: Place; what: string; reason: Reason }
  /** The folders of an archive of our own, before any conversation, and again each time reading is gone on with. */
  | { kind: 'folders'; place: Place; folders: ArchivedFolders }
  /** Not a conversation and not meant to be one: another file of the export. */
  | { kind: 'other'; place: Place }

const ZIP_MAGIC = 0x504b0304
const EMPTY_ZIP_MAGIC = 0x504b0506
/** Files of exports that hold conversations; what is malformed in them is told. In any other file what is no conversation is passed over. */
const MEANT = /(^|\/)(conversations[^/]*|sessions\/[^/]+)\.json$/
const MANIFEST = 'manifest.json'
const FOLDERS = 'folders.json'
/** Files of our own archives that hold no conversations. */
const BESIDE: ReadonlySet<string> = new Set([MANIFEST, FOLDERS, 'documents.json'])
/** A session is seldom larger. */
const UNPACKED_ONCE_BYTES = 4 * 1024 * 1024

/**
 * The conversations of an export of any known format, a JSON file or an archive of them, one at a time and from any place on. One that cannot be
 * read is `skipped` with a reason and costs no other. Throws `Unreadable` for a file that is no export at all.
 */
export async function* readArchive(source: ByteSource, from?: Place): AsyncGenerator<Found, void> {
  const magic = await readMagic(source)
  if (magic !== ZIP_MAGIC && magic !== EMPTY_ZIP_MAGIC) {
    const items = jsonItems(source.read(0, source.bytes), { maxBytes: MAX_CONVERSATION_BYTES, from: from?.index ?? 0 })
    yield* readItems(items, {
      ...{ entry: 0, name: '', from: from?.index ?? 0, isMeant: true, isOwn: false },
    })
    return
  }
  const zip = await openZip(source)
  try {
    const manifest = await readManifest(zip.entries)
    const folders = manifest && (await readFolders(zip.entries, manifest))
    if (folders) yield { kind: 'folders', place: from ?? { entry: 0, index: 0 }, folders }
    for (const [entry, file] of zip.entries.entries()) {
      const start = from?.entry === entry ? from.index : 0
      if (entry < (from?.entry ?? 0) || !file.name.endsWith('.json')) continue
      if (file.name === MANIFEST || (manifest && BESIDE.has(file.name))) continue
      yield* readEntry(file, { entry, from: start, sha256: manifest?.entries[file.name]?.sha256 })
    }
  } finally {
    zip.close()
  }
}

type InEntry = { entry: number; name: string; from: number; isMeant: boolean; isOwn: boolean }

const maxBytesOf = ({ isOwn }: InEntry): number => (isOwn ? MAX_OWN_BYTES : MAX_CONVERSATION_BYTES)

async function* readEntry(
  file: ZipEntry,
  { entry, from, sha256 }: { entry: number; from: number; sha256: string | undefined },
): AsyncGenerator<Found, void> {
  const isMeant = MEANT.test(file.name)
  const at: InEntry = { entry, name: file.name, from, isMeant, isOwn: sha256 !== undefined }
  try {
    const text = await openChecked(file, sha256)
    yield* readItems(jsonItems(text, { maxBytes: maxBytesOf(at), from }), at)
  } catch (error) {
    // One file of an archive that is damaged costs no other.
    if (!isMeant) return
    const reason = error instanceof Unreadable ? error.reason : toReason('damaged')
    yield { kind: 'skipped', place: { entry, index: from }, what: label(file.name), reason }
  }
}

/** What is in an entry, once it is known to be what the manifest says: a small one is unpacked once, a large one twice. */
async function openChecked(file: ZipEntry, sha256: string | undefined): Promise<Readable> {
  if (sha256 === undefined) return await file.open()
  const whole = file.bytes <= UNPACKED_ONCE_BYTES ? await collect(await file.open(), file.bytes) : undefined
  if ((await hashOf(whole ? Readable.from([whole]) : await file.open())) !== sha256)
    throw new Unreadable('not_as_in_manifest')
  return whole ? Readable.from([whole]) : await file.open()
}

async function* readItems(items: AsyncIterable<JsonItem>, at: InEntry): AsyncGenerator<Found, void> {
  for await (const item of items) {
    const { index } = item
    if (index < at.from) continue
    const place = { entry: at.entry, index }
    const what = [label(at.name), `#${index + 1}`].filter(Boolean).join(' ')
    if (item.bytes) yield readOne(item.bytes, place, what, at.isMeant)
    else if (at.isMeant)
      yield {
        kind: 'skipped',
        place,
        what,
        reason:
          item.end === 'cut off' ? toReason('cut_off') : toReason('conversation_too_long', { max: maxBytesOf(at) }),
      }
  }
}

function readOne(bytes: Buffer, place: Place, what: string, isMeant: boolean): Found {
  try {
    return { kind: 'conversation', place, conversation: readConversation(bytes) }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    if (!isMeant && !looksLikeOne(bytes)) return { kind: 'other', place }
    return { kind: 'skipped', place, what, reason: error.reason }
  }
}

function looksLikeOne(bytes: Buffer): boolean {
  try {
    return isConversation(JSON.parse(bytes.toString('utf8')))
  } catch {
    return false
  }
}

/** A name of a file inside an archive, as a report may repeat it. */
const label = (name: string): string => name.slice(-100).toWellFormed()

async function readMagic(source: ByteSource): Promise<number> {
  if (source.bytes < 4) return 0
  return (await collect(source.read(0, 4), 4)).readUInt32BE(0)
}

async function readManifest(entries: readonly ZipEntry[]): Promise<ArchiveManifest | undefined> {
  const entry = entries.find(({ name }) => name === MANIFEST)
  if (!entry || entry.bytes > MAX_MANIFEST_BYTES) return undefined
  try {
    return archiveManifest.parse(JSON.parse((await collect(await entry.open(), entry.bytes)).toString('utf8')))
  } catch {
    // Another product's, or damaged: then nothing is held to it.
    return undefined
  }
}

/** Undefined: there are none, or they are not what the manifest says; sessions name their folders themselves. */
async function readFolders(
  entries: readonly ZipEntry[],
  manifest: ArchiveManifest,
): Promise<ArchivedFolders | undefined> {
  const entry = entries.find(({ name }) => name === FOLDERS)
  const sha256 = manifest.entries[FOLDERS]?.sha256
  if (!entry || sha256 === undefined || entry.bytes > MAX_MANIFEST_BYTES) return undefined
  try {
    const text = await collect(await openChecked(entry, sha256), entry.bytes)
    return archivedFolders.parse(JSON.parse(text.toString('utf8')))
  } catch {
    return undefined
  }
}

async function collect(stream: Readable, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > bytes) throw new Unreadable('damaged_archive')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function hashOf(stream: Readable): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of stream as AsyncIterable<Buffer>) hash.update(chunk)
  return hash.digest('hex')
}

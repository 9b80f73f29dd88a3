import { type ExportProblem, exportProblem } from '@askwire/contracts'
import { z } from 'zod'
import {
  ARCHIVE_VERSION,
  type ArchivedDocument,
  type ArchivedFolders,
  type ArchiveManifest,
  type AskwireSession,
} from './askwire-session.ts'
import { toMarkdown } from './render/to-markdown.ts'
import { createZipWriter, type ZipRecord, zippedBytes } from './zip/zip-writer.ts'

/** Problems are told one by one up to here, then only counted. */
export const MAX_PROBLEMS_TOLD = 500

/** What there is of an archive that is not whole yet: enough for another process to go on with it. */
export const archiveState = z.object({
  sessions: z.int(),
  messages: z.int(),
  problems: z.array(exportProblem),
  problemCount: z.int(),
  /** Name, CRC-32, packed and unpacked length, SHA-256; as tuples, for there are two for each session. */
  entries: z.array(z.tuple([z.string(), z.int(), z.int(), z.int(), z.string()])),
})
export type ArchiveState = z.infer<typeof archiveState>

export type ArchiveWriter = {
  /** `sessions/<id>.json` and `.md`. Answers the length of the former. */
  addSession(session: AskwireSession): Promise<number>
  addProblem(problem: ExportProblem): void
  /** `folders.json`, `documents.json` and, last, `manifest.json` with the SHA-256 of every entry. */
  end(rest: { folders: ArchivedFolders; documents: readonly ArchivedDocument[] }): Promise<ArchiveManifest>
  state(): ArchiveState
  /** Bytes written so far, with those before `from`. */
  bytes(): number
}

const NOTHING: ArchiveState = { sessions: 0, messages: 0, problems: [], problemCount: 0, entries: [] }

/** Writes an archive of sessions, one in memory at a time; `from`: behind what another process has written of it. */
export function createArchiveWriter(
  write: (chunk: Buffer) => Promise<void>,
  { createdAt, from = NOTHING }: { createdAt: Date; from?: ArchiveState | undefined },
): ArchiveWriter {
  const zip = createZipWriter(write, { written: from.entries.map(toRecord) })
  const told = { ...from, problems: [...from.problems] }
  return {
    addSession: async (session) => {
      const { bytes } = await zip.add(`sessions/${session.id}.json`, JSON.stringify(session, null, 1))
      await zip.add(`sessions/${session.id}.md`, toMarkdown(session))
      told.sessions += 1
      told.messages += session.messages.length
      return bytes
    },
    addProblem: (problem) => {
      told.problemCount += 1
      if (told.problems.length < MAX_PROBLEMS_TOLD) told.problems.push(problem)
    },
    end: async ({ folders, documents }) => {
      await zip.add('folders.json', JSON.stringify(folders, null, 1))
      await zip.add('documents.json', JSON.stringify(documents, null, 1))
      const { sessions, messages, problems, problemCount } = told
      const manifest: ArchiveManifest = {
        askwire: ARCHIVE_VERSION,
        createdAt: createdAt.toISOString(),
        ...{ sessions, messages, folders: folders.length, documents: documents.length, problems, problemCount },
        entries: Object.fromEntries(zip.records.map(({ name, bytes, sha256 }) => [name, { bytes, sha256 }])),
      }
      await zip.add('manifest.json', JSON.stringify(manifest, null, 1))
      await zip.end()
      return manifest
    },
    state: () => ({ ...told, problems: [...told.problems], entries: zip.records.map(toTuple) }),
    bytes: () => zippedBytes(zip.records),
  }
}

const toTuple = ({ name, crc, packed, bytes, sha256 }: ZipRecord): ArchiveState['entries'][number] => [
  name,
  crc,
  packed,
  bytes,
  sha256,
]
const toRecord = ([name, crc, packed, bytes, sha256]: ArchiveState['entries'][number]): ZipRecord => ({
  ...{ name, crc, packed, bytes, sha256 },
})

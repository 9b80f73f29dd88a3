export {
  ARCHIVE_VERSION,
  type ArchivedDocument,
  type ArchivedFolders,
  type ArchiveManifest,
  type AskwireMessage,
  type AskwireSession,
  archiveManifest,
  askwireSession,
} from './askwire-session.ts'
export type { ByteSource } from './byte-source.ts'
export { MAX_ARCHIVED_BYTES, MAX_MESSAGE_CHARS, MAX_OWN_BYTES, MAX_OWN_MESSAGES } from './limits.ts'
export { type NeutralConversation, type NeutralMessage, Unreadable } from './neutral.ts'
export { type Found, type Place, readArchive } from './read-archive.ts'
export { toHtml } from './render/to-html.ts'
export { toMarkdown } from './render/to-markdown.ts'
export { toAskwireSession } from './to-askwire-session.ts'
export { type ArchiveState, type ArchiveWriter, archiveState, createArchiveWriter } from './write-archive.ts'

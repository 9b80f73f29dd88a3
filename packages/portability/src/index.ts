export {
  ARCHIVE_VERSION,
  type ArchiveManifest,
  type AskwireMessage,
  type AskwireSession,
  archiveManifest,
  askwireSession,
} from './askwire-session.ts'
export type { ByteSource } from './byte-source.ts'
export { type NeutralConversation, type NeutralMessage, Unreadable } from './neutral.ts'
export { type Found, type Place, readArchive } from './read-archive.ts'
export { toHtml } from './render/to-html.ts'
export { toMarkdown } from './render/to-markdown.ts'
export { toAskwireSession } from './to-askwire-session.ts'
export { writeArchive } from './write-archive.ts'

export { deleteDocument, getChunk, getDocument, listDocuments } from '@askwire/store'
export { type IndexProgress, type IndexReport, indexFolder, type KnowledgeDeps } from './index-folder.ts'
export * from './retrieve.ts'
export type { Skipped } from './walk-folder.ts'

import {
  answerStep,
  exportProblem,
  feedbackRequest,
  finishReason,
  resource,
  runError,
  TERMINAL_STATES,
  timings,
  usage,
} from '@askwire/contracts'
import { z } from 'zod'
import { MAX_OWN_MESSAGES } from './limits.ts'

/** The version of `sessions/<id>.json` and of the archive's manifest. A newer one may have fields an older reader passes over. */
export const ARCHIVE_VERSION = 1

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** One message of an exported session. */
export const askwireMessage = z.object({
  id: z.string().min(1).max(200),
  parentId: z.string().max(200).nullable(),
  role: z.enum(['user', 'assistant']),
  content: z.string(),
  createdAt: z.iso.datetime(),
  model: z.string().max(1000).nullable().default(null),
  partial: z.boolean().default(false),
  usage: usage.nullable().default(null),
  finishReason: finishReason.nullable().default(null),
  resources: z.array(resource).max(1000).default([]),
  /** Documents that were asked about, by id and name; they are in no archive themselves. */
  attachments: z
    .array(z.object({ documentId: z.string().max(200), name: z.string().nullable() }))
    .max(1000)
    .default([]),
  /** How an answer was made. */
  steps: z.array(answerStep).max(1000).nullable().default(null),
  /** How the run behind it ended and how long it took: an answer's own, or the newest of a question. */
  run: z
    .object({ status: z.enum(TERMINAL_STATES), timings, error: runError.nullable() })
    .nullable()
    .default(null),
  feedback: z
    .object({
      rating: feedbackRequest.shape.rating,
      reason: feedbackRequest.shape.reason.unwrap().nullable().catch(null),
      comment: z.string().max(2000).nullable(),
      at: z.iso.datetime().nullish(),
    })
    .nullable()
    .default(null),
  summary: z
    .object({ content: z.string(), model: z.string().max(1000), messages: z.int().min(1).max(MAX_OWN_MESSAGES) })
    .nullable()
    .default(null),
})

/** An exported session: all that is needed to have it again, and nothing of the installation it was in. */
export const askwireSession = z.object({
  askwire: z.literal(ARCHIVE_VERSION),
  id: z.string().min(1).max(200),
  /** Where it came from itself, when it was imported: so it is known again. */
  importKey: z.string().min(1).max(300).nullable().default(null),
  title: z.string().nullable(),
  titleSource: z.enum(['auto', 'user']).nullable().default(null),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  tags: z.array(z.string()).default([]),
  folder: z.string().max(200).nullable().default(null),
  pinned: z.boolean().default(false),
  archived: z.boolean().default(false),
  draft: z.string().max(100_000).default(''),
  activeLeafId: z.string().max(200).nullable().default(null),
  messages: z.array(askwireMessage),
  /** Fields of it that are stored, but do not fit this format, and so are not in it. */
  leftOut: z.array(z.string()).default([]),
})
export type AskwireSession = z.infer<typeof askwireSession>
export type AskwireMessage = z.infer<typeof askwireMessage>

/** `folders.json`: all folders in the order they are shown in, those without sessions too. */
export const archivedFolders = z
  .array(z.object({ name: z.string().min(1).max(200), createdAt: z.iso.datetime().nullish() }))
  .max(10_000)
export type ArchivedFolders = z.infer<typeof archivedFolders>

/** `documents.json`: what was indexed. The files themselves are not stored; by name, size and SHA-256 their owner finds them. */
export const archivedDocument = z.object({
  id: z.string(),
  name: z.string(),
  source: z.string(),
  collection: z.string(),
  mediaType: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  addedAt: z.string(),
})
export type ArchivedDocument = z.infer<typeof archivedDocument>

/** `manifest.json` of an archive: what is in it and what is not, and what every entry must hash to (SHA-256, hexadecimal). */
export const archiveManifest = z.object({
  askwire: z.literal(ARCHIVE_VERSION),
  createdAt: z.string(),
  sessions: z.int().nonnegative(),
  messages: z.int().nonnegative(),
  folders: z.int().nonnegative().default(0),
  documents: z.int().nonnegative().default(0),
  problems: z.array(exportProblem).catch([]).default([]),
  problemCount: z.int().nonnegative().default(0),
  entries: z.record(z.string(), z.object({ bytes: z.int().nonnegative(), sha256 })),
})
export type ArchiveManifest = z.infer<typeof archiveManifest>

import { feedbackRequest, finishReason, resource, usage } from '@askwire/contracts'
import { z } from 'zod'
import { MAX_MESSAGES } from './limits.ts'

/** The version of `sessions/<id>.json` and of the archive's manifest. */
export const ARCHIVE_VERSION = 1

/** One message of an exported session. */
export const askwireMessage = z.object({
  id: z.string().min(1).max(200),
  parentId: z.string().max(200).nullable(),
  role: z.enum(['user', 'assistant']),
  content: z.string(),
  createdAt: z.iso.datetime(),
  model: z.string().max(200).nullable().default(null),
  partial: z.boolean().default(false),
  usage: usage.nullable().default(null),
  finishReason: finishReason.nullable().default(null),
  resources: z.array(resource).max(1000).default([]),
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
    .object({ content: z.string(), model: z.string().max(200), messages: z.int().min(1).max(MAX_MESSAGES) })
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
  folder: z.string().max(100).nullable().default(null),
  pinned: z.boolean().default(false),
  archived: z.boolean().default(false),
  draft: z.string().max(100_000).default(''),
  activeLeafId: z.string().max(200).nullable().default(null),
  messages: z.array(askwireMessage),
})
export type AskwireSession = z.infer<typeof askwireSession>
export type AskwireMessage = z.infer<typeof askwireMessage>

/** `manifest.json` of an archive: what is in it, and what every entry must hash to (SHA-256, hexadecimal). */
export const archiveManifest = z.object({
  askwire: z.literal(ARCHIVE_VERSION),
  createdAt: z.string(),
  sessions: z.int().nonnegative(),
  messages: z.int().nonnegative(),
  entries: z.record(z.string(), z.object({ bytes: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
})
export type ArchiveManifest = z.infer<typeof archiveManifest>

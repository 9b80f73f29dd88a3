import { z } from 'zod'
import { uuid } from '../ids.ts'
import { pageQuery, queryFlag } from './page.ts'
import { line } from './text.ts'

export const MAX_TAGS = 20
export const MAX_DRAFT_LENGTH = 100_000
/** How long a deleted session can be restored. */
export const TRASH_DAYS = 30

/** A tag: a short line, compared without regard to case. */
export const tag = line(40)

/** A session as a list shows it. */
export const sessionView = z.object({
  id: z.string(),
  title: z.string().nullable().meta({ description: 'Null until it has one.' }),
  titleSource: z.enum(['auto', 'user']).nullable(),
  tags: z.array(z.string()),
  folderId: z.string().nullable(),
  model: z.string().nullable().meta({ description: 'Of its newest answer.' }),
  pinned: z.boolean(),
  archived: z.boolean(),
  temporary: z.boolean(),
  unread: z.boolean(),
  activeRun: z.boolean().meta({ description: 'A question of it is unfinished.' }),
  shared: z.boolean(),
  forkedFrom: z.object({ sessionId: z.string(), messageId: z.string() }).nullable(),
  access: z.enum(['owner', 'edit', 'view']),
  createdAt: z.string(),
  updatedAt: z.string(),
  deletedAt: z.string().nullable(),
})
export type SessionView = z.infer<typeof sessionView>

/** One session whole: with its draft and the branch that is open in it. */
export const sessionDetail = sessionView.extend({
  draft: z.string(),
  draftVersion: z.int().nonnegative().meta({ description: 'Raised by each new draft.' }),
  activeLeafId: z.string().nullable(),
})
export type SessionDetail = z.infer<typeof sessionDetail>

/** Query of `GET /api/sessions`. Without `trash` deleted ones are left out, without `archived` archived ones. */
export const sessionsQuery = pageQuery.extend({
  archived: queryFlag.optional(),
  pinned: queryFlag.optional(),
  trash: queryFlag.optional(),
  shared: queryFlag.optional().meta({
    description:
      '`true`: sessions of colleagues that are open to me, the one asked in last first; other filters do not apply.',
  }),
  tag: tag.optional(),
  folderId: z.union([uuid, z.literal('none')]).optional(),
  model: line(200).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  sort: z.enum(['updated', 'created', 'title']).default('updated'),
})
export type SessionsQuery = z.infer<typeof sessionsQuery>

/** Body of `POST /api/sessions`. A temporary session is in no list and search and is erased an hour after its last question. */
export const createSessionRequest = z
  .strictObject({
    title: line(200).optional(),
    folderId: uuid.optional(),
    tags: z.array(tag).max(MAX_TAGS).optional(),
    temporary: z.boolean().default(false),
  })
  .default({ temporary: false })
export type CreateSessionRequest = z.infer<typeof createSessionRequest>

/** Body of `PATCH /api/sessions/:sessionId`. `activeLeafId` opens the branch that ends in that message. */
export const updateSessionRequest = z.strictObject({
  title: line(200).nullable().optional(),
  folderId: uuid.nullable().optional(),
  tags: z.array(tag).max(MAX_TAGS).optional(),
  pinned: z.boolean().optional(),
  archived: z.boolean().optional(),
  draft: z
    .string()
    .max(MAX_DRAFT_LENGTH)
    .refine((text) => !text.includes('\u0000') && text.isWellFormed(), 'must be well-formed text')
    .optional(),
  draftVersion: z.int().nonnegative().optional().meta({
    description:
      'With `draft`: of the draft this one was written over; when it is another by now, 409. Without it the last one wins.',
  }),
  activeLeafId: uuid.optional(),
  activeLeafWas: uuid.optional().meta({
    description:
      'With `activeLeafId`: the message it takes the place of; when another branch is open by now, 409. Without it the last one wins.',
  }),
  read: z.literal(true).optional().meta({ description: 'All of it has been seen.' }),
})
export type UpdateSessionRequest = z.infer<typeof updateSessionRequest>

/** Body of `POST /api/sessions/bulk`: all or none; one id that is not the caller's makes it 404. */
export const bulkSessionsRequest = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.enum(['archive', 'unarchive', 'pin', 'unpin', 'delete', 'restore', 'read']),
    ids: z.array(uuid).min(1).max(200),
  }),
  z.strictObject({ action: z.enum(['tag', 'untag']), ids: z.array(uuid).min(1).max(200), tag }),
  z.strictObject({ action: z.literal('move'), ids: z.array(uuid).min(1).max(200), folderId: uuid.nullable() }),
])
export type BulkSessionsRequest = z.infer<typeof bulkSessionsRequest>
export const bulkSessionsResult = z.object({ changed: z.int().nonnegative() })

/** A folder of sessions. */
export const folderView = z.object({
  id: z.string(),
  name: z.string(),
  sessions: z.int().nonnegative(),
  createdAt: z.string(),
})
export type FolderView = z.infer<typeof folderView>
export const folderRequest = z.strictObject({ name: line(100) })

/** A tag with how many sessions have it. */
export const tagCount = z.object({ tag: z.string(), sessions: z.int().positive() })
export type TagCount = z.infer<typeof tagCount>

/** Body of `POST /api/sessions/:sessionId/fork`. */
export const forkRequest = z.strictObject({
  messageId: uuid,
  branches: z
    .enum(['path', 'all'])
    .default('path')
    .meta({ description: 'Only the path to the message, or everything.' }),
})

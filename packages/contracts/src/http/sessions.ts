import { z } from 'zod'
import { uuid } from '../ids.ts'
import { RUN_KINDS } from '../run-states.ts'
import { questionText } from './ask.ts'
import { pageQuery } from './page.ts'
import { reason } from './take-away.ts'
import { email, factorCode, line, password } from './text.ts'

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

const flag = z.enum(['true', 'false']).transform((value) => value === 'true')

/** Query of `GET /api/sessions`. Without `trash` deleted ones are left out, without `archived` archived ones. */
export const sessionsQuery = pageQuery.extend({
  archived: flag.optional(),
  pinned: flag.optional(),
  trash: flag.optional(),
  shared: flag.optional().meta({
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

/** A question that waits in its session. */
export const queuedQuestion = z.object({
  runId: z.string(),
  questionId: z.string(),
  message: z.string(),
  kind: z.enum(RUN_KINDS).meta({ description: '`regenerate`: another answer to a question that was asked before.' }),
  status: z
    .enum(['waiting', 'queued'])
    .meta({ description: '`queued`: it has its turn and can no longer be changed.' }),
  createdAt: z.string(),
})
export type QueuedQuestion = z.infer<typeof queuedQuestion>
/** Body of `PATCH /api/sessions/:sessionId/queue`: the waiting runs in their new order, each exactly once. */
export const reorderQueueRequest = z.strictObject({ runIds: z.array(uuid).min(1).max(1000) })
/** Body of `PATCH /api/sessions/:sessionId/queue/:runId`. */
export const editQueuedRequest = z.strictObject({ message: questionText })
export const queueView = z.object({ items: z.array(queuedQuestion) })

/** Body of `POST /api/sessions/:sessionId/fork`. */
export const forkRequest = z.strictObject({
  messageId: uuid,
  branches: z
    .enum(['path', 'all'])
    .default('path')
    .meta({ description: 'Only the path to the message, or everything.' }),
})

/** Body of `POST /api/sessions/:sessionId/share`. The snapshot is of the branch that ends in `leafId` (default: the open one). */
export const shareRequest = z
  .strictObject({
    leafId: uuid.optional(),
    expiresInDays: z.int().min(1).max(365).optional(),
    password: z.string().min(8).max(200).optional(),
  })
  .default({})
export const shareView = z.object({
  id: z.string(),
  sessionId: z.string(),
  title: z.string().nullable(),
  protected: z.boolean(),
  views: z.int().nonnegative(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
})
export type ShareView = z.infer<typeof shareView>
/** The key is shown once, in `url`. */
export const createdShare = shareView.extend({ url: z.string() })

/** Body of `POST /api/shared/:key` and of its `copy`. */
export const openShareRequest = z.strictObject({ password: z.string().min(1).max(200).optional() }).default({})

/** What a viewer of a share gets, and nothing more. */
export const sharedSnapshot = z.object({
  title: z.string().nullable(),
  sharedAt: z.string(),
  messages: z.array(z.object({ role: z.enum(['user', 'assistant']), content: z.string(), createdAt: z.string() })),
})
export type SharedSnapshot = z.infer<typeof sharedSnapshot>

/** Who else of the tenant may see or continue a session. */
export const memberView = z.object({ userId: z.string(), name: z.string(), access: z.enum(['view', 'edit']) })
export type MemberView = z.infer<typeof memberView>
const memberAccess = z.enum(['view', 'edit'])
/** Body of `POST /api/sessions/:sessionId/members`: a person of the tenant, by id or by the mail address they sign in with. */
export const memberRequest = z.union([
  z.strictObject({ userId: uuid, access: memberAccess }),
  z.strictObject({ email, access: memberAccess }),
])
export const memberList = z.object({ items: z.array(memberView) })

/** Query and items of `GET /api/search`. `highlights` mark what matched by start and end in `snippet`, in UTF-16 code units. */
export const searchQuery = pageQuery.extend({
  q: line(500),
  role: z.enum(['user', 'assistant']).optional(),
  tag: tag.optional(),
  folderId: uuid.optional(),
  archived: flag.optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
})
export type SearchQuery = z.infer<typeof searchQuery>
export const searchHit = z.object({
  kind: z.enum(['message', 'title']),
  sessionId: z.string(),
  sessionTitle: z.string().nullable(),
  messageId: z.string().nullable(),
  role: z.enum(['user', 'assistant']).nullable(),
  snippet: z.string(),
  highlights: z.array(z.object({ start: z.int().nonnegative(), end: z.int().positive() })),
  score: z.number(),
  at: z.string(),
})
export type SearchHit = z.infer<typeof searchHit>

/** Feedback on an answer. */
export const feedbackRequest = z.strictObject({
  rating: z.enum(['up', 'down']),
  reason: z.enum(['wrong', 'incomplete', 'off_topic', 'bad_source', 'unsafe', 'slow', 'helpful', 'other']).optional(),
  comment: z.string().trim().max(2000).optional(),
})
export type FeedbackRequest = z.infer<typeof feedbackRequest>
export const feedbackView = z.object({
  rating: z.enum(['up', 'down']),
  reason: z.string().nullable(),
  comment: z.string().nullable(),
  at: z.string(),
})
export type FeedbackView = z.infer<typeof feedbackView>

/** Query of `GET /api/feedback/stats`. `scope=tenant` needs `audit.read`. */
export const feedbackStatsQuery = z.strictObject({
  scope: z.enum(['own', 'tenant']).default('own'),
  days: z.coerce.number().int().min(1).max(366).default(30),
})
const ratings = { up: z.int().nonnegative(), down: z.int().nonnegative() }
/** Body of `GET /api/feedback/stats`: counts over the days asked for; UTC days without any are absent. */
export const feedbackStats = z.object({
  ...ratings,
  reasons: z.array(z.object({ reason: z.string(), ...ratings })),
  models: z.array(z.object({ model: z.string().nullable(), ...ratings })),
  days: z.array(z.object({ day: z.iso.date(), ...ratings })),
})
export type FeedbackStats = z.infer<typeof feedbackStats>

/** One notice: something of mine has changed, so that another device can follow. The id orders them. */
export const NOTICES = [
  'session.created',
  'session.updated',
  'session.deleted',
  'answer.finished',
  'job.progress',
  'draft.updated',
] as const
export const notice = z.object({
  event: z.enum(NOTICES),
  sessionId: z.string().nullable(),
  jobId: z.string().nullable(),
  at: z.string(),
  data: z.record(z.string(), z.unknown()),
})
export type Notice = z.infer<typeof notice>

/** What came of a job, in the words of its kind. Never text of what was in it. */
export type JobReport = Record<string, unknown>
/** Why a job failed; an import's file also by a reason. */
export const jobError = z.object({ code: z.string(), message: z.string(), reason: reason.optional() })
export type JobError = z.infer<typeof jobError>
/**
 * What `GET /api/notices` says beside the notices: `ready`, the place a stream without an id begins at; `reset`, that what came before this place may
 * have been missed, so that the client loads its lists again.
 */
export const NOTICE_PLACES = ['ready', 'reset'] as const
export const noticePlace = z.object({ event: z.enum(NOTICE_PLACES), at: z.string() })

/** A background job of mine: an export, an import, an erasure. */
export const jobView = z.object({
  id: z.string(),
  kind: z.enum(['export', 'import', 'erase', 'title']),
  status: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
  done: z.int().nonnegative(),
  total: z.int().nonnegative().nullable(),
  report: z.record(z.string(), z.unknown()).nullable().meta({
    description:
      'What came of it. An import: `imported`, `already`, `folders`, `skipped`, `skippedCount`. An export: `sessions`, `messages`, `folders`, `documents`, `bytes`, `problems`, `problemCount`. Each of `skipped` and `problems` has a `code` of a closed list with `params`, and `why`, the same as an English sentence. An erasure: counts.',
  }),
  error: jobError.nullable(),
  downloadUrl: z.string().nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
})
export type JobView = z.infer<typeof jobView>

/** Query of `GET /api/jobs`. Titles, which come by themselves, are left out unless they are asked for. */
export const jobsQuery = pageQuery.extend({ kind: jobView.shape.kind.optional() })
/** Query of `GET /api/sessions/:sessionId/export`. `html` is one page without scripts, for the browser's print. */
export const sessionExportQuery = z.strictObject({ format: z.enum(['markdown', 'json', 'html']).default('markdown') })
/** Body of `POST /api/auth/me/erase`: the password, if there is one, and a fresh code, if there is a second factor. */
export const eraseAccountRequest = z.strictObject({ password: password.optional(), code: factorCode.optional() })
export type EraseAccountRequest = z.infer<typeof eraseAccountRequest>

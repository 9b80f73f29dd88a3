import type { AnswerStep, FinishReason, JobError, PortableRun, Resource, Usage } from '@askwire/contracts'
import type { Generated, GeneratedAlways } from 'kysely'

/** The column `search` of sessions and messages is left out: it is for the index and is never read into a process. */
export type SessionsTable = {
  id: string
  tenantId: string
  userId: string
  title: string | null
  /** Who gave it its title: a model or a rule, or its owner, whom nothing overrules. */
  titleSource: 'auto' | 'user' | null
  folderId: string | null
  pinnedAt: Date | null
  archivedAt: Date | null
  deletedAt: Date | null
  temporary: Generated<boolean>
  /** Set only while another branch than the newest is open; asking clears it. */
  activeLeafId: string | null
  draft: Generated<string>
  /** Raised by each new draft. */
  draftVersion: Generated<number>
  readAt: Generated<Date>
  forkedSessionId: string | null
  forkedMessageId: string | null
  /** Makes an import that is repeated find what it made before. */
  importKey: string | null
  /** Highest ordinal given to a run of this session. */
  lastOrdinal: Generated<number>
  createdAt: Generated<Date>
  updatedAt: Generated<Date>
}

export type MessagesTable = {
  id: string
  tenantId: string
  userId: string
  sessionId: string
  parentId: string | null
  runId: string | null
  role: 'user' | 'assistant'
  content: string
  partial: Generated<boolean>
  model: string | null
  resources: Generated<Resource[]>
  usage: Usage | null
  finishReason: FinishReason | null
  /** Documents by their ids. */
  attachments: Generated<string[]>
  /** Who asked, when it was not the session's owner. */
  authorId: string | null
  imported: Generated<boolean>
  /** How an answer was made. */
  steps: AnswerStep[] | null
  /** Of what was imported: how the run behind it ended, which is not here. */
  importedRun: PortableRun | null
  createdAt: Generated<Date>
}

export type FoldersTable = { id: string; tenantId: string; userId: string; name: string; createdAt: Generated<Date> }

/** `key` is the tag in lower case, by which it is found. */
export type SessionTagsTable = { tenantId: string; userId: string; sessionId: string; key: string; tag: string }

export type MessageFeedbackTable = {
  messageId: string
  tenantId: string
  userId: string
  sessionId: string
  rating: 'up' | 'down'
  reason: string | null
  comment: string | null
  createdAt: Generated<Date>
}

/** Stands for the `messages` messages of a branch up to and including `messageId`. */
export type MessageSummariesTable = {
  messageId: string
  tenantId: string
  userId: string
  sessionId: string
  runId: string | null
  content: string
  model: string
  messages: number
  createdAt: Generated<Date>
}

/** `keyHash` is the SHA-256 of the key; `snapshot` is what viewers get. */
export type SharesTable = {
  id: string
  tenantId: string
  userId: string
  sessionId: string
  keyHash: Buffer
  passwordHash: string | null
  snapshot: unknown
  views: Generated<number>
  createdAt: Generated<Date>
  expiresAt: Date | null
}

/** `userId` is the owner, `memberId` whom the session is open to. */
export type SessionMembersTable = {
  sessionId: string
  tenantId: string
  userId: string
  memberId: string
  access: 'view' | 'edit'
  createdAt: Generated<Date>
}

export type JobsTable = {
  id: string
  /** Order of making; a bigint, so a string here. */
  seq: GeneratedAlways<string>
  tenantId: string
  userId: string
  kind: 'export' | 'import' | 'erase' | 'title'
  status: Generated<'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'>
  input: Generated<Record<string, unknown>>
  /** How far it has come, for whoever goes on with it. */
  state: Record<string, unknown> | null
  report: Record<string, unknown> | null
  error: JobError | null
  done: Generated<number>
  total: number | null
  /** The fencing token. */
  attempt: Generated<number>
  tries: Generated<number>
  workerId: string | null
  leaseUntil: Date | null
  publishedAt: Date | null
  createdAt: Generated<Date>
  startedAt: Date | null
  finishedAt: Date | null
  expiresAt: Date | null
}

export type JobFilesTable = {
  jobId: string
  tenantId: string
  userId: string
  role: 'input' | 'output'
  seq: number
  data: Buffer
}

export type ErasureReceiptsTable = {
  id: string
  tenantId: string
  subjectHash: Buffer
  kind: 'account' | 'session'
  counts: Record<string, number>
  createdAt: Generated<Date>
}

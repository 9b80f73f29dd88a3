import type { DeadLetterReason, Death, RunError, RunState, Usage } from '@askwire/contracts'
import type { Generated, GeneratedAlways } from 'kysely'
import type { ChunksTable, ChunkTermsTable, CollectionsTable, DocumentsTable } from './knowledge-tables.ts'
import type {
  ActivitiesTable,
  ApiTokensTable,
  AuditChainsTable,
  BackupCodesTable,
  GroupMembersTable,
  InvitationsTable,
  LoginsTable,
  OidcIdentitiesTable,
  PasswordResetsTable,
  RefreshTokensTable,
  RolesTable,
  SigningKeysTable,
  TenantsTable,
  TotpEnrolmentsTable,
  UserGroupsTable,
  UsersTable,
} from './people-tables.ts'
import type {
  ErasureReceiptsTable,
  FoldersTable,
  JobFilesTable,
  JobsTable,
  MessageFeedbackTable,
  MessageSummariesTable,
  MessagesTable,
  SessionMembersTable,
  SessionsTable,
  SessionTagsTable,
  SharesTable,
} from './session-tables.ts'

/**
 * The tables as Kysely sees them. Names are camelCase here and snake_case in SQL (a plugin translates identifiers,
 * never the keys inside jsonb). Times are `Date`, written by the database's clock only.
 */
export type Database = {
  tenants: TenantsTable
  users: UsersTable
  sessions: SessionsTable
  messages: MessagesTable
  runs: RunsTable
  leases: LeasesTable
  keptReplies: KeptRepliesTable
  deadLetters: DeadLettersTable
  collections: CollectionsTable
  documents: DocumentsTable
  chunks: ChunksTable
  chunkTerms: ChunkTermsTable
  activities: ActivitiesTable
  apiTokens: ApiTokensTable
  auditChains: AuditChainsTable
  backupCodes: BackupCodesTable
  groupMembers: GroupMembersTable
  invitations: InvitationsTable
  logins: LoginsTable
  oidcIdentities: OidcIdentitiesTable
  passwordResets: PasswordResetsTable
  refreshTokens: RefreshTokensTable
  roles: RolesTable
  signingKeys: SigningKeysTable
  totpEnrolments: TotpEnrolmentsTable
  userGroups: UserGroupsTable
  folders: FoldersTable
  sessionTags: SessionTagsTable
  messageFeedback: MessageFeedbackTable
  messageSummaries: MessageSummariesTable
  shares: SharesTable
  sessionMembers: SessionMembersTable
  jobs: JobsTable
  jobFiles: JobFilesTable
  erasureReceipts: ErasureReceiptsTable
}

export type RunsTable = {
  id: string
  /** Order of acceptance over the whole installation; a bigint, so a string here. */
  seq: GeneratedAlways<string>
  tenantId: string
  userId: string
  sessionId: string
  questionId: string
  answerId: string | null
  ordinal: number | null
  status: RunState
  /** The fencing token: raised by each claim, and by whoever ends a queued or running run from outside. */
  attempt: Generated<number>
  /** Attempts that cost; a graceful hand-back gives its try back. */
  tries: Generated<number>
  workerId: string | null
  leaseUntil: Date | null
  deadlineAt: Date
  model: string | null
  collectionIds: string[] | null
  /** False: the question follows whatever came before it, so its parent is set again when its turn comes. */
  parentGiven: boolean
  idempotencyKey: string | null
  requestHash: string | null
  queuedAt: Date | null
  publishedAt: Date | null
  cancelRequestedAt: Date | null
  error: RunError | null
  usage: Usage | null
  createdAt: Generated<Date>
  /** First claim of all attempts. */
  startedAt: Date | null
  /** Latest claim. */
  claimedAt: Date | null
  firstTokenAt: Date | null
  finishedAt: Date | null
  /** When the terminal event was known to be in the event log. */
  loggedAt: Date | null
  /** Among those that wait: chosen by their owner; else `seq` orders them. A bigint, so a string here. */
  place: string | null
  /** `regenerate`: another answer to a question that has one. */
  kind: Generated<'ask' | 'regenerate'>
}

/** One row per thing that only one process may do at a time. */
/** Request and body are sealed. */
export type KeptRepliesTable = {
  tenantId: string
  userId: string
  key: string
  claimId: string
  request: Buffer
  status: number | null
  body: Buffer | null
  sessionId: string | null
  claimedAt: Generated<Date>
}

export type LeasesTable = { name: string; holder: string; until: Date }

/** A question that no worker could take. The owner is null when its run is not known. */
export type DeadLettersTable = {
  id: string
  /** Makes a letter that is delivered twice one row. */
  fingerprint: string
  tenantId: string | null
  userId: string | null
  sessionId: string | null
  runId: string | null
  messageId: string | null
  reason: DeadLetterReason
  /** The message as it came, cut at a bound. */
  body: Buffer
  /** Its length before it was cut. */
  bodyBytes: number
  deaths: Generated<Death[]>
  receivedAt: Generated<Date>
  replayedAt: Date | null
  replayRunId: string | null
}

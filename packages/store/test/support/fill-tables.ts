import { randomBytes } from 'node:crypto'
import { newId, type Scope } from '@askwire/contracts'
import {
  addChunks,
  ensureCollection,
  ensureEmbeddingIndex,
  ensureOwner,
  type NewChunk,
  recordActivity,
  type Store,
  showDocument,
  startDocument,
  storeDeadLetter,
} from '@askwire/store'
import { sql } from 'kysely'
import { ask } from '../suites/drive.ts'

export const SPACE = { id: 'rows-8', dimensions: 8 }
/** The same for everybody, so that only the owner tells rows apart. */
const VECTOR = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
const IN_AN_HOUR = sql<Date>`clock_timestamp() + interval '1 hour'`

export type Filled = { sessionId: string; runId: string; documentId: string; collectionId: string }

/** At least one row of this user in every table that has an owner; the texts are the same for everybody. */
export async function fillTables(store: Store, scope: Scope, { chunks = 3 } = {}): Promise<Filled> {
  const run = await ask(store, scope, { message: 'the same question' })
  await storeDeadLetter(store, { reason: 'rejected', messageId: run.id, body: Buffer.from('x'), deaths: [], run })
  await fillAccount(store, scope)
  await fillTenant(store, scope)
  await fillSession(store, scope, run)
  return { sessionId: run.sessionId, runId: run.id, ...(await fillKnowledge(store, scope, chunks)) }
}

async function fillKnowledge(store: Store, scope: Scope, count: number) {
  await ensureEmbeddingIndex(store, SPACE)
  const { id: collectionId } = await ensureCollection(store, scope, 'docs')
  const about = { name: 'v', mediaType: 'text/plain', bytes: 1, contentHash: '', indexedAs: '', text: 'same text' }
  const documentId = await startDocument(store, scope, { ...about, collectionId, source: 'v' })
  const chunks = Array.from({ length: count }, (_, index): NewChunk => {
    const place = { index, heading: null, page: null, startOffset: 0, endOffset: 9, text: 'same text' }
    return { ...place, terms: new Map([['same', 1]]), embedding: VECTOR }
  })
  await addChunks(store, scope, { documentId, embedder: SPACE.id }, chunks)
  await showDocument(store, scope, documentId)
  return { documentId, collectionId }
}

async function fillAccount({ db }: Store, scope: Scope): Promise<void> {
  const hash = (): Buffer => randomBytes(32)
  const { userId, tenantId } = scope
  const loginId = newId()
  const from = { address: '192.0.2.1', agent: 'test' }
  const login = { id: loginId, ...scope, method: 'password' as const, ...from, expiresAt: IN_AN_HOUR }
  await db.insertInto('logins').values(login).execute()
  await db.insertInto('refreshTokens').values({ hash: hash(), loginId }).execute()
  const token = { id: newId(), ...scope, name: 't', hash: hash(), prefix: 'sk-', scopes: ['chat.read'] }
  await db.insertInto('apiTokens').values(token).execute()
  await db
    .insertInto('passwordResets')
    .values({ hash: hash(), ...scope, expiresAt: IN_AN_HOUR })
    .execute()
  await db
    .insertInto('oidcIdentities')
    .values({ issuer: 'https://id.example', subject: userId, ...scope })
    .execute()
  const enrolment = { userId, tenantId, sealedSecret: hash(), expiresAt: IN_AN_HOUR }
  await db.insertInto('totpEnrolments').values(enrolment).execute()
  await db.insertInto('backupCodes').values({ userId, tenantId, hash: hash() }).execute()
  const kept = { ...scope, key: 'k', claimId: newId(), request: hash(), status: 201, body: hash() }
  await db.insertInto('keptReplies').values(kept).execute()
  const target = { action: 'account.update', targetType: 'user', targetId: userId } as const
  await recordActivity(db, { ...scope, ...from, requestId: 'r' }, target)
}

async function fillTenant({ db }: Store, { tenantId, userId }: Scope): Promise<void> {
  const { roleId } = await db.selectFrom('users').select('roleId').where('id', '=', userId).executeTakeFirstOrThrow()
  const groupId = newId()
  await db.insertInto('userGroups').values({ id: groupId, tenantId, name: groupId, roleId }).execute()
  await db.insertInto('groupMembers').values({ tenantId, groupId, userId }).execute()
  const invitation = { id: newId(), tenantId, hash: randomBytes(32), roleId, expiresAt: IN_AN_HOUR }
  await db.insertInto('invitations').values(invitation).execute()
}

/** What hangs on a session, and a job with its file. */
async function fillSession(
  store: Store,
  scope: Scope,
  run: { sessionId: string; questionId: string; id: string },
): Promise<void> {
  const { db } = store
  const { sessionId, questionId: messageId } = run
  const of = { ...scope, sessionId }
  const member = { tenantId: scope.tenantId, userId: newId() }
  await ensureOwner(store, member)
  await db
    .insertInto('folders')
    .values({ id: newId(), ...scope, name: 'a folder' })
    .execute()
  await db
    .insertInto('sessionTags')
    .values({ ...of, key: 'same', tag: 'Same' })
    .execute()
  await db
    .insertInto('messageFeedback')
    .values({ ...of, messageId, rating: 'up' })
    .execute()
  const summary = { ...of, messageId, content: 'the same', model: 'rule', messages: 1 }
  await db.insertInto('messageSummaries').values(summary).execute()
  const share = { ...of, id: newId(), keyHash: randomBytes(32), snapshot: '{}' }
  await db.insertInto('shares').values(share).execute()
  await db
    .insertInto('sessionMembers')
    .values({ ...of, memberId: member.userId, access: 'view' })
    .execute()
  const jobId = newId()
  await db
    .insertInto('jobs')
    .values({ id: jobId, ...scope, kind: 'export' })
    .execute()
  const file = { jobId, ...scope, role: 'output' as const, seq: 0, data: Buffer.from('x') }
  await db.insertInto('jobFiles').values(file).execute()
}

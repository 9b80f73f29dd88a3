import { newId, type Scope } from '@askwire/contracts'
import { deleteDocument, ensureCollection, type Store, showDocument, startDocument } from '@askwire/store'
import { describe, expect, test } from '@jest/globals'
import { ask, codeOf, newScope, type Open, offer, requestFacts } from './drive.ts'

/** That sessions and documents are recorded by the statement that makes, replaces or deletes them. */
export function describeRecording(open: Open): void {
  describe('what is recorded', () => {
    const facts = requestFacts()
    const recorded = async (store: Store, scope: Scope) =>
      await store.db
        .selectFrom('activities')
        .select(['action', 'actorId', 'targetId', 'address', 'before', 'after'])
        .where('tenantId', '=', scope.tenantId)
        .orderBy('createdAt')
        .execute()

    test('a new session, once, with who began it from where; not one that was refused', async () => {
      const scope = await newScope(open())
      const key = { idempotencyKey: newId(), facts }
      const { sessionId } = await ask(open(), scope, key)
      await offer(open(), scope, key)
      await ask(open(), scope, { sessionId, facts })
      expect(await codeOf(offer(open(), scope, { parentId: newId(), facts }))).toBe('not_found')
      const entry = { action: 'session.create', actorId: scope.userId, targetId: sessionId, address: facts.address }
      expect(await recorded(open(), scope)).toMatchObject([entry])
    })

    test('a document that comes, is replaced and goes; not one that nobody saw', async () => {
      const scope = await newScope(open())
      const { id: collectionId } = await ensureCollection(open(), scope, 'docs')
      const about = {
        collectionId,
        name: 'a.md',
        source: 'a.md',
        mediaType: 'text/markdown',
        contentHash: '',
        text: 'x',
      }
      const start = async (bytes: number) => await startDocument(open(), scope, { ...about, bytes, indexedAs: '' })
      const [first, second, unseen] = [await start(1), await start(2), await start(3)]
      await showDocument(open(), scope, first)
      await showDocument(open(), scope, second)
      expect(await deleteDocument(open(), scope, unseen)).toBe(true)
      expect(await deleteDocument(open(), scope, second)).toBe(true)
      expect(await deleteDocument(open(), scope, second)).toBe(false)
      const [actorId, address] = [null, '']
      const after = { mediaType: 'text/markdown' }
      expect(await recorded(open(), scope)).toEqual([
        { action: 'document.create', actorId, address, targetId: first, before: null, after: { ...after, bytes: 1 } },
        {
          action: 'document.update',
          actorId,
          address,
          targetId: second,
          before: { id: first, bytes: 1 },
          after: { ...after, bytes: 2 },
        },
        {
          action: 'document.delete',
          actorId,
          address,
          targetId: second,
          before: { bytes: 2 },
          after: null,
        },
      ])
    })
  })
}

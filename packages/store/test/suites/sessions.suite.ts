import { type Actor, newId } from '@askwire/contracts'
import {
  changeSessions,
  createFolder,
  deleteFolder,
  getSession,
  listFolders,
  listSessions,
  listTags,
  openSession,
  renameFolder,
  updateSession,
} from '@askwire/store'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { ask, codeOf, complete, newActor, type Open } from './drive.ts'
import { recordOf } from './people-kit.ts'
import { BY_UPDATE, sessionTools } from './session-tools.ts'

/** Sessions as their owner orders, finds and changes them. */
export function describeSessions(open: Open): void {
  describe('sessions', () => {
    let me: Actor
    let other: Actor
    beforeEach(async () => {
      me = await newActor(open())
      other = await newActor(open())
    })

    const { make, titles, act } = sessionTools(open, () => me)

    test.each(['updated', 'created', 'title'] as const)('are listed by %s, page by page, each once', async (sort) => {
      const names = ['Delta', 'alpha', 'Échó', 'charlie', 'Bravo']
      for (const title of names) await make({ title })
      await make()
      const seen: (string | null)[] = []
      let cursor: string | undefined
      do {
        const page = await listSessions(open(), me, { limit: 2, sort, ...(cursor !== undefined && { cursor }) })
        seen.push(...page.items.map(({ title }) => title))
        cursor = page.nextCursor ?? undefined
      } while (cursor !== undefined)
      if (sort === 'title') {
        const found = seen.filter((title) => title !== 'Échó')
        expect(found).toEqual(['alpha', 'Bravo', 'charlie', 'Delta', null])
        expect(seen).toHaveLength(6)
      } else expect(seen).toEqual([null, ...names.toReversed()])
    })

    test('a cursor that no list gave is refused', async () => {
      for (const sort of ['updated', 'title'] as const)
        for (const cursor of ['x', '%%%', Buffer.from(`${newId()}2`).toString('base64url')])
          expect(await codeOf(listSessions(open(), me, { limit: 2, sort, cursor }))).toBe('invalid_request')
    })

    test('are found by tag, folder, pin, archive and time; each filter leaves the others out', async () => {
      const folder = await createFolder(open(), me, { name: 'Work' })
      await make({ title: 'tagged', tags: ['Ölquelle', 'two'] })
      await make({ title: 'filed', folderId: folder.id })
      const pinned = await make({ title: 'pinned' })
      const archived = await make({ title: 'archived' })
      await updateSession(open(), me, pinned.id, { pinned: true })
      await updateSession(open(), me, archived.id, { archived: true })
      await make({ title: 'temporary', temporary: true })
      await make({ title: 'foreign' }, other)
      expect(await titles()).toEqual(['pinned', 'filed', 'tagged'])
      expect(await titles({ tag: 'ölQUELLE' })).toEqual(['tagged'])
      expect(await titles({ folderId: folder.id })).toEqual(['filed'])
      expect(await titles({ folderId: 'none' })).toEqual(['pinned', 'tagged'])
      expect(await titles({ pinned: true })).toEqual(['pinned'])
      expect(await titles({ pinned: false })).toEqual(['filed', 'tagged'])
      expect(await titles({ archived: true })).toEqual(['archived'])
      expect(await titles({ from: new Date(Date.now() + 3_600_000).toISOString() })).toEqual([])
      expect(await titles({ to: new Date(Date.now() + 3_600_000).toISOString() })).toHaveLength(3)
      expect(await listFolders(open(), me)).toMatchObject([{ name: 'Work', sessions: 1 }])
      expect(await listTags(open(), me)).toEqual([
        { tag: 'two', sessions: 1 },
        { tag: 'Ölquelle', sessions: 1 },
      ])
    })

    test('one tells its model, whether something is under way in it and whether its answer was seen', async () => {
      const run = await ask(open(), me)
      const view = async () => (await listSessions(open(), me, BY_UPDATE)).items[0]
      expect(await view()).toMatchObject({ activeRun: true, unread: false, model: null, access: 'owner' })
      await complete(open(), run)
      expect(await view()).toMatchObject({ activeRun: false, unread: true, model: 'offline' })
      expect((await listSessions(open(), me, { ...BY_UPDATE, model: 'offline' })).items).toHaveLength(1)
      expect((await listSessions(open(), me, { ...BY_UPDATE, model: 'other' })).items).toEqual([])
      expect(await updateSession(open(), me, run.sessionId, { read: true })).toMatchObject({ unread: false })
    })

    test('a change keeps the rest, does not move it in the list, and is recorded without what was written', async () => {
      const { id, updatedAt } = await make({ title: 'first', tags: ['a'] })
      const changed = await updateSession(open(), me, id, {
        title: 'secret title',
        tags: ['b', 'B', 'c'],
        pinned: true,
        draft: 'half a question',
      })
      expect(changed).toMatchObject({ title: 'secret title', titleSource: 'user', pinned: true, updatedAt })
      expect(changed).toMatchObject({ tags: ['b', 'c'], draft: 'half a question' })
      expect(await updateSession(open(), me, id, { title: null })).toMatchObject({ title: null, titleSource: null })
      const record = await recordOf(open(), id)
      expect(record.map(({ action }) => action)).toEqual(['session.create', 'session.update', 'session.update'])
      expect(record[1]?.after).toEqual({ title: 'changed', tags: 2, pinned: true })
      expect(JSON.stringify(record)).not.toContain('secret')
      await updateSession(open(), me, id, { draft: 'more' })
      expect(await recordOf(open(), id)).toHaveLength(3)
    })

    test('the branch that is open is one of its own', async () => {
      const run = await ask(open(), me)
      const foreign = await ask(open(), me)
      const set = async (activeLeafId: string) => await updateSession(open(), me, run.sessionId, { activeLeafId })
      expect(await set(run.questionId)).toMatchObject({ activeLeafId: run.questionId })
      expect(await codeOf(set(foreign.questionId))).toBe('not_found')
    })

    test('a branch that is followed to its end gives way to one that was opened meanwhile', async () => {
      const { sessionId, questionId } = await ask(open(), me)
      const { questionId: activeLeafId } = await ask(open(), me, { sessionId })
      const { questionId: opened } = await ask(open(), me, { sessionId })
      const follow = () => updateSession(open(), me, sessionId, { activeLeafId, activeLeafWas: questionId })
      await updateSession(open(), me, sessionId, { activeLeafId: opened })
      expect(await codeOf(follow())).toBe('conflict')
      expect((await getSession(open(), me, sessionId)).activeLeafId).toBe(opened)
      await updateSession(open(), me, sessionId, { activeLeafId: questionId })
      expect(await follow()).toMatchObject({ activeLeafId })
    })

    test('many are changed all or none', async () => {
      const [one, two] = [await make({ title: 'one' }), await make({ title: 'two' })]
      const foreign = await make({}, other)
      const ids = [one.id, two.id]
      for (const bad of [foreign.id, newId()]) expect(await codeOf(act('delete', ...ids, bad))).toBe('not_found')
      expect(await titles()).toEqual(['two', 'one'])
      const folder = await createFolder(open(), me, { name: 'F' })
      const theirs = await createFolder(open(), other, { name: 'F' })
      const move = async (folderId: string) => await changeSessions(open(), me, { action: 'move', ids, folderId })
      expect(await codeOf(move(theirs.id))).toBe('not_found')
      expect((await move(folder.id)).ids.toSorted()).toEqual(ids.toSorted())
      await changeSessions(open(), me, { action: 'tag', ids: [...ids, ...ids], tag: 'Both' })
      expect(await listTags(open(), me)).toEqual([{ tag: 'Both', sessions: 2 }])
      await changeSessions(open(), me, { action: 'untag', ids: [one.id], tag: 'BOTH' })
      expect(await listTags(open(), me)).toEqual([{ tag: 'Both', sessions: 1 }])
      expect((await listSessions(open(), other, BY_UPDATE)).items).toHaveLength(1)
    })

    test('the twenty-first tag is refused', async () => {
      const { id } = await make({ tags: Array.from({ length: 20 }, (_, at) => `t${at}`) })
      const more = changeSessions(open(), me, { action: 'tag', ids: [id], tag: 'one more' })
      expect(await codeOf(more)).toBe('invalid_request')
      expect((await getSession(open(), me, id)).tags).toHaveLength(20)
    })

    test('folders have one name each, and leave their sessions behind', async () => {
      const folder = await createFolder(open(), me, { name: 'Work' })
      expect(await codeOf(createFolder(open(), me, { name: 'wORK' }))).toBe('conflict')
      const { id } = await make({ folderId: folder.id })
      expect(await renameFolder(open(), me, folder.id, { name: 'Play' })).toMatchObject({ name: 'Play', sessions: 1 })
      for (const call of [
        () => renameFolder(open(), other, folder.id, { name: 'x' }),
        () => deleteFolder(open(), other, folder.id),
        () => make({ folderId: folder.id }, other),
      ])
        expect(await codeOf(call())).toBe('not_found')
      await deleteFolder(open(), me, folder.id)
      expect(await getSession(open(), me, id)).toMatchObject({ folderId: null })
    })

    test('foreign ones are not there', async () => {
      const { id } = await make({}, other)
      const calls = [
        () => getSession(open(), me, id),
        () => updateSession(open(), me, id, { title: 'mine' }),
        () => openSession(open(), me, id, 'view'),
        () => act('archive', id),
      ]
      for (const call of calls) expect(await codeOf(call())).toBe('not_found')
    })
  })
}

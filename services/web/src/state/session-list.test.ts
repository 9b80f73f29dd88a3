import type { SessionView } from '@askwire/contracts'
import { describe, expect, test } from '@jest/globals'
import { dropSession, isListed, type ListFilter, orderSessions, putSession } from './session-list.ts'

function session(id: string, minute: number, more: Partial<SessionView> = {}): SessionView {
  const at = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()
  return {
    ...{ id, title: id, titleSource: null, tags: [], folderId: null, model: null, forkedFrom: null, access: 'owner' },
    ...{ pinned: false, archived: false, temporary: false, unread: false, activeRun: false, shared: false },
    ...{ createdAt: at, updatedAt: at, deletedAt: null },
    ...more,
  }
}
const OPEN: ListFilter = { kind: 'open' }
const ids = (list: readonly SessionView[]): string[] => list.map(({ id }) => id)

describe('the list of sessions', () => {
  test('has pinned ones first, then the newest, each once', () => {
    const list = [session('a', 1), session('b', 3), session('c', 2, { pinned: true }), session('a', 4)]
    expect(ids(orderSessions(list, OPEN))).toEqual(['c', 'a', 'b'])
  })

  test('has the trash in the order of time alone', () => {
    const gone = { deletedAt: '2026-01-02T00:00:00.000Z' }
    const list = [session('a', 1, { ...gone, pinned: true }), session('b', 2, gone)]
    expect(ids(orderSessions(list, { kind: 'trash' }))).toEqual(['b', 'a'])
  })

  test('a session that was asked in moves up; one that was archived leaves', () => {
    const list = [session('b', 2), session('a', 1)]
    expect(ids(putSession(list, session('a', 3), OPEN))).toEqual(['a', 'b'])
    expect(ids(putSession(list, session('b', 2, { archived: true }), OPEN))).toEqual(['a'])
    expect(ids(dropSession(list, 'a'))).toEqual(['b'])
  })

  test('shows what its filter names', () => {
    const deletedAt = '2026-01-02T00:00:00.000Z'
    const tagged = session('a', 1, { tags: ['Rust'], folderId: 'f' })
    expect(isListed(tagged, { kind: 'tag', tag: 'rust' })).toBe(true)
    expect(isListed(tagged, { kind: 'tag', tag: 'go' })).toBe(false)
    expect(isListed(tagged, { kind: 'folder', folderId: 'f' })).toBe(true)
    expect(isListed(tagged, { kind: 'folder', folderId: 'g' })).toBe(false)
    expect(isListed({ ...tagged, archived: true }, { kind: 'tag', tag: 'rust' })).toBe(false)
    expect(isListed({ ...tagged, archived: true }, { kind: 'archived' })).toBe(true)
    expect(isListed({ ...tagged, deletedAt }, OPEN)).toBe(false)
    expect(isListed({ ...tagged, archived: true, deletedAt }, { kind: 'archived' })).toBe(false)
    expect(isListed({ ...tagged, archived: true, deletedAt }, { kind: 'trash' })).toBe(true)
    expect(isListed({ ...tagged, temporary: true }, OPEN)).toBe(false)
  })

  test('has what colleagues have opened in a list of its own', () => {
    const theirs = session('a', 1, { access: 'view', pinned: true })
    expect(isListed(theirs, { kind: 'shared' })).toBe(true)
    expect(isListed(theirs, OPEN)).toBe(false)
    expect(isListed(session('b', 2, { shared: true }), { kind: 'shared' })).toBe(false)
    expect(ids(orderSessions([theirs, session('b', 2, { access: 'edit' })], { kind: 'shared' }))).toEqual(['b', 'a'])
  })
})

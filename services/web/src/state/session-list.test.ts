import type { SessionView } from '@askwire/contracts'
import { describe, expect, test } from '@jest/globals'
import { type Arrangement, PLAIN } from './arrangement.ts'
import { dropSession, isListed, joinSessions, type ListFilter, type ListView, putSession } from './session-list.ts'

function session(id: string, minute: number, more: Partial<SessionView> = {}): SessionView {
  const at = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()
  return {
    ...{ id, title: id, titleSource: null, tags: [], folderId: null, model: null, forkedFrom: null, access: 'owner' },
    ...{ pinned: false, archived: false, temporary: false, unread: false, activeRun: false, shared: false },
    ...{ createdAt: at, updatedAt: at, deletedAt: null },
    ...more,
  }
}
const view = (filter: ListFilter, arrangement: Arrangement = PLAIN): ListView => ({ filter, arrangement })
const OPEN = view({ kind: 'open' })
const ids = (list: readonly SessionView[]): string[] => list.map(({ id }) => id)
const listed = (one: SessionView, filter: ListFilter): boolean => isListed(one, view(filter))
const deletedAt = '2026-01-02T00:00:00.000Z'

describe('the list of sessions', () => {
  test('has pinned ones first, then the newest, each once', () => {
    const list = [session('c', 2, { pinned: true }), session('b', 3), session('a', 1)]
    expect(ids(putSession(list, session('a', 4), OPEN))).toEqual(['c', 'a', 'b'])
    expect(ids(putSession(list, session('a', 1, { pinned: true }), OPEN))).toEqual(['c', 'a', 'b'])
  })

  test('has the trash in the order of time alone', () => {
    const list = [session('b', 2, { deletedAt })]
    const trash = view({ kind: 'trash' })
    expect(ids(putSession(list, session('a', 1, { deletedAt, pinned: true }), trash))).toEqual(['b', 'a'])
  })

  test('a session that was asked in moves up; one that was archived leaves', () => {
    const list = [session('b', 2), session('a', 1)]
    expect(ids(putSession(list, session('a', 3), OPEN))).toEqual(['a', 'b'])
    expect(ids(putSession(list, session('b', 2, { archived: true }), OPEN))).toEqual(['a'])
    expect(ids(dropSession(list, 'a'))).toEqual(['b'])
  })

  test('shows what its filter names', () => {
    const tagged = session('a', 1, { tags: ['Rust'], folderId: 'f' })
    expect(listed(tagged, { kind: 'tag', tag: 'rust' })).toBe(true)
    expect(listed(tagged, { kind: 'tag', tag: 'go' })).toBe(false)
    expect(listed(tagged, { kind: 'folder', folderId: 'f' })).toBe(true)
    expect(listed(tagged, { kind: 'folder', folderId: 'g' })).toBe(false)
    expect(listed({ ...tagged, archived: true }, { kind: 'tag', tag: 'rust' })).toBe(false)
    expect(listed({ ...tagged, archived: true }, { kind: 'archived' })).toBe(true)
    expect(listed({ ...tagged, deletedAt }, { kind: 'open' })).toBe(false)
    expect(listed({ ...tagged, archived: true, deletedAt }, { kind: 'archived' })).toBe(false)
    expect(listed({ ...tagged, archived: true, deletedAt }, { kind: 'trash' })).toBe(true)
    expect(listed({ ...tagged, temporary: true }, { kind: 'open' })).toBe(false)
  })

  test('has what colleagues have opened in a list of its own, which is sorted and filtered by nothing', () => {
    const theirs = session('a', 1, { access: 'view', pinned: true })
    const shared = view({ kind: 'shared' }, { sort: 'title', model: 'gpt-x' })
    expect(isListed(theirs, shared)).toBe(true)
    expect(isListed(theirs, OPEN)).toBe(false)
    expect(isListed(session('b', 2, { shared: true }), shared)).toBe(false)
    expect(ids(putSession([theirs], session('b', 2, { access: 'edit' }), shared))).toEqual(['b', 'a'])
  })
})

describe('a list that is sorted or filtered', () => {
  test('by when sessions were made: a question does not move one', () => {
    const byCreation = view({ kind: 'open' }, { sort: 'created' })
    const [older, newer] = [session('a', 1), session('b', 2)]
    const asked = { ...older, updatedAt: newer.updatedAt.replace('2026', '2027') }
    expect(ids(putSession([newer, older], asked, byCreation))).toEqual(['b', 'a'])
    expect(ids(putSession([newer, older], session('c', 3), byCreation))).toEqual(['c', 'b', 'a'])
  })

  test('by name, without regard to case; those without one come last, and the others stay where the gateway put them', () => {
    const byName = view({ kind: 'open' }, { sort: 'title' })
    // Not in this page's order, but in the database's.
    const list = [
      session('1', 1, { title: 'Äther' }),
      session('2', 2, { title: 'bee' }),
      session('3', 3, { title: 'Cat' }),
    ]
    expect(ids(putSession(list, session('4', 4, { title: 'BIRD' }), byName))).toEqual(['4', '1', '2', '3'])
    expect(ids(putSession(list.slice(1), session('4', 4, { title: 'BIRD' }), byName))).toEqual(['2', '4', '3'])
    expect(ids(putSession(list, session('0', 9, { title: null }), byName))).toEqual(['1', '2', '3', '0'])
    expect(ids(putSession(list, { ...session('2', 9), title: 'bee', unread: true }, byName))).toEqual(['1', '2', '3'])
  })

  test('by model and day: what does not fit (any more) is not in it', () => {
    const at = new Date(2026, 4, 10, 12).toISOString()
    const one = session('a', 1, { model: 'gpt-x', createdAt: at })
    const fits = (arrangement: Arrangement, of = one): boolean => isListed(of, view({ kind: 'open' }, arrangement))
    expect(fits({ sort: 'created', model: 'gpt-x', from: '2026-05-10', to: '2026-05-10' })).toBe(true)
    expect(fits({ sort: 'created', from: '2026-05-11' })).toBe(false)
    expect(fits({ sort: 'created', to: '2026-05-09' })).toBe(false)
    // Days are of what is sorted by.
    expect(fits({ sort: 'updated', from: '2026-05-10' })).toBe(false)
    expect(fits({ sort: 'updated', model: 'gpt-y' })).toBe(false)
    const list = putSession(
      [one],
      { ...one, model: 'gpt-y' },
      view({ kind: 'open' }, { sort: 'updated', model: 'gpt-x' }),
    )
    expect(list).toEqual([])
  })
})

describe('a list with more pages', () => {
  const list = [session('c', 3), session('b', 2)]

  test('leaves what would come last to those', () => {
    expect(ids(putSession(list, session('a', 1), OPEN, false))).toEqual(['c', 'b'])
    expect(ids(putSession(list, session('a', 1), OPEN, true))).toEqual(['c', 'b', 'a'])
    expect(ids(putSession(list, session('d', 4), OPEN, false))).toEqual(['d', 'c', 'b'])
  })

  test('takes a page in without showing anything twice', () => {
    const seen = session('b', 2, { title: 'as it is now' })
    expect(joinSessions([list[0] ?? seen, seen], [session('b', 2), session('a', 1)])).toEqual([
      session('c', 3),
      seen,
      session('a', 1),
    ])
  })
})

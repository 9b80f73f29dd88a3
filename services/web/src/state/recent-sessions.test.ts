import { describe, expect, test } from '@jest/globals'
import { parseRecentSessions, type RecentSession, rememberSession } from './recent-sessions.ts'

const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`

describe('recent sessions', () => {
  test('the newest is first, once, and keeps its first name', () => {
    let list: RecentSession[] = []
    list = rememberSession(list, { id: id(1), question: '  What\n is it? ', at: 1 })
    list = rememberSession(list, { id: id(2), question: 'Why?', at: 2 })
    list = rememberSession(list, { id: id(1), question: 'And then?', at: 3 })
    expect(list.map(({ title, at }) => [title, at])).toEqual([
      ['What is it?', 3],
      ['Why?', 2],
    ])
  })

  test('the list is bounded', () => {
    let list: RecentSession[] = []
    for (let n = 0; n < 80; n += 1) list = rememberSession(list, { id: id(n), question: 'x'.repeat(999), at: n })
    expect(list).toHaveLength(50)
    expect(list[0]?.id).toBe(id(79))
    expect(list[0]?.title).toHaveLength(120)
  })

  test('stored text that is no such list is passed over', () => {
    const good = { id: id(1), title: 'What?', at: 1 }
    expect(
      parseRecentSessions(JSON.stringify([good, { id: 'javascript:alert(1)', title: '', at: 1 }, 7, null])),
    ).toEqual([good])
    for (const text of [null, '', '{', '7', '{"a":1}']) expect(parseRecentSessions(text)).toEqual([])
  })
})

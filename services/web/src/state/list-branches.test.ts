import { describe, expect, test } from '@jest/globals'
import { listBranches } from './list-branches.ts'

const message = (id: string, parentId: string | null, role: 'user' | 'assistant') => ({
  ...{ id, parentId, role, content: `text of ${id}` },
  createdAt: `2026-01-01T00:00:0${id.slice(1)}.000Z`,
})

describe('the branches of a session', () => {
  test('end where nothing follows, and are called by what was asked last', () => {
    const tree = [
      message('m1', null, 'user'),
      message('m2', 'm1', 'assistant'),
      message('m3', 'm2', 'user'),
      message('m4', 'm3', 'assistant'),
      message('m5', 'm2', 'user'),
      message('m6', 'm1', 'assistant'),
    ]
    expect(listBranches(tree)).toEqual([
      { leafId: 'm6', question: 'text of m1', at: '2026-01-01T00:00:06.000Z' },
      { leafId: 'm5', question: 'text of m5', at: '2026-01-01T00:00:05.000Z' },
      { leafId: 'm4', question: 'text of m3', at: '2026-01-01T00:00:04.000Z' },
    ])
  })

  test('are none of an empty session, and one whose beginning is not known is called by its end', () => {
    expect(listBranches([])).toEqual([])
    expect(listBranches([message('m9', 'm8', 'assistant')])).toEqual([
      { leafId: 'm9', question: 'text of m9', at: '2026-01-01T00:00:09.000Z' },
    ])
  })
})

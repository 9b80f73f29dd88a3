import type { Page, SessionView } from '@askwire/contracts'
import { expect, test } from '@jest/globals'
import { type PartPage, pinnedFirst } from './pinned-first.ts'

const names = (part: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${part}${at}`)

/** Two lists in pages of two, as the gateway has them: a cursor of one means nothing in the other. */
function gateway(pinned: number, others: number): { pageOf: PartPage; asked: string[] } {
  const asked: string[] = []
  const pageOf: PartPage = async (part) => {
    asked.push(`${part.pinned ? 'p' : 'o'} ${part.cursor}`)
    const name = part.pinned ? 'p' : 'o'
    const all = names(name, part.pinned ? pinned : others)
    if (part.cursor !== undefined && !part.cursor.startsWith(name)) throw new Error('a cursor of another list')
    const from = part.cursor === undefined ? 0 : all.indexOf(part.cursor)
    const items = all.slice(from, from + 2).map((id) => ({ id }) as SessionView)
    return { items, nextCursor: all[from + 2] ?? null }
  }
  return { pageOf, asked }
}

async function readAll(pageOf: PartPage): Promise<string[][]> {
  const pages: string[][] = []
  let cursor: string | undefined
  do {
    const page: Page<SessionView> = await pinnedFirst(pageOf, cursor)
    pages.push(page.items.map(({ id }) => id))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return pages
}

test('all pages of the pinned ones come before the others', async () => {
  const { pageOf } = gateway(5, 3)
  expect(await readAll(pageOf)).toEqual([['p0', 'p1'], ['p2', 'p3'], ['p4', 'o0', 'o1'], ['o2']])
})

test('few that are pinned come with the first of the others, both asked for at once', async () => {
  const { pageOf, asked } = gateway(1, 3)
  expect(await readAll(pageOf)).toEqual([['p0', 'o0', 'o1'], ['o2']])
  expect(asked).toEqual(['p undefined', 'o undefined', 'o o2'])
})

test('there may be none of either', async () => {
  expect(await readAll(gateway(0, 0).pageOf)).toEqual([[]])
  expect(await readAll(gateway(3, 0).pageOf)).toEqual([['p0', 'p1'], ['p2']])
})

import type { Page, SessionView } from '@askwire/contracts'

/** Asks for a page of the pinned sessions, or of the others. */
export type PartPage = (part: { pinned: boolean; cursor: string | undefined }) => Promise<Page<SessionView>>

const PARTS = ['pinned', 'others'] as const

/**
 * A page of the list that has all pinned sessions first and then the others. The gateway does not put them first, so they are two lists
 * there, one read to its end before the other goes on; the cursor says which of the two it is of.
 */
export async function pinnedFirst(pageOf: PartPage, cursor: string | undefined): Promise<Page<SessionView>> {
  const part = PARTS.find((name) => cursor?.startsWith(`${name} `))
  const place = part && cursor?.slice(part.length + 1)
  if (part === 'others') return marked('others', await pageOf({ pinned: false, cursor: place }))
  const firstOthers = (): Promise<Page<SessionView>> => pageOf({ pinned: false, cursor: undefined })
  const [pinned, ready] = await Promise.all([
    pageOf({ pinned: true, cursor: place }),
    // As a rule one page has all that are pinned, and nobody waits twice.
    cursor === undefined ? firstOthers() : undefined,
  ])
  if (pinned.nextCursor !== null) return marked('pinned', pinned)
  const others = ready ?? (await firstOthers())
  return marked('others', { items: [...pinned.items, ...others.items], nextCursor: others.nextCursor })
}

const marked = (part: (typeof PARTS)[number], { items, nextCursor }: Page<SessionView>): Page<SessionView> => ({
  items,
  nextCursor: nextCursor === null ? null : `${part} ${nextCursor}`,
})

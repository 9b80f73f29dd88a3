import type { MessageView, Page } from '@askwire/contracts'
import { requestJson } from './http-client.ts'
import { queryOf } from './query-of.ts'

const PAGE = 100
/** A fork or a share has no more messages than this, and nobody prints more. */
const MAX_PAGES = 50

/** The messages of a session's open branch, or of `all` branches, oldest first; of very many the newest. */
export async function listBranch(sessionId: string, branch: 'active' | 'all'): Promise<MessageView[]> {
  const newestFirst: MessageView[] = []
  let cursor: string | undefined
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = queryOf({ limit: PAGE, branch, cursor })
    const path = `/api/sessions/${encodeURIComponent(sessionId)}/messages${query}`
    const { items, nextCursor } = await requestJson<Page<MessageView>>(path)
    newestFirst.push(...items)
    if (nextCursor === null) break
    cursor = nextCursor
  }
  return newestFirst.reverse()
}

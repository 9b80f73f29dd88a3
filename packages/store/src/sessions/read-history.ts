import type { Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Store } from '../store.ts'
import { asScope } from '../with-scope.ts'

type Turn = { role: 'user' | 'assistant'; content: string }

/** What comes before a question. `overflow` is what fits neither in `history` nor is in `summary`, all up to and including `upTo`. */
export type History = {
  history: Turn[]
  summary?: string
  overflow?: { turns: Turn[]; upTo: string; messages: number }
}

/** Messages that do not fit are read up to so many, and so much of each. */
const MAX_OVERFLOW_MESSAGES = 2000
const MAX_OVERFLOW_CHARS = 200_000
const MIN_TURN_CHARS = 200
const MAX_TURN_CHARS = 4000

type Row = {
  id: string
  parentId: string | null
  role: Turn['role']
  content: string
  summary: string | null
  summarised: number
}

/**
 * The branch that ends in `leafId`: the messages after the newest summary on it, and that summary. When they do not fit, the newest that
 * fill half of the bounds are kept, so that it does not have to be condensed at every question, and the others overflow. One statement as
 * long as nothing does. Takes a scope: the worker acts for its run's owner.
 */
export async function readHistory(
  store: Store,
  scope: Scope,
  branch: { sessionId: string; leafId: string; maxMessages: number; maxChars: number },
): Promise<History> {
  const { sessionId, leafId, maxMessages, maxChars } = branch
  if (maxChars === 0) return { history: [] }
  const rows = await walkUp(store, scope, { sessionId, from: leafId, rows: maxMessages + 1, chars: maxChars })
  const base = rows.at(-1)?.summary === null ? undefined : rows.at(-1)
  const turns = base ? rows.slice(0, -1) : rows
  if (fitting(turns, maxMessages, maxChars) === turns.length) return toHistory(turns, base)
  const kept = keptOf(turns, maxMessages, maxChars)
  const last = rows.at(-1)
  const older =
    base || !last || last.parentId === null
      ? []
      : await walkUp(store, scope, { sessionId, from: last.parentId, rows: MAX_OVERFLOW_MESSAGES, chars: null })
  const below = older.at(-1)?.summary == null ? undefined : older.at(-1)
  const overflow = [...turns.slice(kept), ...(below ? older.slice(0, -1) : older)]
  return { ...toHistory(turns.slice(0, kept), base ?? below), ...toOverflow(overflow, base ?? below) }
}

/** From a message upwards, newest first, to the root, a message with a summary, or the first that goes beyond the bounds; that one too. */
async function walkUp(
  store: Store,
  { tenantId, userId }: Scope,
  walk: { sessionId: string; from: string; rows: number; chars: number | null },
): Promise<Row[]> {
  const content = walk.chars === null ? sql`left(m.content, ${MAX_TURN_CHARS})` : sql`m.content`
  const { rows } = await sql<Row>`
    with recursive branch as (
      select m.id, m.parent_id, m.role, ${content} as content, 1 as depth, char_length(m.content) as chars,
        s.content as summary, s.messages as summarised
      from messages m left join message_summaries s on s.message_id = m.id
      where m.session_id = ${walk.sessionId} and m.id = ${walk.from} and m.tenant_id = ${tenantId} and m.user_id = ${userId}
      union all
      select m.id, m.parent_id, m.role, ${content}, b.depth + 1, b.chars + char_length(m.content), s.content, s.messages
      from branch b join messages m on m.session_id = ${walk.sessionId} and m.id = b.parent_id
        left join message_summaries s on s.message_id = m.id
      where b.summary is null and b.depth < ${walk.rows} and (${walk.chars}::int is null or b.chars <= ${walk.chars}::int)
    )
    select id, parent_id, role, content, summary, summarised from branch order by depth`.execute(
    asScope(store, { tenantId, userId }),
  )
  return rows
}

/** How many of these, newest first, fit. */
function fitting(turns: readonly Row[], maxMessages: number, maxChars: number): number {
  let chars = 0
  const over = turns.findIndex((turn, index) => {
    chars += turn.content.length
    return index >= maxMessages || chars > maxChars
  })
  return over === -1 ? turns.length : over
}

/** Half of what fits, and never an answer without its question. */
function keptOf(turns: readonly Row[], maxMessages: number, maxChars: number): number {
  const halves = fitting(turns, Math.floor(maxMessages / 2), Math.floor(maxChars / 2))
  for (const count of [halves, fitting(turns, maxMessages, maxChars)]) {
    const first = turns.slice(0, count).findLastIndex((turn) => turn.role === 'user')
    if (first >= 0) return first + 1
  }
  return 0
}

function toHistory(turns: readonly Row[], base: Row | undefined): History {
  const history = turns.map(({ role, content }) => ({ role, content })).reverse()
  return { history, ...(base?.summary != null && { summary: base.summary }) }
}

function toOverflow(rows: readonly Row[], base: Row | undefined): Pick<History, 'overflow'> {
  const [newest] = rows
  if (!newest) return {}
  const share = Math.min(MAX_TURN_CHARS, Math.max(MIN_TURN_CHARS, Math.floor(MAX_OVERFLOW_CHARS / rows.length)))
  const turns = rows.map(({ role, content }) => ({ role, content: content.slice(0, share) })).reverse()
  return { overflow: { turns, upTo: newest.id, messages: rows.length + (base?.summarised ?? 0) } }
}

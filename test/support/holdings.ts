import type { FolderView, MessageView, Page } from '@askwire/contracts'
import { call } from './client.ts'
import type { Person } from './sign-up.ts'
import type { Stack } from './stack.ts'

/** Columns that are not taken along: ids and what is of an installation, a run, a device. All others are compared, also those that come later. */
const LEFT = {
  sessions: `{id,tenant_id,user_id,search,import_key,last_ordinal,read_at,draft_version,forked_session_id,forked_message_id,folder_id,active_leaf_id,pinned_at,archived_at,created_at,updated_at}`,
  messages: `{id,tenant_id,user_id,session_id,parent_id,run_id,search,author_id,imported,imported_run,created_at}`,
  feedback: `{message_id,tenant_id,user_id,session_id,created_at}`,
  summary: `{message_id,tenant_id,user_id,session_id,run_id,created_at}`,
} as const
const left = (table: keyof typeof LEFT): string => `'${LEFT[table]}'::text[]`
const ms = (column: string): string => `date_trunc('milliseconds', ${column})`

/** Rows in place of what names them, times to the millisecond. */
const SESSIONS = `
  select s.id, to_jsonb(s) - ${left('sessions')} as session, ${ms('created_at')} as created, ${ms('updated_at')} as updated,
    pinned_at is not null as pinned, archived_at is not null as archived,
    (select name from folders f where f.id = s.folder_id) as folder,
    array(select tag from session_tags t where t.session_id = s.id order by key) as tags,
    (select jsonb_agg(to_jsonb(m) - ${left('messages')} || jsonb_build_object('at', ${ms('m.created_at')},
        'above', (select jsonb_build_array(role, content, ${ms('p.created_at')}) from messages p where p.id = m.parent_id),
        'feedback', (select to_jsonb(f) - ${left('feedback')} || jsonb_build_object('at', ${ms('f.created_at')})
          from message_feedback f where f.message_id = m.id),
        'summary', (select to_jsonb(u) - ${left('summary')} from message_summaries u where u.message_id = m.id))
      order by m.created_at, m.content) from messages m where m.session_id = s.id) as messages
  from sessions s where user_id = $1 order by title, created_at, (select min(created_at) from messages m where m.session_id = s.id)`

/** All that a person has, without ids of this installation: places in the tree by what stands there, and what the page is told of each message. */
export async function holdings(stack: Stack, { user, auth }: Person) {
  const url = stack.urls[0] ?? ''
  const read = async <T>(path: string): Promise<T> => (await call<T>(`${url}${path}`, { headers: auth })).body
  const { rows } = await stack.deps.store.pool.query(SESSIONS, [user.id])
  const sessions = []
  for (const { id, ...session } of rows) {
    const shown = async (branch: string) =>
      (await read<Page<MessageView>>(`/api/sessions/${id}/messages?branch=${branch}&limit=100`)).items.map(toShown)
    sessions.push({ ...session, open: await shown('active'), all: await shown('all') })
  }
  const { items } = await read<{ items: FolderView[] }>('/api/folders')
  const folders = items.map(({ id: _id, ...folder }) => folder)
  return { sessions, stats: await read('/api/feedback/stats'), folders, tags: await read('/api/tags') }
}

/** What is told of a message, but for ids, and the names of documents, which were erased. */
function toShown({ run, siblings, ...message }: MessageView) {
  const { id: _id, sessionId: _session, parentId: _parent, runId: _run, imported: _imported, ...said } = message
  const { runId: _of, error, ...made } = run ?? {}
  return {
    ...said,
    ...(said.attachments && { attachments: said.attachments.map(({ documentId }) => documentId) }),
    ...(siblings && { siblings: [siblings.index, siblings.ids.length] }),
    ...(run && { run: { ...made, error: error && { ...error, requestId: null } } }),
  }
}

import type { Scope } from '@askwire/contracts'
import { listMessages, listSessions, openStore, searchMessages } from '@askwire/store'

/** Of every statement under these calls, those within functions too. */
const SETTINGS = [
  `load 'auto_explain'`,
  'set auto_explain.log_min_duration = 0',
  'set auto_explain.log_nested_statements = on',
  'set auto_explain.log_analyze = on',
  'set auto_explain.log_buffers = on',
  'set client_min_messages = log',
]

/** The plans, as they were run, of the lists and of a search: what PostgreSQL itself says of them. */
export async function recordPlans(url: string, scope: Scope, q: string): Promise<string> {
  const store = await openStore({ url, maxConnections: 1 })
  const plans: string[] = []
  try {
    const client = await store.pool.connect()
    client.on('notice', ({ message }) => {
      if (message?.includes('Query Text')) plans.push(message)
    })
    for (const setting of SETTINGS) await client.query(setting)
    client.release()
    const page = { limit: 20 }
    const calls: Record<string, () => Promise<unknown>> = {
      'sessions by their last question': () => listSessions(store, scope, { ...page, sort: 'updated' }),
      'sessions by title': () => listSessions(store, scope, { ...page, sort: 'title' }),
      search: () => searchMessages(store, scope, { ...page, q }),
      'search in Chinese': () => searchMessages(store, scope, { ...page, q: '消息队列' }),
      'messages of a session': async () => {
        const { items } = await listSessions(store, scope, { limit: 1, sort: 'updated' })
        plans.length = 0
        await listMessages(store, scope, items[0]?.id ?? '', page)
      },
    }
    const texts: string[] = []
    for (const [name, call] of Object.entries(calls)) {
      plans.length = 0
      await call()
      if (plans.length === 0) throw new Error(`no plan was seen of: ${name}`)
      texts.push(`== ${name}\n\n${plans.join('\n\n')}\n`)
    }
    return texts.join('\n')
  } finally {
    await store.close()
  }
}

import type { MessageView } from '@askwire/contracts'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createSessionStore } from './session-store.ts'
import { message, TIMINGS } from './test-events.ts'

type Asked = { method: string; path: string; body: unknown; answer(body: unknown, status?: number): void }

/** Requests that have no answer yet: a test gives them one, in the order it is about. */
let open: Asked[] = []
const { fetch } = globalThis

beforeEach(() => {
  open = []
  globalThis.fetch = (input, init) =>
    new Promise((resolve) => {
      const { method = 'GET', body } = init ?? {}
      open.push({
        method,
        path: String(input),
        body: typeof body === 'string' ? JSON.parse(body) : undefined,
        answer: (value, status = 200) => resolve(new Response(JSON.stringify(value), { status })),
      })
    })
})
afterEach(() => {
  globalThis.fetch = fetch
})

/** Whatever follows from what has been answered is done. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

/** The request that is now on its way. */
async function asked(method: string, path: string): Promise<Asked> {
  await settled()
  const at = open.findIndex((one) => one.method === method && one.path.endsWith(path))
  const [found] = at < 0 ? [] : open.splice(at, 1)
  if (!found) throw new Error(`no ${method} ${path} among ${open.map((one) => `${one.method} ${one.path}`)}`)
  return found
}

const detail = (activeLeafId: string | null, updatedAt = '1') => ({ id: 's', access: 'owner', activeLeafId, updatedAt })
const page = (items: MessageView[]) => ({ items, nextCursor: null })
const q1 = message('q1', 'r1', 'First?')
const a1 = message('a1', 'r1', 'One.', { parentId: 'q1' })
const a2 = message('a2', 'r2', 'Two.', { parentId: 'q1' })
const NEWEST = page([a2, q1])
const CHOSEN = page([a1, q1])

/** A store that shows the newest branch of its session. */
async function shownStore() {
  const store = createSessionStore('s')
  store.refresh()
  ;(await asked('GET', '/queue')).answer({ items: [] })
  ;(await asked('GET', '/sessions/s')).answer(detail(null))
  ;(await asked('GET', 'branch=active&limit=50')).answer(NEWEST)
  await settled()
  return { store, leaf: () => store.getView().session.leafId }
}

describe('a branch that is chosen', () => {
  test('stays on show when the session is loaded before the gateway has heard of it', async () => {
    const { store, leaf } = await shownStore()
    expect(leaf()).toBe('a2')
    const done = store.actions.openBranch('a1')
    const chosen = await asked('GET', 'branch=a1&limit=50')
    // A notice: something has changed.
    store.refresh()
    ;(await asked('GET', '/sessions/s')).answer(detail(null, '2'))
    const loading = await asked('GET', '&limit=50')
    chosen.answer(CHOSEN)
    const choice = await asked('PATCH', '/sessions/s')
    expect([leaf(), choice.body]).toEqual(['a1', { activeLeafId: 'a1' }])
    loading.answer(loading.path.includes('branch=active') ? NEWEST : CHOSEN)
    await settled()
    expect(leaf()).toBe('a1')
    choice.answer(detail('a1', '2'))
    expect(await done).toBe(true)
    expect(leaf()).toBe('a1')
  })

  test('is not undone by the acceptance of what was asked before', async () => {
    const { store, leaf } = await shownStore()
    const again = store.actions.regenerate('a2')
    const regenerate = await asked('POST', '/regenerate')
    const done = store.actions.openBranch('a1')
    ;(await asked('GET', 'branch=a1&limit=50')).answer(CHOSEN)
    await settled()
    expect(leaf()).toBe('a1')
    // The gateway hears of it after that, or it would open the new answer.
    expect(open.filter(({ method }) => method === 'PATCH')).toEqual([])
    regenerate.answer({ runId: 'r3', sessionId: 's', questionId: 'q1', status: 'queued', position: 0 }, 202)
    const choice = await asked('PATCH', '/sessions/s')
    choice.answer(detail('a1', '2'))
    expect(await Promise.all([again, done])).toEqual([true, true])
    expect([leaf(), open]).toEqual(['a1', []])
  })

  test('gives way to what is asked after it', async () => {
    const { store, leaf } = await shownStore()
    const done = store.actions.openBranch('a1')
    const chosen = await asked('GET', 'branch=a1&limit=50')
    const again = store.actions.regenerate('a2')
    ;(await asked('POST', '/regenerate')).answer(
      { runId: 'r3', sessionId: 's', questionId: 'q1', status: 'queued', position: 0 },
      202,
    )
    await settled()
    chosen.answer(CHOSEN)
    ;(await asked('GET', 'branch=active&limit=50')).answer(NEWEST)
    expect(await Promise.all([again, done])).toEqual([true, true])
    expect([leaf(), open]).toEqual(['a2', []])
  })

  test('that can not be loaded leaves the one before open', async () => {
    const { store, leaf } = await shownStore()
    const done = store.actions.openBranch('a1')
    ;(await asked('GET', 'branch=a1&limit=50')).answer({ error: { code: 'internal', message: 'No.' } }, 500)
    ;(await asked('GET', 'branch=active&limit=50')).answer(NEWEST)
    expect([await done, leaf()]).toEqual([false, 'a2'])
  })
})

test('an answer that ends the open branch is followed to only from its question, and another choice is no failure', async () => {
  const { store, leaf } = await shownStore()
  store.refresh()
  ;(await asked('GET', '/sessions/s')).answer(detail('q1', '2'))
  const run = { runId: 'r2', status: 'succeeded', timings: TIMINGS, error: null } as const
  ;(await asked('GET', 'branch=active&limit=50')).answer(page([{ ...q1, run }]))
  ;(await asked('GET', 'branch=q1&limit=50')).answer(NEWEST)
  const follow = await asked('PATCH', '/sessions/s')
  expect([leaf(), follow.body]).toEqual(['a2', { activeLeafId: 'a2', activeLeafWas: 'q1' }])
  follow.answer({ error: { code: 'conflict', message: 'Another one.' } }, 409)
  await settled()
  expect(store.getView().failure).toBeNull()
})

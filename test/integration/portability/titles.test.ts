import type { Page, SessionDetail, SessionView } from '@askwire/contracts'
import { serversOrSkip, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ask, call, openStream, readStream } from '../../support/client.ts'
import { type Stack, startStack } from '../../support/stack.ts'

const servers = serversOrSkip()
let stack: Stack
let url: string
beforeAll(async () => {
  stack = await startStack(servers, { settings: { ASKWIRE_AUTO_TITLES: 'true' } })
  url = stack.urls[0] ?? ''
}, 60_000)
afterAll(async () => await stack.close(), 60_000)

const session = async (id: string) => (await call<SessionDetail>(`${url}/api/sessions/${id}`)).body
const answered = async (question: Record<string, unknown>): Promise<string> => {
  const { sessionId } = await ask(url, question)
  await readStream(`${url}/api/sessions/${sessionId}/events?until=idle`)
  return sessionId
}

describe('titles', () => {
  test('a session has one, and tags, soon after its first answer', async () => {
    const sessionId = await answered({ message: 'How does the lighthouse keeper light the lamp?' })
    await waitFor(async () => (await session(sessionId)).title !== null, { what: 'a title', timeoutMs: 20_000 })
    const { title, titleSource, tags } = await session(sessionId)
    expect({ title, titleSource }).toEqual({
      title: 'How does the lighthouse keeper light the lamp?',
      titleSource: 'auto',
    })
    expect(tags).toContain('lighthouse')
  }, 60_000)

  test('another device hears of it, and its list shows title and tags', async () => {
    const device = await openStream(`${url}/api/notices`, { headers: stack.auth })
    await device.until('ready')
    const sessionId = await answered({ message: 'Why do lighthouse lamps burn whale oil?' })
    const told = await device.until('session.updated')
    expect(told.data).toMatchObject({ event: 'session.updated', sessionId, data: {} })
    const { items } = (await call<Page<SessionView>>(`${url}/api/sessions`)).body
    expect(items.find(({ id }) => id === sessionId)).toMatchObject({
      title: 'Why do lighthouse lamps burn whale oil?',
      tags: expect.arrayContaining(['lighthouse']),
    })
    device.close()
  }, 60_000)

  test("a person's own is never overwritten, and nothing is told of it", async () => {
    const device = await openStream(`${url}/api/notices`, { headers: stack.auth })
    await device.until('ready')
    const made = await call<SessionDetail>(`${url}/api/sessions`, { json: { title: 'Mine', tags: ['own'] } })
    const titled = await answered({ message: 'What is this?', sessionId: made.body.id })
    const other = await answered({ message: 'And that?' })
    // The later one has its title: the earlier one would have had its own by now.
    await device.until('session.updated')
    expect(device.events.filter(({ event }) => event === 'session.updated').map(({ data }) => data.sessionId)).toEqual([
      other,
    ])
    expect(await session(titled)).toMatchObject({ title: 'Mine', titleSource: 'user', tags: ['own'] })
    device.close()
  }, 60_000)
})

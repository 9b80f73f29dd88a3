import { randomUUID } from 'node:crypto'
import type { Notice } from '@askwire/contracts'
import { serversOrSkip, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ask, call, openStream, type SeenEvent, type Stream } from '../../support/client.ts'
import { type Person, signIn, signUp } from '../../support/sign-up.ts'
import { type Stack, startStack } from '../../support/stack.ts'

const servers = serversOrSkip()
let stack: Stack
let person: Person
const open: Stream[] = []
beforeAll(async () => {
  stack = await startStack(servers, { gateways: 2 })
  person = await signUp(stack.urls[0] as string, 'notices@example.com')
})
afterAll(async () => {
  for (const stream of open) stream.close()
  await stack?.close()
})

async function follow(gateway: 0 | 1, after?: string, who: Person = person): Promise<Stream> {
  const headers = { ...who.auth, ...(after !== undefined && { 'last-event-id': after }) }
  const stream = await openStream(`${stack.urls[gateway]}/api/notices`, { headers })
  open.push(stream)
  return stream
}
const told = (n: number, who: Person = person): void =>
  stack.deps.notices.tell(who.user.id, { event: 'session.updated', sessionId: randomUUID(), data: { n } })
const numbers = (events: readonly SeenEvent[]): unknown[] =>
  events.filter(({ event }) => event === 'session.updated').map(({ data }) => (data as Notice).data.n)

describe('notices', () => {
  test('a device on one replica sees what was done on the other, and the end of an answer', async () => {
    const stream = await follow(1)
    await stream.until('ready')
    const { sessionId, runId } = await ask(stack.urls[0] as string, { message: 'What is it?' }, person.auth)
    expect((await stream.until('session.created')).data).toMatchObject({ sessionId })
    const { data } = await stream.until('answer.finished')
    expect(data).toMatchObject({ event: 'answer.finished', sessionId, data: { runId } })
    await ask(stack.urls[0] as string, { message: 'And then?', sessionId }, person.auth)
    await stream.until('answer.finished', 2)
    expect(stream.events.filter(({ event }) => event === 'session.created')).toHaveLength(1)
  })

  test('what came while nobody followed is replayed on the other replica, once and in order', async () => {
    const first = await follow(0)
    await first.until('ready')
    for (const n of [1, 2, 3]) told(n)
    const seen = await first.until('session.updated', 2)
    first.close()
    for (const n of [4, 5]) told(n)
    const second = await follow(1, seen.id)
    await second.until('session.updated', 3)
    told(6)
    await second.until('session.updated', 4)
    expect(numbers(second.events)).toEqual([3, 4, 5, 6])
    expect(second.events.some(({ event }) => event === 'reset')).toBe(false)
  })

  test('a place that the log no longer has is a reset, and the stream goes on from there', async () => {
    const stream = await follow(0, '1-0')
    const { id } = await stream.until('reset')
    told(7)
    await stream.until('session.updated')
    expect(numbers(stream.events)).toEqual([7])
    expect(id).not.toBe('')
    const malformed = await call(`${stack.urls[0]}/api/notices`, { headers: { ...person.auth, 'last-event-id': 'x' } })
    expect(malformed.status).toBe(400)
  })

  test('nobody else hears them, and a stream ends with its login', async () => {
    const other = await signUp(stack.urls[0] as string, 'somebody@example.com')
    const again = await signIn(stack.urls[0] as string, 'somebody@example.com')
    const [stranger, mine] = [await follow(1, undefined, again), await follow(1)]
    await Promise.all([stranger.until('ready'), mine.until('ready')])
    told(8)
    await mine.until('session.updated')
    told(9, other)
    await stranger.until('session.updated')
    expect(numbers(stranger.events)).toEqual([9])
    const out = await call(`${stack.urls[0]}/api/auth/logout`, {
      json: { refreshToken: again.refreshToken },
      headers: again.auth,
    })
    expect(out.status).toBeLessThan(300)
    let ended = false
    void stranger.closed.then(() => {
      ended = true
    })
    await waitFor(() => ended, { what: 'the stream to end' })
    expect(
      await waitFor(async () => (await call(`${stack.urls[1]}/api/notices`, { headers: again.auth })).status, {
        what: 'a status',
      }),
    ).toBe(401)
  })
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Accepted, ChunkView, MessageView, Resource, RunView } from '@askwire/contracts'
import { serversOrSkip, startFakeModel, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ask, call, getMessages, getRun, openStream, readStream, textOf } from '../support/client.ts'
import { fakeModels, type Stack, startStack } from '../support/stack.ts'

const servers = serversOrSkip()

const HARBOUR = `# The harbour of Selm

The harbour of Selm freezes in the second week of January. The ice road to Ostra is opened by the harbour master on the first day
on which the ice is forty centimetres thick.

## Lights

The northern light is red and turns every nine seconds.
`

describe('the whole path on real servers', () => {
  let stack: Stack
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'askwire-knowledge-'))
    await writeFile(join(folder, 'harbour.md'), HARBOUR)
    await writeFile(join(folder, 'bread.md'), '# Bread\n\nRye bread rests for a day before it is cut.\n')
    stack = await startStack(servers, { gateways: 2, workers: 2 })
    await stack.index(folder)
  }, 60_000)
  afterAll(async () => {
    await stack.close()
    await rm(folder, { recursive: true })
  }, 60_000)

  const gateway = (at: number): string => stack.urls[at] ?? ''

  test('a question posted to one gateway, followed on the other, with a citation that leads to its source', async () => {
    const accepted = await ask(gateway(0), { message: 'How thick must the ice be before the ice road opens?' })
    const events = await readStream(`${gateway(1)}${accepted.eventsUrl}?until=idle&after=0-0`)
    const names = events.map((event) => event.event).filter((name) => name !== 'queued')
    expect(names[0]).toBe('workflow_started')
    expect(names.indexOf('retrieval')).toBeLessThan(names.indexOf('message'))
    expect(names.slice(-2)).toEqual(['message_end', 'workflow_finished'])
    expect(names.filter((name) => name === 'workflow_finished')).toHaveLength(1)
    const ids = events.filter((event) => event.id !== '').map((event) => event.id)
    expect(ids).toEqual(ids.map((_id, at) => `1-${1_000_001 + at}`))

    const text = textOf(events)
    expect(text).toContain('forty centimetres')
    const cited = Number(/\[(\d+)\]/.exec(text)?.[1])
    const resources = events.find((event) => event.event === 'retrieval')?.data.resources as Resource[]
    const resource = resources.find((one) => one.n === cited)
    expect(HARBOUR).toContain(resource?.quote)
    const { body: chunk } = await call<ChunkView>(
      `${gateway(1)}/api/documents/${resource?.documentId}/chunks/${resource?.chunkId}`,
    )
    expect(chunk.text).toContain(resource?.quote)
    expect(HARBOUR).toContain(chunk.text)

    const messages = await getMessages(gateway(1), accepted.sessionId)
    expect(messages.map((message) => message.role)).toEqual(['user', 'assistant'])
    expect(messages[1]).toMatchObject({
      content: text,
      partial: false,
      parentId: accepted.questionId,
      runId: accepted.runId,
    })
    expect(await getRun(gateway(1), accepted.runId)).toMatchObject({
      status: 'succeeded',
      attempt: 1,
      answerId: messages[1]?.id,
      error: null,
    })
  })

  test('mode stream: accepted first, terminal last, then the response ends', async () => {
    const events = await readStream(`${gateway(0)}/api/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ mode: 'stream', message: 'What colour is the northern light?' }),
    })
    expect(events[0]).toMatchObject({ event: 'accepted', data: { status: 'queued', position: 0 } })
    expect(events.at(-1)).toMatchObject({ event: 'workflow_finished', data: { status: 'succeeded' } })
    expect(textOf(events)).toContain('red')
  })

  test('mode blocking: one JSON with the answer', async () => {
    const { status, body } = await call<Accepted & { run: RunView; answer: MessageView }>(`${gateway(0)}/api/chat`, {
      json: { mode: 'blocking', message: 'How long does rye bread rest?' },
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'succeeded',
      run: { status: 'succeeded' },
      answer: { role: 'assistant', partial: false },
    })
    expect(body.answer.content).toContain('a day')
  })

  test('F28: resumes on the other gateway at any event, and 204 when there is nothing left', async () => {
    const accepted = await ask(gateway(0), { message: 'When does the harbour freeze?' })
    const whole = (await readStream(`${gateway(0)}${accepted.eventsUrl}?until=idle&after=0-0`)).filter(
      (event) => event.id !== '',
    )
    for (const [at, { id }] of whole.slice(0, -1).entries()) {
      const rest = await readStream(`${gateway(1)}${accepted.eventsUrl}?until=idle`, {
        headers: { 'last-event-id': id },
      })
      expect(rest.filter((event) => event.id !== '')).toEqual(whole.slice(at + 1))
    }
    const everything = await readStream(`${gateway(1)}${accepted.eventsUrl}?until=idle&after=0-0`)
    expect(everything.filter((event) => event.id !== '')).toEqual(whole)
    const nothing = await call(`${gateway(1)}${accepted.eventsUrl}?until=idle&after=${whole.at(-1)?.id}`)
    expect(nothing.status).toBe(204)
    const future = await readStream(`${gateway(1)}${accepted.eventsUrl}?until=idle&after=9-1000001`)
    expect(future[0]).toMatchObject({ event: 'snapshot', data: { activeRun: null } })
    // Its id is nowhere in the log: the one that comes after the snapshot is what an EventSource shows when it comes back.
    const place = await waitFor(
      async () => {
        const { body } = await call<string>(`${gateway(0)}${accepted.eventsUrl}?until=idle&after=9-1000001`)
        return /\nid: (\S+)\n\n/.exec(body)?.[1]
      },
      { what: 'the id after a snapshot' },
    )
    expect((await call(`${gateway(1)}${accepted.eventsUrl}?until=idle&after=${place}`)).status).toBe(204)
    const next = await ask(gateway(0), { message: 'When is the ice road opened?', sessionId: accepted.sessionId })
    const followed = await readStream(`${gateway(1)}${accepted.eventsUrl}?until=idle&after=${place}`)
    expect(followed.find((event) => event.id !== '')).toMatchObject({ id: '2-1000001', data: { runId: next.runId } })
    expect(followed.at(-1)).toMatchObject({ event: 'workflow_finished' })
  })

  test('F30: two followers of one session both get the whole stream', async () => {
    const { sessionId } = await ask(gateway(0), { message: 'First question about bread' })
    const followers = await Promise.all(
      [0, 1].map((at) => openStream(`${gateway(at)}/api/sessions/${sessionId}/events`)),
    )
    await waitFor(async () => (await getMessages(gateway(0), sessionId)).length === 2, { what: 'the first answer' })
    const next = await ask(gateway(1), { sessionId, message: 'And what about the northern light?' })
    const ends = await Promise.all(
      followers.map((follower) =>
        waitFor(
          () => follower.events.find((event) => event.event === 'workflow_finished' && event.data.runId === next.runId),
          { what: 'the second answer' },
        ),
      ),
    )
    expect(ends[0]).toEqual(ends[1])
    const texts = followers.map((follower) =>
      textOf(follower.events.filter((event) => event.data.runId === next.runId)),
    )
    expect(texts[0]).toBe((await getMessages(gateway(0), sessionId)).at(-1)?.content)
    expect(texts[1]).toBe(texts[0])
    for (const follower of followers) follower.close()
  })
})

describe('an OpenAI-compatible model on real servers', () => {
  test('history reaches the model on the second turn, and usage arrives', async () => {
    const fake = await startFakeModel()
    const stack = await startStack(servers, { models: fakeModels(fake, 'answer=echo') })
    try {
      const url = stack.urls[0] ?? ''
      const first = await ask(url, { message: 'My name is Ottilie.' })
      await readStream(`${url}${first.eventsUrl}?until=idle&after=0-0`)
      const second = await ask(url, { sessionId: first.sessionId, message: 'What is my name?' })
      const all = await readStream(`${url}${second.eventsUrl}?until=idle&after=0-0`)
      const events = all.filter((event) => event.data.runId === second.runId)
      expect(textOf(events)).toContain('My name is Ottilie.')
      const end = events.find((event) => event.event === 'message_end')
      expect(end?.data.usage).toMatchObject({ estimated: false })
      expect(JSON.stringify(await getRun(url, second.runId))).not.toContain('test-key')
    } finally {
      await stack.close()
      await fake.close()
    }
  }, 60_000)
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Accepted, DocumentView, MessageView, Page, QueuedQuestion, RunView, Scope } from '@askwire/contracts'
import { type FakeModel, serversOrSkip, startFakeModel } from '@askwire/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type Answer, ask, call, cancel, getMessages, openStream, runEnd } from '../../support/client.ts'
import { signUp } from '../../support/sign-up.ts'
import { fakeModels, type Stack, startStack } from '../../support/stack.ts'

const servers = serversOrSkip()

describe('messages as a tree and the queue, over two gateways and two workers', () => {
  let fake: FakeModel
  let stack: Stack
  let one: string
  let two: string

  beforeAll(async () => {
    fake = await startFakeModel()
    const settings = { ASKWIRE_MAX_UNFINISHED_RUNS: '30', ASKWIRE_HISTORY_CHARS: '600' }
    stack = await startStack(servers, { models: fakeModels(fake), settings, gateways: 2, workers: 2 })
    ;[one = '', two = ''] = stack.urls
  }, 60_000)
  afterAll(async () => {
    await stack.close()
    await fake.close()
  }, 60_000)
  beforeEach(() => fake.reset())

  const ended = (runId: string): Promise<RunView> => runEnd(one, runId, 40_000)
  const answered = async (question: Record<string, unknown>): Promise<Accepted & { answerId: string }> => {
    const accepted = await ask(one, question)
    return { ...accepted, answerId: (await ended(accepted.runId)).answerId ?? '' }
  }
  const at = (sessionId: string, rest: string): string => `${two}/api/sessions/${sessionId}/${rest}`
  const branch = async (sessionId: string, name = 'active'): Promise<MessageView[]> =>
    (await call<Page<MessageView>>(at(sessionId, `messages?limit=100&branch=${name}`))).body.items.reverse()
  const accept = async (answer: Promise<Answer<Accepted>>): Promise<Accepted> => {
    const { status, body } = await answer
    if (status !== 202) throw new Error(`not accepted: ${status} ${JSON.stringify(body)}`)
    return body
  }

  test('edit, regenerate and continue make branches, each with one answer per run', async () => {
    const first = await answered({ message: 'one' })
    const { sessionId } = first
    const message = at(sessionId, `messages/${first.questionId}`)
    const answer = at(sessionId, `messages/${first.answerId}`)

    const edited = await accept(call(message, { method: 'PATCH', json: { content: 'one, differently' } }))
    await ended(edited.runId)
    expect((await branch(sessionId)).map(({ content }) => content)[0]).toBe('one, differently')

    const key = { 'idempotency-key': 'again-1' }
    const again = await accept(call(`${answer}/regenerate`, { json: { model: 'fake?count=3' }, headers: key }))
    expect(again.questionId).toBe(first.questionId)
    expect((await accept(call(`${answer}/regenerate`, { json: { model: 'fake?count=3' }, headers: key }))).runId).toBe(
      again.runId,
    )
    expect((await call(`${answer}/regenerate`, { json: {}, headers: key })).status).toBe(409)
    await ended(again.runId)
    const open = await branch(sessionId)
    expect(open).toHaveLength(2)
    expect(open[1]).toMatchObject({ runId: again.runId, model: 'fake?count=3', siblings: { index: 1 } })
    expect(open[1]?.siblings?.ids[0]).toBe(first.answerId)
    expect(open[1]?.run?.steps?.map(({ node }) => node)).toEqual(['retrieve', 'respond'])

    await call(`${one}/api/sessions/${sessionId}`, { method: 'PATCH', json: { archived: true } })
    const more = await accept(call(`${answer}/continue`, { json: {} }))
    expect((await call(`${two}/api/sessions/${sessionId}`)).body).toMatchObject({ archived: false })
    await ended(more.runId)
    expect((await branch(sessionId)).map(({ id }) => id).slice(0, 2)).toEqual([first.questionId, first.answerId])
    expect((await call(`${message}/continue`, { json: {} })).status).toBe(400)
    expect((await call(answer, { method: 'PATCH', json: { content: 'x' } })).status).toBe(400)

    const answers = (await getMessages(two, sessionId)).filter(({ role }) => role === 'assistant')
    expect(new Set(answers.map(({ runId }) => runId)).size).toBe(answers.length)
    expect((await call<{ deleted: number }>(message, { method: 'DELETE' })).body.deleted).toBe(5)
    expect((await branch(sessionId)).map(({ content }) => content)[0]).toBe('one, differently')
  })

  test('many regenerations, edits and questions at once take turns: one active run, one answer each, ordinals without a hole', async () => {
    const first = await answered({ message: 'one' })
    const { sessionId, questionId } = first
    const message = (url: string): string => `${url}/api/sessions/${sessionId}/messages/${questionId}`
    const asked = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const url = index % 2 === 0 ? one : two
        if (index % 3 === 0) return await ask(url, { sessionId, message: `q${index}` })
        if (index % 3 === 1) return await accept(call(`${message(url)}/regenerate`, { json: {} }))
        return await accept(call(message(url), { method: 'PATCH', json: { content: `edit ${index}` } }))
      }),
    )
    const runs = await Promise.all(asked.map(async ({ runId }) => await ended(runId)))
    expect(runs.map(({ status }) => status)).toEqual(asked.map(() => 'succeeded'))
    expect(new Set(runs.map(({ answerId }) => answerId)).size).toBe(12)
    const stream = await openStream(`${one}/api/sessions/${sessionId}/events?until=idle&after=0-0`)
    await stream.closed
    const told = stream.events.filter(({ event }) => event === 'workflow_finished')
    expect(told.map(({ id }) => Number(id.split('-')[0]))).toEqual(Array.from({ length: 13 }, (_, index) => index + 1))
    expect(new Set(told.map(({ data }) => data.runId))).toEqual(
      new Set([first.runId, ...asked.map(({ runId }) => runId)]),
    )
    const siblings = (await branch(sessionId, 'all')).find(({ id }) => id === first.answerId)?.siblings?.ids
    expect(siblings).toHaveLength(5)
  })

  test('the queue is edited, put in order and emptied on another replica', async () => {
    fake.behave({ interval: 20, count: 4000 })
    const first = await ask(one, { message: 'one' })
    const { sessionId } = first
    const waiting = [
      await ask(one, { sessionId, message: 'w1' }),
      await ask(two, { sessionId, message: 'w2' }),
      await ask(one, { sessionId, message: 'w3' }),
    ].map(({ runId }) => runId)
    const [w1 = '', w2 = '', w3 = ''] = waiting
    const queue = at(sessionId, 'queue')
    const told = (answer: Answer<{ items: QueuedQuestion[] }>): string[] =>
      answer.body.items.map(({ message }) => message)
    expect(told(await call(queue))).toEqual(['w1', 'w2', 'w3'])
    expect(told(await call(queue, { method: 'PATCH', json: { runIds: [w3, w1, w2] } }))).toEqual(['w3', 'w1', 'w2'])
    expect((await call(queue, { method: 'PATCH', json: { runIds: [w3, w1] } })).status).toBe(409)
    expect(told(await call(`${queue}/${w1}`, { method: 'PATCH', json: { message: 'w1, better' } }))).toEqual([
      'w3',
      'w1, better',
      'w2',
    ])
    expect(told(await call(`${queue}/${w2}`, { method: 'DELETE' }))).toEqual(['w3', 'w1, better'])
    expect((await call(`${queue}/${w2}`, { method: 'DELETE' })).status).toBe(404)
    expect((await call(`${queue}/${first.runId}`, { method: 'DELETE' })).status).toBe(409)
    fake.reset()
    await cancel(one, first.runId)
    for (const runId of [w3, w1]) expect((await ended(runId)).status).toBe('succeeded')
    expect((await call<{ items: unknown[] }>(queue)).body.items).toEqual([])
    const questions = (await branch(sessionId)).filter(({ role }) => role === 'user').map(({ content }) => content)
    expect(questions).toEqual(['one', 'w3', 'w1, better'])
  })

  test('a history that is too long is condensed once, shown where it happened, and sent instead', async () => {
    const { sessionId } = await answered({ message: `one ${'x'.repeat(250)}` })
    await answered({ sessionId, message: `two ${'y'.repeat(250)}` })
    const third = await answered({ sessionId, message: 'three' })
    const messages = await branch(sessionId)
    const summaries = messages.filter(({ summary }) => summary)
    expect(summaries).toHaveLength(1)
    expect(summaries[0]).toMatchObject({ role: 'assistant', summary: { model: 'fake', messages: 2 } })
    const { rows } = await stack.deps.store.pool.query(
      'select message_id, run_id from message_summaries where session_id = $1',
      [sessionId],
    )
    expect(rows).toEqual([{ message_id: summaries[0]?.id, run_id: third.runId }])
    const steps = messages.find(({ id }) => id === third.answerId)?.run?.steps?.map(({ node }) => node)
    expect(steps).toEqual(['summarise', 'rewrite', 'retrieve', 'respond'])
    const fourth = await answered({ sessionId, message: 'four' })
    const after = (await branch(sessionId))
      .find(({ id }) => id === fourth.answerId)
      ?.run?.steps?.map(({ node }) => node)
    expect(after).toEqual(['rewrite', 'retrieve', 'respond'])
  })

  test('only what is attached is searched; it must be one’s own, is shown, and may be gone by the next time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'askwire-attached-'))
    const index = async (owner?: Scope): Promise<void> => await stack.index(folder, owner)
    const write = async (name: string, text: string): Promise<void> => await writeFile(join(folder, name), text)
    const documents = async (headers = {}): Promise<Record<string, string>> => {
      const { body } = await call<Page<DocumentView>>(`${one}/api/documents?limit=100`, { headers })
      return Object.fromEntries(body.items.map(({ name, id }) => [name, id]))
    }
    const stranger = await signUp(one, 'stranger@example.com')
    await write('theirs.md', 'Their lamp burns paraffin.')
    await index({ tenantId: stranger.user.tenantId, userId: stranger.user.id })
    await rm(join(folder, 'theirs.md'))
    await write('oil.md', 'The lamp of Brennick burns whale oil.')
    await write('gas.md', 'The lamp of Carrick burns gas.')
    await index()
    const [{ 'theirs.md': theirs = '' }, { 'gas.md': gas = '', 'oil.md': oil = '' }] = [
      await documents(stranger.auth),
      await documents(),
    ]
    expect([theirs, gas, oil]).not.toContain('')

    fake.behave({ answer: 'echo' })
    const { sessionId, questionId, answerId } = await answered({ message: 'What burns?', attachments: [gas] })
    const shown = await branch(sessionId)
    expect(shown[0]?.attachments).toEqual([{ documentId: gas, name: 'gas.md' }])
    expect(shown[1]?.resources.map(({ documentId }) => documentId)).toEqual([gas])
    expect(shown[1]?.content).toContain('Carrick')
    expect(shown[1]?.content).not.toContain('Brennick')

    const question = at(sessionId, `messages/${questionId}`)
    for (const attachments of [[theirs], [gas, theirs], [sessionId]]) {
      expect((await call(`${one}/api/chat`, { json: { message: 'x', sessionId, attachments } })).status).toBe(404)
      expect((await call(question, { method: 'PATCH', json: { content: 'x', attachments } })).status).toBe(404)
    }
    expect(await branch(sessionId, 'all')).toHaveLength(2)

    await rm(join(folder, 'gas.md'))
    await index()
    expect((await branch(sessionId))[0]?.attachments).toEqual([{ documentId: gas, name: null }])
    const again = await accept(call(at(sessionId, `messages/${answerId}/regenerate`), { json: {} }))
    const edited = await accept(call(question, { method: 'PATCH', json: { content: 'What burns now?' } }))
    for (const { runId } of [again, edited]) expect((await ended(runId)).status).toBe('succeeded')
    const all = await branch(sessionId, 'all')
    // What it was about is gone, and nothing else stands in for it; asked anew it is a question about everything.
    expect(all.find(({ runId, role }) => runId === again.runId && role === 'assistant')?.resources).toEqual([])
    const anew = all.filter(({ runId }) => runId === edited.runId)
    expect(anew.find(({ role }) => role === 'user')?.attachments).toBeUndefined()
    expect(anew.find(({ role }) => role === 'assistant')?.resources.map(({ documentId }) => documentId)).toEqual([oil])
    await rm(folder, { recursive: true })
  })

  test('feedback is given, counted and taken back', async () => {
    const { sessionId, answerId } = await answered({ message: 'one' })
    const feedback = at(sessionId, `messages/${answerId}/feedback`)
    expect((await call(feedback, { json: { rating: 'down', reason: 'wrong' } })).status).toBe(200)
    expect((await branch(sessionId))[1]?.feedback).toMatchObject({ rating: 'down', reason: 'wrong' })
    const stats = await call<{ down: number }>(`${one}/api/feedback/stats?scope=tenant`)
    expect(stats.body).toMatchObject({ up: 0, down: 1, reasons: [{ reason: 'wrong', up: 0, down: 1 }] })
    expect((await call(feedback, { method: 'DELETE' })).status).toBe(204)
  })
})

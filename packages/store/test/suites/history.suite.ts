import { listMessages, readHistory, storeSummary } from '@askwire/store'
import { describe, expect, test } from '@jest/globals'
import { ask, complete, countStatements, newScope, type Open } from './drive.ts'

/** The history that a question is sent with, and what is condensed of it. */
export function describeHistory(open: Open): void {
  describe('a history that does not fit', () => {
    const bounds = { maxMessages: 8, maxChars: 1000 }

    test('the older half overflows, and what was made of it is sent from then on', async () => {
      const store = open()
      const me = await newScope(store)
      let run = await complete(store, await ask(store, me, { message: 'q0' }), 'a0')
      const { sessionId } = run
      const history = async () => await readHistory(store, me, { sessionId, leafId: run.answerId ?? '', ...bounds })
      const go = async (at: number) => {
        run = await complete(store, await ask(store, me, { sessionId, message: `q${at}` }), `a${at}`)
      }
      for (let at = 1; at < 4; at++) await go(at)
      const fits = await countStatements(store, history)
      expect(fits.statements).toBe(1)
      expect(fits.result.history).toHaveLength(8)
      expect(Object.keys(fits.result)).toEqual(['history'])
      await go(4)
      const over = await history()
      expect(over.history.map(({ content }) => content)).toEqual(['q3', 'a3', 'q4', 'a4'])
      expect(over.overflow?.messages).toBe(6)
      expect(over.overflow?.turns).toHaveLength(6)
      expect(over.overflow?.turns[0]?.content).toBe('q0')
      const summary = {
        sessionId,
        messageId: over.overflow?.upTo ?? '',
        runId: run.id,
        content: 'S',
        model: 'rule',
        messages: 6,
      }
      await storeSummary(store, summary)
      await storeSummary(store, { ...summary, content: 'later' })
      expect(await history()).toEqual({ history: over.history, summary: 'S' })
      const { items } = await listMessages(store, me, sessionId, { limit: 100 })
      expect(items.filter((item) => item.summary)).toMatchObject([
        { content: 'a2', summary: { content: 'S', messages: 6, model: 'rule' } },
      ])
      for (let at = 5; at < 8; at++) await go(at)
      expect(await history()).toMatchObject({
        summary: 'S',
        history: [{ content: 'q6' }, { content: 'a6' }, { content: 'q7' }, { content: 'a7' }],
        overflow: { messages: 12, turns: ['q3', 'a3', 'q4', 'a4', 'q5', 'a5'].map((content) => ({ content })) },
      })
    })

    test('by characters: an answer never comes without its question, and one too long for all of it overflows', async () => {
      const store = open()
      const me = await newScope(store)
      const first = await complete(store, await ask(store, me, { message: 'long?' }), 'x'.repeat(990))
      const { sessionId } = first
      const second = await complete(store, await ask(store, me, { sessionId, message: 'short?' }), 'yes')
      const at = { sessionId, leafId: second.answerId ?? '' }
      expect(await readHistory(store, me, { ...at, ...bounds })).toMatchObject({
        history: [{ content: 'short?' }, { content: 'yes' }],
        overflow: { messages: 2, upTo: first.answerId },
      })
      expect(await readHistory(store, me, { ...at, maxMessages: 8, maxChars: 5 })).toMatchObject({
        history: [],
        overflow: { messages: 4 },
      })
      expect(await readHistory(store, me, { ...at, maxMessages: 8, maxChars: 0 })).toEqual({ history: [] })
      expect(await readHistory(store, await newScope(store), { ...at, ...bounds })).toEqual({ history: [] })
    })
  })
}

import type { AppendResult } from '@askwire/cache'
import { AppError, decodeData, type EncodedEvent } from '@askwire/contracts'
import { createLogger, systemClock } from '@askwire/runtime'
import { describe, expect, test } from '@jest/globals'
import { createAttemptWriter } from './attempt-writer.ts'

const run = {
  id: '01890000-0000-7000-8000-000000000001',
  sessionId: '01890000-0000-7000-8000-000000000002',
  ordinal: 3,
  attempt: 2,
}

/** A log whose appends end when told to, and a broker that keeps what it is given. */
function setUp() {
  const appends: { events: readonly EncodedEvent[]; end: (result: AppendResult | Error) => void }[] = []
  const sent: string[] = []
  const writer = createAttemptWriter(
    {
      clock: systemClock,
      logger: createLogger({ name: 'test', level: 'silent' }),
      log: {
        append: (_sessionId: string, events: readonly EncodedEvent[]) =>
          new Promise<AppendResult>((resolve, reject) =>
            appends.push({ events, end: (result) => (result instanceof Error ? reject(result) : resolve(result)) }),
          ),
      },
      broker: { sendAnswers: async (_sessionId: string, frames: string) => void sent.push(frames) },
    },
    run,
    (chars) => 'abcdefgh'.slice(0, chars),
  )
  return { appends, sent, writer }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const deltas = (events: readonly EncodedEvent[]): unknown[] => events.map((event) => decodeData(event).delta)

describe('attempt writer', () => {
  test('numbers from 1, and gathers while an append is under way', async () => {
    const { appends, sent, writer } = setUp()
    writer.write({ event: 'message', delta: 'a' })
    await turn()
    expect(appends).toHaveLength(1)
    for (const delta of ['b', 'c', 'd']) writer.write({ event: 'message', delta })
    await turn()
    expect(appends).toHaveLength(1)
    expect(sent).toHaveLength(0)
    appends[0]?.end('appended')
    await turn()
    expect(sent).toHaveLength(1)
    expect(appends.map((append) => append.events.map((event) => event.id))).toEqual([['3-2000001'], ['3-2000002']])
    expect(deltas(appends[1]?.events ?? [])).toEqual(['bcd'])
  })

  test('only neighbours of one kind become one', async () => {
    const { appends, writer } = setUp()
    writer.write({ event: 'reasoning', delta: 'x' })
    writer.write({ event: 'message', delta: 'a' })
    writer.write({ event: 'retrieval', resources: [] })
    writer.write({ event: 'message', delta: 'b' })
    await turn()
    expect(appends[0]?.events.map((event) => event.event)).toEqual(['reasoning', 'message', 'retrieval', 'message'])
  })

  test('a stale append stops the attempt and nothing more is sent', async () => {
    const { appends, sent, writer } = setUp()
    writer.write({ event: 'message', delta: 'a' })
    await turn()
    writer.write({ event: 'message', delta: 'b' })
    appends[0]?.end('stale')
    await expect(writer.flush()).rejects.toMatchObject({ code: 'stale_attempt' })
    expect(writer.stale.aborted).toBe(true)
    expect(sent).toEqual([])
    expect(appends).toHaveLength(1)
  })

  test('while the log is away events are sent all the same', async () => {
    const { appends, sent, writer } = setUp()
    writer.write({ event: 'message', delta: 'a' })
    await turn()
    appends[0]?.end(new AppError('cache_unavailable', 'away'))
    await writer.flush()
    expect(sent.join('')).toContain('"delta":"a"')
  })

  test('F25: when the log has lost what came before, the answer is told again up to where it was, then goes on', async () => {
    const { appends, writer } = setUp()
    writer.write({ event: 'message', delta: 'abc' })
    await turn()
    writer.write({ event: 'message', delta: 'de' })
    appends[0]?.end(new AppError('cache_unavailable', 'away'))
    await turn()
    writer.write({ event: 'message', delta: 'fg' })
    appends[1]?.end('gap')
    await turn()
    expect(appends[2]?.events.map((event) => decodeData(event))).toMatchObject([
      { event: 'message_replace', text: 'abcde' },
      { event: 'message', delta: 'fg' },
    ])
    appends[2]?.end('appended')
    await writer.flush()
    expect(appends).toHaveLength(3)
  })

  test('says nothing after the end, also when the end did not join up in the log', async () => {
    const { appends, writer } = setUp()
    writer.write({ event: 'message', delta: 'ab' })
    await turn()
    appends[0]?.end('appended')
    await writer.flush()
    const timings = { queuedMs: 1, firstTokenMs: 1, totalMs: 2 }
    writer.write({ event: 'workflow_finished', status: 'succeeded', timings })
    await turn()
    appends[1]?.end('gap')
    await writer.flush()
    expect(appends).toHaveLength(2)
  })

  test('asks to wait once much has gathered, and not before', async () => {
    const { appends, writer } = setUp()
    writer.write({ event: 'message', delta: 'a' })
    await turn()
    expect(writer.room()).toBeUndefined()
    writer.write({ event: 'message', delta: 'b'.repeat(300_000) })
    const room = writer.room()
    expect(room).toBeDefined()
    appends[0]?.end('appended')
    await turn()
    appends[1]?.end('appended')
    await room
    expect(writer.room()).toBeUndefined()
  })
})

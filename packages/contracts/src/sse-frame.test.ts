import { describe, expect, test } from '@jest/globals'
import { type AnswerEvent, isAnswerEventName } from './answer-events.ts'
import { decodeData, decodeFrames, encodeEvent, encodeFrame, frameRunId } from './sse-frame.ts'

const context = {
  sessionId: '01890000-0000-7000-8000-000000000002',
  runId: '01890000-0000-7000-8000-000000000001',
  attempt: 1,
  at: '2026-01-01T00:00:00.000Z',
}
const encode = (event: AnswerEvent, index = 1) => encodeEvent({ ordinal: 1, attempt: 1, index }, event, context)

/** The rules of the EventSource parser: lines end with CRLF, CR or LF; a blank line dispatches. */
function parseAsBrowser(text: string): { id: string; event: string; data: string }[] {
  const events: { id: string; event: string; data: string }[] = []
  let current = { id: '', event: '', data: [] as string[] }
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line === '') {
      if (current.data.length > 0) events.push({ id: current.id, event: current.event, data: current.data.join('\n') })
      current = { id: '', event: '', data: [] }
      continue
    }
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/u.exec(line) ?? []
    if (field === 'id') current.id = value
    if (field === 'event') current.event = value
    if (field === 'data') current.data.push(value)
  }
  return events
}

const HOSTILE = [
  '\n\nevent: done\ndata: {}\n\n',
  '\rid: 9-9\r',
  '\r\n\r\n',
  '\u2028\u2029',
  '\u0000',
  ': comment',
  '"},"event":"x',
  '\ud800',
  '漢字 🙂',
]

describe('frames', () => {
  test.each(HOSTILE)('S22: %j stays one event with one data field', (text) => {
    const encoded = encode({ event: 'message', delta: text })
    const [event, ...more] = parseAsBrowser(encoded.frame)
    expect(more).toEqual([])
    expect(event).toMatchObject({ id: '1-1000001', event: 'message' })
    expect(JSON.parse(event?.data ?? '')).toMatchObject({ event: 'message', ...context, delta: text })
    expect(decodeFrames(encoded.frame)).toEqual([encoded])
    expect(decodeData(encoded)).toMatchObject({ delta: text })
    expect(frameRunId(encoded.frame)).toBe(context.runId)
  })

  test('several frames come apart as they were put together', () => {
    const events = HOSTILE.map((delta, at) => encode({ event: 'message', delta }, at + 1))
    expect(decodeFrames(events.map((event) => event.frame).join(''))).toEqual(events)
  })

  test.each([
    'id: 1-1\nevent: message\n',
    'event: message\ndata: {}\n\n',
    'id: 1-1\nevent: evil\ndata: {}\n\n',
    'id: x\nevent: message\ndata: {}\n\n',
    'garbage',
  ])('%j is no frame', (text) => {
    expect(decodeFrames(text)).toBeUndefined()
  })

  test('a payload cannot take the place of the run it belongs to', () => {
    const delta = `"runId":"01890000-0000-7000-8000-0000000000ff"`
    expect(frameRunId(encode({ event: 'message', delta }).frame)).toBe(context.runId)
  })

  test('a follower frame has no id', () => {
    const [event] = parseAsBrowser(encodeFrame('queued', { position: 2 }))
    expect(event).toEqual({ id: '', event: 'queued', data: '{"event":"queued","position":2}' })
  })

  test('S21: names are of the list only', () => {
    for (const name of ['done', 'constructor', '__proto__', 'toString', 'accepted'])
      expect(isAnswerEventName(name)).toBe(false)
  })
})

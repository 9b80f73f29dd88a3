import { type EncodedEvent, encodeEvent, formatEventId } from '@askwire/contracts'

const RUN = '0198c0de-0000-7000-8000-000000000001'
let sessions = 0

/** A session no other test uses. */
export function newSessionId(): string {
  sessions += 1
  return `0198c0de-0000-7000-8000-${String(process.pid).padStart(6, '0')}${String(sessions).padStart(6, '0')}`
}

/** Events `from`…`to` of an attempt; the text tells which. */
export function events(ordinal: number, attempt: number, from: number, to = from): EncodedEvent[] {
  return Array.from({ length: to - from + 1 }, (_, i) => {
    const id = { ordinal, attempt, index: from + i }
    const context = { sessionId: 's', runId: RUN, attempt, at: '2026-01-01T00:00:00.000Z' }
    return encodeEvent(id, { event: 'message', delta: `${formatEventId(id)} 你好 \n"` }, context)
  })
}

import type { IndexedRecording } from './index-recording.ts'
import type { Violation } from './violation.ts'

/** I5: every event and message belongs to the session it was found in. */
export function checkIsolation(recording: IndexedRecording): Violation[] {
  const violations: Violation[] = []
  for (const stream of [...recording.streams, ...recording.replays]) {
    for (const { id, event, data } of stream.events) {
      const run = typeof data.runId === 'string' ? recording.runById.get(data.runId) : undefined
      const home = run?.sessionId ?? data.sessionId
      if (data.sessionId === stream.sessionId && home === stream.sessionId) continue
      const evidence = { stream: stream.name, id, event, sessionId: data.sessionId, runId: data.runId, belongsTo: home }
      violations.push({ invariant: 'I5', word: 'misrouted', what: "another session's event in this stream", evidence })
    }
  }
  for (const { id, runId, sessionId } of recording.messages) {
    const home = runId === null ? undefined : recording.runById.get(runId)?.sessionId
    if (home === undefined || home === sessionId) continue
    const evidence = { messageId: id, runId, sessionId, belongsTo: home }
    violations.push({ invariant: 'I5', word: 'misrouted', what: "another session's message in this session", evidence })
  }
  return violations
}

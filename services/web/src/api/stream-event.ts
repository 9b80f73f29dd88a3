import type { ActiveRun, AnswerEvent, MessageView } from '@askwire/contracts'
import type { SseFrame } from './sse-parser.ts'

type FollowerEvent =
  | { event: 'queued'; position: number }
  | { event: 'snapshot'; messages: MessageView[]; activeRun: ActiveRun | null }

/** One event of a session's stream as the page takes it in. `id` is missing on what only this follower is told. */
export type StreamEvent = (AnswerEvent | FollowerEvent) & {
  id: string | undefined
  runId: string
  attempt: number
  at: string
}

const KNOWN: ReadonlySet<string> = new Set<StreamEvent['event']>([
  'queued',
  'workflow_started',
  'node_started',
  'node_finished',
  'retrieval',
  'reasoning',
  'message',
  'message_replace',
  'message_end',
  'error',
  'workflow_finished',
  'snapshot',
])

/** The event in a frame; `undefined` for names this page does not know (a newer gateway may send more) and for broken data. */
export function readStreamEvent(frame: SseFrame): StreamEvent | undefined {
  if (!KNOWN.has(frame.event)) return undefined
  let data: unknown
  try {
    data = JSON.parse(frame.data)
  } catch {
    return undefined
  }
  if (typeof data !== 'object' || data === null) return undefined
  // The gateway sends what the contract's schemas describe; the name in the frame is the one that counts.
  return { ...data, event: frame.event, id: frame.id } as StreamEvent
}

import { EXCHANGES } from '@askwire/contracts'
import { BATCH_TYPE, encodeBatch, type SessionFrames } from './answer-batch.ts'
import type { TransientSender } from './transient-sender.ts'

/** So many sessions share a message at the most: their ids travel in its header, which must fit into one frame of 4 KiB. */
const MAX_SESSIONS = 64
/** A turn that gathers more than this sends what it has. */
const MAX_CHARS = 262_144

export type AnswerSender = {
  send(sessionId: string, frames: string): Promise<void>
  /** Sends what has gathered. */
  flush(): void
}

type Turn = { entries: SessionFrames[]; sessions: Set<string>; chars: number; sent: PromiseWithResolvers<void> }

const SENT = Promise.resolve()

/**
 * Sends what comes within one turn of the event loop as one message: its routing key is the first session, the others are
 * in its `BCC` header, and the broker gives each gateway that follows any of them one copy. A message of its own for each
 * token costs the broker and both ends more than all else on the way. A gateway skips the sessions it does not follow.
 */
export function createAnswerSender(sender: Pick<TransientSender, 'send' | 'isLive'>): AnswerSender {
  let turn: Turn | undefined

  const flush = (): void => {
    const present = turn
    turn = undefined
    const first = present?.entries[0]
    if (!present || !first) return
    present.sent.resolve(present.entries.length === 1 ? sendOne(first) : sendBatch(present))
  }

  const sendOne = ({ sessionId, frames }: SessionFrames): Promise<void> =>
    sender.send(EXCHANGES.answers, sessionId, Buffer.from(frames, 'utf8'))

  const sendBatch = ({ entries, sessions }: Turn): Promise<void> => {
    const [routingKey = '', ...others] = sessions
    return sender.send(EXCHANGES.answers, routingKey, encodeBatch(entries), { type: BATCH_TYPE, BCC: others })
  }

  return {
    flush,
    send: (sessionId, frames) => {
      if (!sender.isLive()) return SENT
      if (!turn) {
        turn = { entries: [], sessions: new Set(), chars: 0, sent: Promise.withResolvers() }
        setImmediate(flush)
      }
      const { entries, sessions, sent } = turn
      entries.push({ sessionId, frames })
      sessions.add(sessionId)
      turn.chars += frames.length
      if (sessions.size >= MAX_SESSIONS || turn.chars > MAX_CHARS) flush()
      return sent.promise
    },
  }
}

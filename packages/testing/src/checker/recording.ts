import type { MessageView } from '@askwire/contracts'

/** One `POST /api/chat` as the client saw it. `status` is `null` when no answer came; times are milliseconds since 1970. */
export type AskTry = {
  readonly gateway: string
  readonly at: number
  readonly tookMs: number
  readonly status: number | null
  /** What a 202 named. */
  readonly accepted?: { readonly runId: string; readonly sessionId: string }
  /** The error code of the body, or of the socket. */
  readonly error?: string
}

/** One question a client meant to ask, however often it had to send it. */
export type AskRecord = {
  /** Names the question in its text as `run:<key>`; the answer is this key's hash chain. */
  readonly key: string
  readonly user: string
  /** Tokens of a whole answer. */
  readonly tokens: number
  readonly idempotencyKey: string | undefined
  readonly tries: AskTry[]
  /** The client was waiting for the run's end in its stream and lost patience. */
  gaveUp?: true
}

/** An event as it was received. `id` is `null` for what only this follower was told. */
export type SeenEvent = {
  readonly at: number
  /** Which of the stream's connections brought it. */
  readonly connection: number
  readonly id: string | null
  readonly event: string
  readonly data: Readonly<Record<string, unknown>>
}

export type Connection = {
  readonly gateway: string
  readonly openedAt: number
  readonly lastEventId: string | undefined
  /** `null`: no response. */
  status: number | null
  /** How it ended: the server's orderly end, a broken socket, the client itself. */
  ended: 'end' | 'cut' | 'client' | undefined
}

/** What one follower of one session got, over all its reconnects, in the order of receipt. */
export type StreamRecord = {
  readonly name: string
  readonly user: string
  readonly sessionId: string
  /** The id it began after; `undefined`: live, which begins with the unfinished run or with whatever comes next. */
  readonly after: string | undefined
  readonly connections: Connection[]
  readonly events: SeenEvent[]
}

/** One `POST /api/runs/:runId/cancel`. `runStatus` is what the 200 said. */
export type CancelRecord = {
  readonly runId: string
  readonly at: number
  readonly tookMs: number
  readonly status: number | null
  readonly runStatus: string | undefined
}

/** A run at the end, as the database has it; `view` is what `GET /api/runs/:runId` says. */
export type RunTruth = {
  readonly runId: string
  readonly sessionId: string
  readonly status: string
  readonly attempt: number
  readonly answerId: string | null
  readonly errorCode: string | null
  readonly question: string
  readonly view: { readonly status: string; readonly answerId: string | null } | undefined
}

/** Everything a load saw, and what was true when all was quiet again. What the checker judges. */
export type Recording = {
  readonly asks: AskRecord[]
  readonly cancels: CancelRecord[]
  readonly streams: StreamRecord[]
  /** One stream per session, read from its beginning when all was over: the uncut one. */
  readonly replays: StreamRecord[]
  readonly runs: RunTruth[]
  /** Visible messages of every session, as `GET …/messages` shows them. */
  readonly messages: Pick<MessageView, 'id' | 'sessionId' | 'runId' | 'role' | 'content' | 'partial'>[]
}

/** What a client shows of a run after these events of it. */
export function textOfRun(events: readonly SeenEvent[], runId: string): string {
  let text = ''
  for (const { event, data } of events) {
    if (data.runId !== runId) continue
    if (event === 'message') text += String(data.delta)
    if (event === 'message_replace') text = String(data.text)
  }
  return text
}

/** Frames of one session. */
export type SessionFrames = { sessionId: string; frames: string }

/** The AMQP `type` of a message that holds frames of several sessions. */
export const BATCH_TYPE = 'batch'
const LINE_FEED = 10

/** A line that says which session has how many bytes, then those bytes: `[["<session>",120],…]\n…`. */
export function encodeBatch(entries: readonly SessionFrames[]): Buffer {
  const index = entries.map(({ sessionId, frames }) => [sessionId, Buffer.byteLength(frames)] as const)
  return Buffer.from(`${JSON.stringify(index)}\n${entries.map((entry) => entry.frames).join('')}`)
}

/** What a batch holds for the sessions that `wanted` names, in order; the rest is not even decoded. Throws on any other shape. */
export function* decodeBatch(body: Buffer, wanted: (sessionId: string) => boolean): Generator<SessionFrames> {
  const headEnd = body.indexOf(LINE_FEED)
  const index: unknown = JSON.parse(body.toString('utf8', 0, Math.max(0, headEnd)))
  if (!Array.isArray(index)) throw new TypeError('a batch of answers must begin with its index')
  let start = headEnd + 1
  for (const [sessionId, bytes] of index) {
    if (typeof sessionId !== 'string' || !Number.isSafeInteger(bytes)) throw new TypeError('a batch has a wrong index')
    const end = start + bytes
    if (wanted(sessionId)) yield { sessionId, frames: body.toString('utf8', start, end) }
    start = end
  }
}

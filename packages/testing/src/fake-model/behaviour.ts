import { z } from 'zod'

const FAULTS = [
  /** Accept the request and never answer. */
  'hang-headers',
  /** Send `after` tokens and then nothing more, the socket open. */
  'hang',
  /** Send `after` tokens and destroy the socket in the middle of the next one's line. */
  'cut',
  /** After `after` tokens a line that is no JSON. */
  'garbage',
  /** 200 with a web page. */
  'html',
  /** After `after` tokens an error object as a chunk. */
  'error',
  /** Send `after` tokens and end without finish reason or `[DONE]`. */
  'no-end',
  /** After `after` tokens one line of 10 MB. */
  'giant-line',
] as const

const flag = z.union([z.boolean(), z.enum(['0', '1']).transform((text) => text === '1')])
const count = z.coerce.number().int().nonnegative()

/**
 * How the fake answers one request. Times in milliseconds. The same fields may stand in the model's name, as in
 * `fake?ttft=50&interval=20&count=100&fail=cut&after=10`, so that another process can drive it; these win.
 */
export const fakeBehaviour = z.strictObject({
  /** From the request to the first token. */
  ttft: count.default(0),
  /** A streamed answer stops after its first `after` tokens until the test lets all that are held go on (`release`). */
  hold: flag.default(false),
  /** Between tokens; 0: as fast as the reader takes them. */
  interval: count.default(0),
  /** Answer tokens. */
  count: count.default(10),
  /** What each token says when `answer` is `words`. */
  text: z.string().default('word '),
  /**
   * `words`; `echo`: the messages it got, as JSON; `chain`: the hash chain of the key in the last user message; `stamp`: the
   * moment each token is made, as `~<microseconds> ` of the machine's monotonic clock, which all processes share.
   */
  answer: z.enum(['words', 'echo', 'chain', 'stamp']).default('words'),
  /** Reasoning tokens before the answer, in `reasoning_content`. */
  reasoning: count.default(0),
  /** Send the usage chunk when it was asked for. */
  usage: flag.default(true),
  finish: z.string().default('stop'),
  /** An HTTP status, or one of the faults. */
  fail: z.union([z.enum(FAULTS), z.coerce.number().int().min(400).max(599)]).optional(),
  /** Seconds in the `Retry-After` of a failing status. */
  retryAfter: z.coerce.number().nonnegative().optional(),
  /** Tokens before the fault, or before the answer is held. */
  after: count.default(0),
  /** Fail only the first so many requests of this very model name, then answer. */
  times: count.optional(),
  /** Dimensions of embeddings when the request names none. */
  dimensions: z.coerce.number().int().positive().default(384),
})
export type FakeBehaviour = z.infer<typeof fakeBehaviour>

/** The behaviour for a request: the server's own, overlaid by what the model's name says. Throws on an unknown field. */
export function behaviourFor(model: string, base: Partial<FakeBehaviour>): FakeBehaviour {
  const query = model.indexOf('?')
  const named = query < 0 ? {} : Object.fromEntries(new URLSearchParams(model.slice(query + 1)))
  return fakeBehaviour.parse({ ...base, ...named })
}

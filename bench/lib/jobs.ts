/** What the loader process is told to do, and what it answers. Times in microseconds of the machine's monotonic clock unless said. */
export type TargetKind = 'direct' | 'askwire' | 'portkey' | 'langgraph'
/** `auth`: `Authorization` headers that requests take in turn. */
export type Target = { kind: TargetKind; name: string; url: string; fakeUrl: string; auth?: readonly string[] }

export type AnswersJob = {
  kind: 'answers'
  target: Target
  /** Answers at once. */
  slots: number
  /** Answers that each slot asks for, one after the other. */
  rounds: number
  /** The first questions are spread over this time. */
  rampMs: number
  /** The fake model's name with its markers. */
  model: string
  tokensPerAnswer: number
  /** After this the answers that have not ended are given up and count as failed. */
  timeoutMs: number
}

export type Spread = { p50: number; p95: number; p99: number; max: number }

export type AnswersResult = {
  asked: number
  /** Answers that did not end well, or lack tokens. */
  failed: number
  /** The first few reasons. */
  reasons: string[]
  tokens: number
  /** From the first question to the last token. */
  wallMs: number
  /** Milliseconds from the making of each token to its arrival. */
  tokenMs: Spread
  /** Milliseconds from the question to the arrival of its first token. */
  firstMs: Spread
  /** When each answer ended, in milliseconds from the first question, rising. */
  endsMs: number[]
}

export type FollowersJob = {
  kind: 'followers'
  host: string
  port: number
  paths: string[]
  auth?: readonly string[]
  timeoutMs: number
}
export type FollowersResult = { open: number; refused: number }

export type Job = AnswersJob | FollowersJob | { kind: 'close-followers' }
export type JobResult = AnswersResult | FollowersResult | Record<string, never>

/**
 * The life of a run.
 *
 *     waiting ──► queued ──► running ──► succeeded | failed
 *        │          │  ▲        │
 *        │          │  └─retry──┘
 *        └──────────┴───────────┴──► cancelled | expired
 *
 * Rules: one `queued|running` run per session (a unique index holds it); a terminal state is never left; every
 * transition is a compare-and-set in the store, and only the caller whose update matched has made it.
 */
export const RUN_STATES = ['waiting', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired'] as const
export type RunState = (typeof RUN_STATES)[number]

/** What a run answers: a question just asked, or one that was answered before and gets another answer beside it. */
export const RUN_KINDS = ['ask', 'regenerate'] as const
export type RunKind = (typeof RUN_KINDS)[number]

/** What happens to a run. `release` gives a waiting run its turn, `retry` hands a lost attempt back to the queue. */
export const RUN_ACTIONS = ['release', 'claim', 'retry', 'succeed', 'fail', 'cancel', 'expire'] as const
export type RunAction = (typeof RUN_ACTIONS)[number]

/** The whole table. `null`: the action changes nothing in that state. A missing cell does not compile. */
export const RUN_TRANSITIONS: { readonly [S in RunState]: { readonly [A in RunAction]: RunState | null } } = {
  waiting: {
    release: 'queued',
    claim: null,
    retry: null,
    succeed: null,
    fail: 'failed',
    cancel: 'cancelled',
    expire: 'expired',
  },
  queued: {
    release: null,
    claim: 'running',
    retry: null,
    succeed: null,
    fail: 'failed',
    cancel: 'cancelled',
    expire: 'expired',
  },
  running: {
    release: null,
    claim: 'running',
    retry: 'queued',
    succeed: 'succeeded',
    fail: 'failed',
    cancel: 'cancelled',
    expire: 'expired',
  },
  succeeded: { release: null, claim: null, retry: null, succeed: null, fail: null, cancel: null, expire: null },
  failed: { release: null, claim: null, retry: null, succeed: null, fail: null, cancel: null, expire: null },
  cancelled: { release: null, claim: null, retry: null, succeed: null, fail: null, cancel: null, expire: null },
  expired: { release: null, claim: null, retry: null, succeed: null, fail: null, cancel: null, expire: null },
}

export const TERMINAL_STATES = ['succeeded', 'failed', 'cancelled', 'expired'] as const
export type TerminalState = (typeof TERMINAL_STATES)[number]

/** True when the run has ended and will never change again. */
export function isTerminal(state: RunState): state is TerminalState {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled' || state === 'expired'
}

/** The states from which `action` leads somewhere, for the `where status in (…)` of a compare-and-set. */
export function statesBefore(action: RunAction): RunState[] {
  return RUN_STATES.filter((state) => RUN_TRANSITIONS[state][action] !== null)
}

/** Largest request body: a question of 100 000 characters with its history, as JSON. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024
/** Tasks answered at once by one agent; the next one is refused as `overloaded`. */
export const MAX_RUNNING_TASKS = 2000
/** Finished tasks kept for GetTask and ListTasks, and for how long. */
export const MAX_FINISHED_TASKS = 500
export const FINISHED_TASK_TTL_MS = 10 * 60_000
/** Characters a subscriber may be behind. Beyond it the subscriber is dropped; the task goes on, and it may subscribe again. */
export const MAX_SUBSCRIBER_CHARS = 1024 * 1024
/** How long a socket may take nothing before its subscriber is dropped. */
export const STALLED_SOCKET_MS = 30_000
/** A comment line on a silent stream, so that the reader can tell a thinking model from a dead agent. */
export const KEEP_ALIVE_MS = 15_000
/** A task whose last reader has left goes on for so long, for one who comes back; then it stops, and its provider with it. */
export const ORPHAN_MS = 500
/** How long CancelTask waits for the run to stop by itself before the task is ended without it. */
export const CANCEL_GRACE_MS = 2000
/** On close, running tasks have this long to finish. */
export const DRAIN_MS = 8000
/** On close, after that: how long a reader has to take what was already written for it. */
export const LAST_BYTES_MS = 1000
/** An answer longer than this is cut with finish reason `length`: a provider that never ends must not fill the memory. */
export const MAX_ANSWER_CHARS = 1024 * 1024
/** Passages offered to the model. */
export const PASSAGES = 8
/** History given to the model: newest first, until either bound. Whoever asks has bounds of their own, which are below these. */
export const MAX_HISTORY_MESSAGES = 40
export const MAX_HISTORY_CHARS = 200_000
/** What stands for the older part of a conversation, and how long a model may take over it; after that the rule does it. */
export const MAX_SUMMARY_CHARS = 4000
export const SUMMARY_TIMEOUT_MS = 20_000
/** A condensed question longer than this is no condensation. */
export const MAX_REWRITTEN_CHARS = 1000
/** How long condensing may take; after that the rule does it. */
/** A title is worth this long a wait. */
export const TITLE_TIMEOUT_MS = 20_000
export const REWRITE_TIMEOUT_MS = 10_000
/** Checkpoints of runs older than this are garbage: a run lives for minutes. */
export const CHECKPOINT_TTL_MS = 24 * 60 * 60_000
export const CHECKPOINT_SWEEP_MS = 60 * 60_000
/** A run that has ended by then has cost no checkpoint. One whose agent dies by then begins from the start. */
export const CHECKPOINT_WRITE_AFTER_MS = 5000

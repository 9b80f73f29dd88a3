/** Bounds of the AMQP adapter that no operator needs to set. */

/** One request to the broker (open a channel, declare, bind): past it the connection counts as dead and is cut. */
export const RPC_TIMEOUT_MS = 10_000
/** Closing handshakes: past it the socket is destroyed. */
export const CLOSE_TIMEOUT_MS = 800
/** How long `sendAnswers` waits for the socket; past it what is sent is dropped until the socket drains. */
export const DRAIN_TIMEOUT_MS = 5000
/** Answer bytes that callers who do not wait may add while the socket is full; past it they are dropped. */
export const MAX_UNDRAINED_BYTES = 16 * 1024 * 1024
/** A body to be published with a confirm. Larger inputs travel by reference: the row holds them. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024
/** What the broker keeps for one gateway that reads too slowly; past it the oldest frames go, and ids show the gap. */
export const ANSWER_QUEUE_BYTES = 128 * 1024 * 1024

/** Reconnecting after a failure: the first try comes at once-ish, a herd of clients is spread by the jitter. */
export const CONNECTION_BACKOFF = { firstMs: 200, maxMs: 5000 }
export const CHANNEL_BACKOFF = { firstMs: 50, maxMs: 2000 }
/** A connection or channel that lived this long was healthy: its loss starts the backoff afresh. */
export const STABLE_MS = 10_000

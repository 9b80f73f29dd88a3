import { ServerCallContext, type User } from '@a2a-js/sdk/server'

const SIGNAL = 'signal'
/** Whoever holds the service token is this one caller; users are told apart by the `scope` inside a question. */
const SERVICE: User = { isAuthenticated: true, userName: 'service' }

/** The SDK's context of one call, with a signal that is aborted when the caller's connection closes. */
export function callContext(requestedVersion: string | undefined, signal: AbortSignal): ServerCallContext {
  const version = requestedVersion === undefined ? {} : { requestedVersion }
  return new ServerCallContext({ user: SERVICE, state: new Map([[SIGNAL, signal]]), ...version })
}

/** Aborted when the caller has left. */
export function readSignal(context: ServerCallContext): AbortSignal {
  const signal = context.state.get(SIGNAL)
  return signal instanceof AbortSignal ? signal : new AbortController().signal
}

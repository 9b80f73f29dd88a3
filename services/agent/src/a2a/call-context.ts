import { ServerCallContext, type User } from '@a2a-js/sdk/server'
import { Subscription } from '../tasks/subscription.ts'

const SIGNAL = 'signal'
const SUBSCRIPTION = 'subscription'
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

/** Leaves the subscription that a call has opened for whoever writes the response. */
export function keepSubscription(context: ServerCallContext, subscription: Subscription): void {
  context.state.set(SUBSCRIPTION, subscription)
}

/** The subscription the call has opened, when it asked for a stream. */
export function openedSubscription(context: ServerCallContext): Subscription | undefined {
  const subscription = context.state.get(SUBSCRIPTION)
  return subscription instanceof Subscription ? subscription : undefined
}

import { z } from 'zod'
import { newId } from './ids.ts'

/** By what names a request is followed through processes: its own id, and a W3C trace context. */
export type Trace = { readonly requestId: string; readonly traceparent: string }

const PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/
const NOTHING = /^0+$/
const headers = z.object({ 'x-request-id': z.string().max(100), traceparent: z.string().regex(PARENT) })

/**
 * The `traceparent` of what a request does here (https://www.w3.org/TR/trace-context/): of the trace it came with, under a new id, or of a
 * new trace when it came with none or a malformed one.
 */
export function continueTrace(given: unknown): string {
  const [, traceId, parentId, flags] = (typeof given === 'string' && PARENT.exec(given)) || []
  // The second half of such an id is random but for two bits.
  const span = hex().slice(16)
  if (traceId === undefined || parentId === undefined || NOTHING.test(traceId) || NOTHING.test(parentId))
    return `00-${hex()}-${span}-00`
  return `00-${traceId}-${span}-${flags}`
}

const hex = (): string => newId().replaceAll('-', '')

/** What logs name a trace by. */
export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35)

/** The trace as headers of a message. */
export const traceHeaders = ({ requestId, traceparent }: Trace): Record<string, string> => ({
  'x-request-id': requestId,
  traceparent,
})

/** The trace in the headers of a message; undefined for one that no request has published. */
export function readTrace(given: Readonly<Record<string, unknown>>): Trace | undefined {
  const parsed = headers.safeParse(given)
  return parsed.success ? { requestId: parsed.data['x-request-id'], traceparent: parsed.data.traceparent } : undefined
}

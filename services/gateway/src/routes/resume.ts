import { z } from 'zod'

const eventId = z.string().max(40).optional()

/** Where a stream goes on, as an `EventSource` says it when it comes back. */
export const resumeHeaders = z.object({ 'last-event-id': eventId })

/** The same in the query. */
export const after = eventId.meta({ description: 'As `Last-Event-ID`, for clients that cannot set headers.' })

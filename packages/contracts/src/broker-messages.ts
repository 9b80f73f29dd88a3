import { z } from 'zod'
import { uuid } from './ids.ts'

/** The version this code writes. A consumer that meets a newer one parks the message; it is not poison. */
export const SCHEMA_VERSION = 1

/** Body of a message in `question_queue`: ids only; the row holds the input. `messageId` of the delivery is the runId. */
export const questionMessage = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  runId: uuid,
  sessionId: uuid,
})
export type QuestionMessage = z.infer<typeof questionMessage>

/** Body of a message in `job_queue.<kind>`: the id only; the row says what is to be done. `messageId` of the delivery is the jobId. */
export const jobMessage = z.object({ schemaVersion: z.literal(SCHEMA_VERSION), jobId: uuid })
export type JobMessage = z.infer<typeof jobMessage>

/**
 * Body of a message on the `control` exchange; every worker and every gateway hears it. `cancel` (routing key `run.cancel`): the worker that
 * runs the run acts. `principal_changed` (`principal.changed`): gateways forget what they know of the user, or of everyone in the tenant.
 * `sessions_closed` (`session.closed`): gateways end the streams of sessions that were deleted.
 */
export const controlMessage = z.discriminatedUnion('kind', [
  z.object({ schemaVersion: z.literal(SCHEMA_VERSION), kind: z.literal('cancel'), runId: uuid }),
  z.object({
    schemaVersion: z.literal(SCHEMA_VERSION),
    kind: z.literal('principal_changed'),
    tenantId: uuid,
    userId: uuid.nullable(),
  }),
  z.object({ schemaVersion: z.literal(SCHEMA_VERSION), kind: z.literal('sessions_closed'), sessionIds: z.array(uuid) }),
])
export type ControlMessage = z.infer<typeof controlMessage>

/** What only the version is known of: read first, to tell a newer message from a malformed one. */
export const anyVersion = z.object({ schemaVersion: z.int().positive() })

import type { Delivery } from '@askwire/broker'
import { anyVersion, questionMessage, SCHEMA_VERSION, uuid } from '@askwire/contracts'
import { z } from 'zod'

/**
 * What a message of `question_queue` is. `runId` of one that cannot be understood is the run it seems to name: in its body, or as
 * its message id, which is the run's in every version.
 */
export type ReadQuestion =
  | { kind: 'question'; runId: string }
  | { kind: 'newer'; runId: string | undefined }
  | { kind: 'malformed'; runId: string | undefined }

const anyRun = z.looseObject({ runId: uuid })

/** Reads a delivery without trusting any of it. */
export function readQuestion({ body, messageId }: Pick<Delivery, 'body' | 'messageId'>): ReadQuestion {
  const parsed = parseJson(body)
  const question = questionMessage.safeParse(parsed)
  if (question.success) return { kind: 'question', runId: question.data.runId }
  const runId = anyRun.safeParse(parsed).data?.runId ?? uuid.safeParse(messageId).data
  const version = anyVersion.safeParse(parsed)
  return { kind: version.success && version.data.schemaVersion > SCHEMA_VERSION ? 'newer' : 'malformed', runId }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

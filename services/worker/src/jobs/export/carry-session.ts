import { AppError, type ExportProblem, type ReasonCode, type ReasonParams, toReason } from '@askwire/contracts'
import {
  type ArchiveWriter,
  type AskwireSession,
  MAX_ARCHIVED_BYTES,
  MAX_MESSAGE_CHARS,
  MAX_OWN_BYTES,
  MAX_OWN_MESSAGES,
  toAskwireSession,
  Unreadable,
} from '@askwire/portability'
import { type Exportable, type ExportedSession, readSessionExport } from '@askwire/store'
import { isAway } from '../../while-unavailable.ts'
import type { JobContext } from '../job-context.ts'

/**
 * Puts one session into an archive as well as it can be; whatever is wrong with it is noted there and costs no other. One that has gone meanwhile is
 * passed over. Throws only what is no session's fault: the database is away, or the attempt is over.
 */
export async function carrySession(context: JobContext, archive: ArchiveWriter, { id, bytes }: Exportable) {
  const note = (outcome: ExportProblem['outcome'], code: ReasonCode, params?: ReasonParams): void =>
    archive.addProblem({ sessionId: id, outcome, ...toReason(code, params) })
  if (bytes > MAX_ARCHIVED_BYTES) return note('left_out', 'larger_than_archive', { bytes, max: MAX_ARCHIVED_BYTES })
  const stored = await read(context, id)
  if (stored === 'gone') return
  if (stored === 'unreadable') return note('left_out', 'unreadable')
  const session = toArchived(stored)
  if (!session) return note('left_out', 'malformed')
  const jsonBytes = await archive.addSession(session)
  if (session.leftOut.length > 0) note('reduced', 'fields_left_out', { fields: session.leftOut.join(', ') })
  if (jsonBytes > MAX_OWN_BYTES || isTooLong(session)) note('carried', 'larger_than_import')
}

async function read(
  { deps, job, scope, signal }: JobContext,
  sessionId: string,
): Promise<ExportedSession | 'gone' | 'unreadable'> {
  try {
    return await readSessionExport(deps.store, scope, sessionId)
  } catch (error) {
    signal.throwIfAborted()
    if (isAway(error)) throw error
    if (error instanceof AppError && error.code === 'not_found') return 'gone'
    deps.logger.error({ err: error, jobId: job.id, sessionId }, 'a session could not be read for an archive')
    return 'unreadable'
  }
}

function toArchived(stored: ExportedSession): AskwireSession | undefined {
  try {
    return toAskwireSession(stored)
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}

const isTooLong = ({ messages }: AskwireSession): boolean =>
  messages.length > MAX_OWN_MESSAGES || messages.some(({ content }) => content.length > MAX_MESSAGE_CHARS)

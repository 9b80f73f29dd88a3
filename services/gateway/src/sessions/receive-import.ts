import type { Readable } from 'node:stream'
import { AppError } from '@askwire/contracts'
import { publishJob } from '@askwire/runs'
import {
  cancelJob,
  createJob,
  createPieceWriter,
  type JobRow,
  sealUpload,
  withScope,
  writeUpload,
} from '@askwire/store'
import type { GatewayContext } from '../context.ts'
import { actorOf, type Principal, scopeOf } from '../principal.ts'

/**
 * Takes a file in as it comes, piece by piece, and makes it an import. One piece is in memory at a time. What breaks off leaves nothing behind.
 * Throws `payload_too_large`, and `invalid_request` for an empty file.
 */
export async function receiveImport(
  context: GatewayContext,
  principal: Principal,
  file: { body: Readable; mediaType: string },
): Promise<JobRow> {
  const scope = scopeOf(principal)
  const { requestId, address, agent } = actorOf(principal)
  const made = await withScope(context.store, scope, (db) =>
    createJob(db, scope, { kind: 'import', input: { facts: { requestId, address, agent } }, uploading: true }),
  )
  try {
    const { bytes, pieces } = await store(context, principal, made.id, file.body)
    const job = await withScope(context.store, scope, (db) =>
      sealUpload(db, scope, made.id, { bytes, pieces, mediaType: file.mediaType }),
    )
    if (!job) throw new AppError('conflict', 'The job was stopped.')
    void publishJob(context, job)
    return job
  } catch (error) {
    await cancelJob(context.store, scope, made.id).catch(() => undefined)
    throw error
  }
}

async function store(
  context: GatewayContext,
  principal: Principal,
  jobId: string,
  body: Readable,
): Promise<{ bytes: number; pieces: number }> {
  const most = context.config.ASKWIRE_MAX_IMPORT_BYTES
  const scope = scopeOf(principal)
  const file = createPieceWriter((piece) => writeUpload(context.store, scope, { jobId, ...piece }))
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > most) throw new AppError('payload_too_large', 'The file is larger than an import may be.')
    await file.push(chunk)
  }
  if (bytes === 0) throw new AppError('invalid_request', 'The file is empty.')
  return { bytes, pieces: await file.end() }
}

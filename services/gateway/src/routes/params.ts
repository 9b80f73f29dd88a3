import { uuid } from '@askwire/contracts'
import { z } from 'zod'

export const sessionParams = z.strictObject({ sessionId: uuid })
export const folderParams = z.strictObject({ folderId: uuid })
export const sessionMemberParams = z.strictObject({ sessionId: uuid, userId: uuid })
export const shareParams = z.strictObject({ shareId: uuid })
/** Anything at all: a key of another form opens nothing, as one that is not known. */
export const sharedParams = z.strictObject({ key: z.string().max(200) })
export const jobParams = z.strictObject({ jobId: uuid })
export const messageParams = z.strictObject({ sessionId: uuid, messageId: uuid })
export const queuedParams = z.strictObject({ sessionId: uuid, runId: uuid })
export const runParams = z.strictObject({ runId: uuid })
export const documentParams = z.strictObject({ documentId: uuid })
export const chunkParams = z.strictObject({ documentId: uuid, chunkId: uuid })
export const letterParams = z.strictObject({ letterId: uuid })
export const loginParams = z.strictObject({ loginId: uuid })
export const userParams = z.strictObject({ userId: uuid })
export const roleParams = z.strictObject({ roleId: uuid })
export const groupParams = z.strictObject({ groupId: uuid })
export const memberParams = z.strictObject({ groupId: uuid, userId: uuid })
export const tenantParams = z.strictObject({ tenantId: uuid })
export const invitationParams = z.strictObject({ invitationId: uuid })
export const tokenParams = z.strictObject({ tokenId: uuid })

import { uuid } from '@askwire/contracts'
import { z } from 'zod'

export const sessionParams = z.strictObject({ sessionId: uuid })
export const runParams = z.strictObject({ runId: uuid })
export const documentParams = z.strictObject({ documentId: uuid })
export const chunkParams = z.strictObject({ documentId: uuid, chunkId: uuid })
export const letterParams = z.strictObject({ letterId: uuid })
export const loginParams = z.strictObject({ loginId: uuid })

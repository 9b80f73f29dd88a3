import { z } from 'zod'

/** What `[n]` in an answer cites. `quote` occurs word for word in the document's text; `score` is the fused rank score. */
export const resource = z.object({
  n: z.int().positive(),
  documentId: z.string(),
  documentName: z.string(),
  chunkId: z.string(),
  page: z.int().positive().nullable(),
  score: z.number(),
  quote: z.string(),
})
export type Resource = z.infer<typeof resource>

import { z } from 'zod'

/** A chunk as a citation opens it: its text, and the text around it. `quote` of a resource occurs in `text`. */
export const chunkView = z.object({
  id: z.string(),
  documentId: z.string(),
  documentName: z.string(),
  index: z.int().nonnegative(),
  page: z.int().positive().nullable(),
  heading: z.string().nullable(),
  text: z.string(),
  before: z.string(),
  after: z.string(),
})
export type ChunkView = z.infer<typeof chunkView>

/** An indexed document. `status`: `ready` is searchable. */
export const documentView = z.object({
  id: z.string(),
  name: z.string(),
  mediaType: z.string(),
  bytes: z.int().nonnegative(),
  chunkCount: z.int().nonnegative(),
  createdAt: z.string(),
})
export type DocumentView = z.infer<typeof documentView>

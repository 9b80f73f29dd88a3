import { z } from 'zod'
import { uuid } from '../ids.ts'
import { pageQuery, queryFlag } from './page.ts'
import { tag } from './sessions.ts'
import { line } from './text.ts'

/** Query and items of `GET /api/search`. `highlights` mark what matched by start and end in `snippet`, in UTF-16 code units. */
export const searchQuery = pageQuery.extend({
  q: line(500),
  role: z.enum(['user', 'assistant']).optional(),
  tag: tag.optional(),
  folderId: uuid.optional(),
  archived: queryFlag.optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
})
export type SearchQuery = z.infer<typeof searchQuery>
export const searchHit = z.object({
  kind: z.enum(['message', 'title']),
  sessionId: z.string(),
  sessionTitle: z.string().nullable(),
  messageId: z.string().nullable(),
  role: z.enum(['user', 'assistant']).nullable(),
  snippet: z.string(),
  highlights: z.array(z.object({ start: z.int().nonnegative(), end: z.int().positive() })),
  score: z.number(),
  at: z.string(),
})
export type SearchHit = z.infer<typeof searchHit>

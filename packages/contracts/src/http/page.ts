import { z } from 'zod'

export const DEFAULT_PAGE_LIMIT = 20
export const MAX_PAGE_LIMIT = 100

/** Query of every list: `limit` 1…100, `cursor` as an earlier page gave it. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_LIMIT).default(DEFAULT_PAGE_LIMIT),
  cursor: z.string().min(1).max(500).optional(),
})
export type PageQuery = z.infer<typeof pageQuery>

/** A page of a list, newest first. `nextCursor` is null on the last page. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })
export type Page<T> = { items: T[]; nextCursor: string | null }

/** A yes or no in a query. */
export const queryFlag = z.enum(['true', 'false']).transform((value) => value === 'true')

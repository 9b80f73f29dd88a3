import { z } from 'zod'
import { uuid } from '../ids.ts'
import { email } from './text.ts'

/** Body of `POST /api/sessions/:sessionId/share`. The snapshot is of the branch that ends in `leafId` (default: the open one). */
export const shareRequest = z
  .strictObject({
    leafId: uuid.optional(),
    expiresInDays: z.int().min(1).max(365).optional(),
    password: z.string().min(8).max(200).optional(),
  })
  .default({})
export const shareView = z.object({
  id: z.string(),
  sessionId: z.string(),
  title: z.string().nullable(),
  protected: z.boolean(),
  views: z.int().nonnegative(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
})
export type ShareView = z.infer<typeof shareView>
/** The key is shown once, in `url`. */
export const createdShare = shareView.extend({ url: z.string() })

/** Body of `POST /api/shared/:key` and of its `copy`. */
export const openShareRequest = z.strictObject({ password: z.string().min(1).max(200).optional() }).default({})

/** What a viewer of a share gets, and nothing more. */
export const sharedSnapshot = z.object({
  title: z.string().nullable(),
  sharedAt: z.string(),
  messages: z.array(z.object({ role: z.enum(['user', 'assistant']), content: z.string(), createdAt: z.string() })),
})
export type SharedSnapshot = z.infer<typeof sharedSnapshot>

/** Who else of the tenant may see or continue a session. */
export const memberView = z.object({ userId: z.string(), name: z.string(), access: z.enum(['view', 'edit']) })
export type MemberView = z.infer<typeof memberView>
const memberAccess = z.enum(['view', 'edit'])
/** Body of `POST /api/sessions/:sessionId/members`: a person of the tenant, by id or by the mail address they sign in with. */
export const memberRequest = z.union([
  z.strictObject({ userId: uuid, access: memberAccess }),
  z.strictObject({ email, access: memberAccess }),
])
export const memberList = z.object({ items: z.array(memberView) })

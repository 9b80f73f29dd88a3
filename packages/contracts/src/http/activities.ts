import { z } from 'zod'
import { uuid } from '../ids.ts'
import { pageQuery } from './page.ts'

/** Everything that is recorded. `<what>.<verb>`; closed, so that filters and charts know it. */
export const ACTIONS = [
  'account.register',
  'account.claim',
  'account.update',
  'account.password_change',
  'account.password_forgot',
  'account.password_reset',
  'account.mfa_enable',
  'account.mfa_disable',
  'account.backup_codes',
  'account.oidc_link',
  'account.oidc_unlink',
  'account.erase',
  'login.success',
  'login.failure',
  'login.end',
  'login.refresh_reuse',
  'token.create',
  'token.delete',
  'token.refused',
  'user.update',
  'user.logins_end',
  'role.create',
  'role.update',
  'role.delete',
  'group.create',
  'group.update',
  'group.delete',
  'group.member_add',
  'group.member_remove',
  'tenant.create',
  'tenant.update',
  'invitation.create',
  'invitation.accept',
  'invitation.revoke',
  'session.create',
  'session.update',
  'session.delete',
  'session.erase',
  'session.import',
  'session.export',
  'session.fork',
  'session.member_add',
  'session.member_remove',
  'session.leave',
  'share.create',
  'share.delete',
  'session.restore',
  'folder.create',
  'folder.update',
  'folder.delete',
  'message.edit',
  'message.regenerate',
  'message.delete',
  'feedback.create',
  'feedback.delete',
  'queue.reorder',
  'queue.update',
  'queue.delete',
  'document.create',
  'document.update',
  'document.delete',
  'setting.update',
  'activities.clear',
  'dead_letter.replay',
] as const
export const action = z.enum(ACTIONS)
export type Action = (typeof ACTIONS)[number]

/** Non-secret fields before and after a change. */
const fields = z.record(z.string(), z.unknown())

/** One recorded change. */
export const activityView = z.object({
  id: z.string(),
  at: z.string(),
  action,
  actorId: z.string().nullable(),
  actorName: z.string().nullable(),
  targetType: z.string(),
  targetId: z.string().nullable(),
  address: z.string(),
  agent: z.string(),
  requestId: z.string(),
  before: fields.nullable(),
  after: fields.nullable(),
})
export type ActivityView = z.infer<typeof activityView>

const range = {
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
}

/**
 * Query of `GET /api/activities`. `from` is included, `to` is not. `scope=tenant` needs `audit.read` and is of one's own tenant; an
 * owner may name another. `scope=own` is what I did, in whichever tenant.
 */
export const activitiesQuery = pageQuery.extend({
  scope: z.enum(['own', 'tenant']).default('own'),
  action: action.optional(),
  actorId: uuid.optional(),
  tenantId: uuid.optional(),
  ...range,
})
export type ActivitiesQuery = z.infer<typeof activitiesQuery>

export const activityStatsQuery = z.strictObject({
  scope: z.enum(['own', 'tenant']).default('own'),
  tenantId: uuid.optional(),
  days: z.coerce.number().int().min(1).max(366).default(30),
})
export type ActivityStatsQuery = z.infer<typeof activityStatsQuery>

/** Body of `GET /api/activities/stats`: counts by UTC day and action; days without any are absent. */
export const activityStats = z.object({
  days: z.array(z.object({ day: z.iso.date(), action, count: z.int().positive() })),
  total: z.int().nonnegative(),
})
export type ActivityStats = z.infer<typeof activityStats>

/** Body of `DELETE /api/activities`: how many are hidden from my own view now. The record stays. */
export const clearedActivities = z.object({ cleared: z.int().nonnegative() })

/** Query of `GET /api/audit/verify`. Without `tenantId` an owner gets every tenant, others their own. */
export const auditVerifyQuery = z.strictObject({ tenantId: uuid.optional() })

/** Body of `GET /api/audit/verify`: whether the chain of recorded changes is whole. `brokenAt` names the first entry that is not. */
export const auditVerification = z.object({
  ok: z.boolean(),
  tenants: z.array(
    z.object({
      tenantId: z.string(),
      ok: z.boolean(),
      checked: z.int().nonnegative(),
      unsealed: z.int().nonnegative().meta({ description: 'Recorded within the last seconds, not yet in the chain.' }),
      brokenAt: z.string().nullable(),
      problem: z.enum(['changed', 'missing', 'inserted', 'cut']).nullable(),
    }),
  ),
})
export type AuditVerification = z.infer<typeof auditVerification>

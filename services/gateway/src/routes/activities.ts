import {
  activitiesQuery,
  activityStats as activityStatsBody,
  activityStatsQuery,
  activityView,
  auditVerification,
  auditVerifyQuery,
  clearedActivities,
  pageOf,
} from '@askwire/contracts'
import { type ActivitiesOf, activityStats, clearActivities, listActivities } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import { verifyRecord } from '../audit/verify-record.ts'
import type { GatewayContext } from '../context.ts'
import { administratorOf, type Principal, reachOf, requirePermission } from '../principal.ts'
import { defineRoute } from './route.ts'

/** `/api/activities` and `/api/audit`: what was done, by whom and from where. */
export function activityRoutes(app: FastifyInstance, context: GatewayContext): void {
  const { store } = context

  defineRoute(app, {
    method: 'GET',
    url: '/api/activities',
    access: 'activities.read',
    tag: 'activities',
    summary: 'What I did, or what was done in a tenant (with `audit.read`), newest first',
    query: activitiesQuery,
    responses: { 200: { description: 'A page of activities.', schema: pageOf(activityView) } },
    handler: async ({ principal, query }) =>
      await listActivities(store, reachOf(principal), whose(principal, query), query),
  })

  defineRoute(app, {
    method: 'GET',
    url: '/api/activities/stats',
    access: 'activities.read',
    tag: 'activities',
    summary: 'The same, counted by UTC day and action',
    query: activityStatsQuery,
    responses: { 200: { description: 'The counts.', schema: activityStatsBody } },
    handler: async ({ principal, query }) =>
      await activityStats(store, reachOf(principal), whose(principal, query), query.days),
  })

  defineRoute(app, {
    method: 'DELETE',
    url: '/api/activities',
    // Not `activities.read`, which tokens that only read have too.
    access: 'account.manage',
    tag: 'activities',
    summary: 'Clear my own view; the record stays',
    responses: { 200: { description: 'How much is hidden now.', schema: clearedActivities } },
    handler: async ({ principal }) => ({ cleared: await clearActivities(store, administratorOf(principal)) }),
  })

  defineRoute(app, {
    method: 'GET',
    url: '/api/audit/verify',
    access: 'audit.read',
    tag: 'activities',
    summary: 'Whether what was recorded has been tampered with',
    query: auditVerifyQuery,
    responses: { 200: { description: 'What was found, for each tenant.', schema: auditVerification } },
    handler: async ({ principal, query }) => await verifyRecord(context, reachOf(principal), query.tenantId),
  })
}

function whose(principal: Principal, query: { scope: 'own' | 'tenant'; tenantId?: string | undefined }): ActivitiesOf {
  if (query.scope === 'own') return { of: 'own' }
  requirePermission(principal, 'audit.read')
  return { of: 'tenant', tenantId: query.tenantId }
}

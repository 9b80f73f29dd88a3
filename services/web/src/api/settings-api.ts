import type { FeedbackStats } from '@askwire/contracts'
import { requestJson } from './http-client.ts'
import { queryOf } from './query-of.ts'

/** What holds for everyone in one's tenant. */
export type TenantSettings = { retentionDays: number | null }

export const getSettings = (): Promise<TenantSettings> => requestJson('/api/settings')
export const updateSettings = (change: TenantSettings): Promise<TenantSettings> =>
  requestJson('/api/settings', { method: 'PATCH', body: change })

/** Counts of feedback over the last days, of all people of the tenant. */
export const getFeedbackStats = (days: number): Promise<FeedbackStats> =>
  requestJson(`/api/feedback/stats${queryOf({ scope: 'tenant', days })}`)

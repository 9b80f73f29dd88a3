import { AppError, type AuditVerification, type Reach } from '@askwire/contracts'
import { verifyAudit } from '@askwire/store'
import type { GatewayContext } from '../context.ts'

/** One at a time on a replica: it reads everything that was ever recorded. */
let underWay = false
const RETRY_MS = 5000
const LONGEST_MS = 120_000

/**
 * Verifies the chain of the tenant asked for, else of everything within reach. Throws `not_found` for a tenant beyond it and `overloaded`
 * while another verification is under way, or when it takes longer than two minutes.
 */
export async function verifyRecord(
  context: Pick<GatewayContext, 'store' | 'auth'>,
  reach: Reach,
  asked: string | undefined,
): Promise<AuditVerification> {
  const tenantId = reach.reach === 'installation' ? asked : reach.tenantId
  if (asked !== undefined && asked !== tenantId) throw new AppError('not_found', 'There is no such tenant.')
  if (underWay) throw new AppError('overloaded', 'Another verification is under way.', { retryAfterMs: RETRY_MS })
  underWay = true
  const signal = AbortSignal.timeout(LONGEST_MS)
  try {
    const { ok, tenants } = await verifyAudit(context.store, context.auth.auditKeys, { tenantId, signal })
    if (asked !== undefined && tenants.length === 0) throw new AppError('not_found', 'There is no such tenant.')
    return { ok, tenants: tenants.map(({ head: _, ...tenant }) => tenant) }
  } catch (cause) {
    if (!signal.aborted) throw cause
    throw new AppError('overloaded', 'The record is too long for a request; `npm run audit:verify` has the time.', {
      cause,
    })
  } finally {
    underWay = false
  }
}

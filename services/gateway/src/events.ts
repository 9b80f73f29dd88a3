import { type Trace, traceIdOf } from '@askwire/contracts'
import type { Logger, Metrics } from '@askwire/runtime'
import type { RunRow } from '@askwire/store'

/** The gateway's business events: each is a log line and a metric in one call. */
export type GatewayEvents = ReturnType<typeof createGatewayEvents>

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Makes the gateway's events on its logger and metrics. */
export function createGatewayEvents(logger: Logger, metrics: Metrics) {
  const accepted = metrics.counter('askwire_questions_accepted_total', 'Questions accepted, by state at acceptance', [
    'status',
  ])
  const cancelled = metrics.counter(
    'askwire_runs_cancel_requests_total',
    'Requests to stop a run, by its state afterwards',
    ['status'],
  )
  const requests = metrics.histogram(
    'askwire_http_request_seconds',
    'Time to answer a request, streams excluded',
    SECONDS,
    ['method', 'route', 'status'],
  )
  const reconciled = metrics.counter('askwire_reconciled_total', 'Runs mended by the reconciler, by what was done', [
    'step',
  ])
  const replayed = metrics.counter(
    'askwire_dead_letters_replayed_total',
    'Replays of dead letters, repetitions included',
  )
  const limited = metrics.counter('askwire_rate_limited_total', 'Requests and tries refused with 429, by limit', [
    'limit',
  ])
  const refused = metrics.counter('askwire_auth_refused_total', 'Credentials refused, by reason', ['reason'])
  const signedIn = metrics.counter('askwire_sign_ins_total', 'Sign-ins, by method', ['method'])
  const reused = metrics.counter('askwire_refresh_reuse_total', 'Refresh tokens that came a second time')
  const sealed = metrics.counter('askwire_activities_sealed_total', 'Recorded activities put into the audit chain')
  const tampered = metrics.gauge('askwire_audit_chains_broken', 'Audit chains found tampered with, as last seen')
  return {
    signedIn: (method: string, facts: { requestId: string; userId: string }) => {
      signedIn.inc({ method })
      logger.info({ method, ...facts }, 'signed in')
    },
    refreshReused: (facts: { requestId: string; address: string; userId: string }) => {
      reused.inc()
      logger.warn(facts, 'a used refresh token came again: its login is over')
    },
    rateLimited: (limit: string) => {
      limited.inc({ limit })
      logger.debug({ limit }, 'rate limit reached')
    },
    /** `reason` is one of a few fixed words, never anything of the credential. */
    authRefused: (reason: string, facts: { requestId: string; address: string }) => {
      refused.inc({ reason })
      logger.info({ reason, ...facts }, 'credential refused')
    },
    questionAccepted: (run: RunRow, { requestId, traceparent }: Trace) => {
      accepted.inc({ status: run.status })
      const { id: runId, sessionId, status } = run
      logger.info({ runId, sessionId, status, requestId, traceId: traceIdOf(traceparent) }, 'question accepted')
    },
    cancelRequested: (run: RunRow) => {
      cancelled.inc({ status: run.status })
      logger.info({ runId: run.id, sessionId: run.sessionId, status: run.status }, 'stop requested')
    },
    deadLetterReplayed: (letterId: string, runId: string) => {
      replayed.inc()
      logger.info({ letterId, runId }, 'dead letter replayed')
    },
    requestAnswered: (facts: { method: string; route: string; status: number; seconds: number }) => {
      requests.observe({ method: facts.method, route: facts.route, status: facts.status }, facts.seconds)
    },
    activitiesSealed: (count: number) => sealed.inc(count),
    chainsBroken: (tenantIds: readonly string[]) => {
      tampered.set(tenantIds.length)
      if (tenantIds.length > 0) logger.error({ tenantIds }, 'audit chains have been tampered with: they grow no more')
    },
    activitiesDropped: (months: readonly string[]) => {
      if (months.length > 0) logger.info({ months }, 'recorded activities past retention dropped')
    },
    reconciled: (step: string, count: number) => {
      if (count === 0) return
      reconciled.inc({ step }, count)
      logger.info({ step, count }, 'reconciled')
    },
  }
}

import { credentialKind, hashSecret } from '@askwire/auth'
import { controlMessage, newId, PRINCIPAL_KEY, SCHEMA_VERSION } from '@askwire/contracts'
import { sendSessionsClosed } from '@askwire/runs'
import { findPrincipalByLogin, findPrincipalByToken, recordActivity, touchToken } from '@askwire/store'
import type { FastifyRequest } from 'fastify'
import type { GatewayConfig } from '../config.ts'
import type { GatewayDeps } from '../deps.ts'
import type { GatewayEvents } from '../events.ts'
import { requireSameOrigin } from '../plugins/same-origin.ts'
import type { Authenticate, Principal } from '../principal.ts'
import type { AuthKit } from './auth-kit.ts'
import { isAddressAllowed } from './is-address-allowed.ts'
import { type KnownPerson, knownPerson } from './known-person.ts'
import { createPrincipalCache, type Found } from './principal-cache.ts'
import { type Credential, Refused, readCredential } from './read-credential.ts'
import type { StreamGuard } from './stream-guard.ts'
import { TRIAL_PERSON, type Trial } from './trial.ts'

/** Somebody whose rights may have changed; `userId` null: everyone of the tenant. */
export type Changed = { tenantId: string; userId: string | null }

export type Principals = {
  authenticate: Authenticate
  /**
   * MUST be called after the commit of every change that takes rights from somebody or gives them: disabled, role, group, login or token
   * ended, tenant disabled. Every replica forgets them, and their streams that are not allowed any more end.
   */
  changed(who: Changed): void
  /** MUST be called after the commit that deletes sessions, or closes them to somebody: those streams end on every replica. */
  sessionsClosed(sessionIds: readonly string[]): void
  start(): Promise<void>
  close(): Promise<void>
}

const MAX_AGENT_CHARS = 300
const TOKEN_NOTED_MS = 60_000
const MAX_NOTED = 10_000

/** Finds who is asking: the credential from the request, everything else from the database, through a cache of two seconds. */
export function createPrincipals(
  deps: GatewayDeps & {
    config: GatewayConfig
    events: GatewayEvents
    auth: AuthKit
    trial: Trial
    guard: StreamGuard
    keptMs?: number | undefined
  },
): Principals {
  const { store, auth, trial, events, logger } = deps
  const cache = createPrincipalCache(deps.clock.now, { keptMs: deps.keptMs })
  const noted = new Map<string, number>()
  let queue: { close(): Promise<void> } | undefined

  const find = async ({ kind, text }: Credential): Promise<Found | undefined> => {
    if (kind === 'api') return toFound(await findPrincipalByToken(store, hashSecret(text)))
    const claims = await auth.accessTokens.verify(text)
    if (!claims) return undefined
    const row = await findPrincipalByLogin(store, claims.loginId)
    if (row?.userId !== claims.userId || row.tenantId !== claims.tenantId) return undefined
    const found = toFound(row)
    return found && { ...found, endsAt: Math.min(found.endsAt, claims.expiresAt.getTime()) }
  }

  /** At most once a minute for one token and one thing, and never waited for. */
  const note = (key: string, write: () => Promise<void>): void => {
    const now = performance.now()
    if (now - (noted.get(key) ?? Number.NEGATIVE_INFINITY) < TOKEN_NOTED_MS) return
    if (noted.size >= MAX_NOTED) noted.clear()
    noted.set(key, now)
    write().catch((error: unknown) => logger.warn({ err: error }, 'could not note the use of a token'))
  }

  const identify = async (request: FastifyRequest): Promise<KnownPerson> => {
    const credential = readCredential(request)
    if (!credential) {
      if (trial.active()) return TRIAL_PERSON
      throw new Refused('none')
    }
    if (credential.byCookie) requireSameOrigin(request, deps.config.ASKWIRE_CORS_ORIGINS)
    const person = await cache.get(credential.text, () => find(credential))
    if (!person) throw new Refused(isServiceToken(credential) ? 'service_token' : 'invalid')
    const { tokenId, tenantId, userId } = person
    if (tokenId === null) return person
    if (!isAddressAllowed(request.ip, person.allowedAddresses)) {
      const refused = { action: 'token.refused', targetType: 'token', targetId: tokenId } as const
      note(`refused:${tokenId}`, () => recordActivity(store.db, { tenantId, userId, ...factsOf(request) }, refused))
      throw new Refused('address')
    }
    note(`used:${tokenId}`, () => touchToken(store, tokenId, request.ip))
    return person
  }

  const hear = (body: Buffer): void => {
    try {
      const message = controlMessage.parse(JSON.parse(body.toString('utf8')))
      if (message.kind === 'principal_changed') apply(message)
      if (message.kind === 'sessions_closed') close(message.sessionIds)
    } catch (error) {
      logger.warn({ err: error }, 'a control message could not be understood')
    }
  }
  const apply = (who: Changed): void => {
    cache.forget(who)
    deps.guard.check(who)
    if (who.userId !== null) deps.notices.dropHeldBack({ userId: who.userId })
  }
  const close = (sessionIds: readonly string[]): void => {
    deps.guard.checkSessions(sessionIds)
    for (const sessionId of sessionIds) deps.notices.dropHeldBack({ sessionId })
  }

  return {
    authenticate: async (request): Promise<Principal> => {
      try {
        const { allowedAddresses: _, ...person } = await identify(request)
        return { ...person, ...factsOf(request), traceparent: request.traceparent }
      } catch (error) {
        if (error instanceof Refused && error.reason !== 'none')
          events.authRefused(error.reason, { requestId: request.id, address: request.ip })
        throw error
      }
    },
    changed: ({ tenantId, userId }) => {
      apply({ tenantId, userId })
      const message = { schemaVersion: SCHEMA_VERSION, kind: 'principal_changed', tenantId, userId }
      void deps.broker.sendControl(PRINCIPAL_KEY, Buffer.from(JSON.stringify(message)))
    },
    sessionsClosed: (sessionIds) => {
      if (sessionIds.length === 0) return
      close(sessionIds)
      void sendSessionsClosed(deps, sessionIds)
    },
    start: async () => {
      // A name of its own: what one replica hears, the others must hear too.
      const workerId = `${deps.config.ASKWIRE_GATEWAY_ID}.${newId()}`
      queue = await deps.broker.openControlQueue({ workerId, onMessage: hear })
    },
    close: async () => await queue?.close(),
  }
}

/** Where a request came from, as it is recorded. */
export function factsOf(request: FastifyRequest): { requestId: string; address: string; agent: string } {
  const agent = (request.headers['user-agent'] ?? '').slice(0, MAX_AGENT_CHARS)
  return { requestId: request.id, address: request.ip, agent }
}

/** What a worker shows the agent has no business here: an operator wants to see it apart from what people show. */
const isServiceToken = ({ kind, text }: Credential): boolean =>
  kind === 'access' && credentialKind(`Bearer ${text}`) === 'service_token'

function toFound(row: Awaited<ReturnType<typeof findPrincipalByToken>>): Found | undefined {
  return row && { person: knownPerson(row), endsAt: row.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY }
}

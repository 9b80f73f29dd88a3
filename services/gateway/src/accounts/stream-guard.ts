import type { Permission } from '@askwire/contracts'
import type { Logger } from '@askwire/runtime'
import { allows, listOpened, listPrincipals, type Store } from '@askwire/store'
import type { Followers, Holder } from '../stream/followers.ts'
import { knownPerson } from './known-person.ts'
import type { Changed } from './principals.ts'
import type { Trial } from './trial.ts'

/** Ends streams whose holder may not follow them any more, or whose session was deleted. */
export type StreamGuard = {
  /** Looks at the streams of somebody whose rights changed, and at those of their sessions, at once. */
  check(who: Changed): void
  /** Looks at the streams of these sessions, at once. */
  checkSessions(sessionIds: readonly string[]): void
  start(): void
  close(): void
}

/** All streams are looked at this often too, should the news of a change have been lost with the broker. */
const ROUND_MS = 4000
const AT_ONCE = 500

/** The guard over the streams of this replica. A stream lives as long as the login or token it was opened with, not as the access token. */
export function createStreamGuard(deps: {
  store: Store
  followers: Followers
  trial: Trial
  logger: Logger
  roundMs?: number | undefined
}): StreamGuard {
  let timer: NodeJS.Timeout | undefined
  let looking = false

  const look = async (concerned: (holder: Holder) => boolean): Promise<void> => {
    const streams = deps.followers.held().filter(({ holder }) => concerned(holder))
    for (let at = 0; at < streams.length; at += AT_ONCE) {
      const some = streams.slice(at, at + AT_ONCE)
      const allowed = await allowedOf(
        deps,
        some.map(({ holder }) => holder),
      )
      for (const { holder, revoke } of some) if (!allowed(holder)) revoke()
    }
  }
  const warn = (error: unknown): void => deps.logger.warn({ err: error }, 'could not look who may still follow')

  return {
    check: ({ tenantId, userId }) => {
      // Who is barred, or being erased, takes the sessions along that are theirs: colleagues follow them no more either.
      const isTheirs = ({ userId: holderId, session }: Holder): boolean =>
        userId === null || holderId === userId || session?.ownerId === userId
      look((holder) => holder.tenantId === tenantId && isTheirs(holder)).catch(warn)
    },
    checkSessions: (sessionIds) => {
      const closed = new Set(sessionIds)
      look(({ session }) => session !== undefined && closed.has(session.sessionId)).catch(warn)
    },
    start: () => {
      timer = setInterval(() => {
        if (looking) return
        looking = true
        void look(() => true)
          .catch(warn)
          .finally(() => {
            looking = false
          })
      }, deps.roundMs ?? ROUND_MS)
      timer.unref()
    },
    close: () => clearInterval(timer),
  }
}

async function allowedOf(
  { store, trial }: { store: Store; trial: Trial },
  holders: readonly Holder[],
): Promise<(holder: Holder) => boolean> {
  const ids = (field: 'loginId' | 'tokenId'): string[] => [...new Set(holders.flatMap((holder) => holder[field] ?? []))]
  const rows = await listPrincipals(store, { loginIds: ids('loginId'), tokenIds: ids('tokenId') })
  const permissions = new Map<string | null, ReadonlySet<Permission>>(
    rows.map((row) => [row.loginId ?? row.tokenId, knownPerson(row).permissions]),
  )
  const mayOpen = await openableOf(store, holders)
  return (holder) => {
    const { loginId, tokenId, permission } = holder
    const known =
      loginId === null && tokenId === null
        ? trial.active()
        : (permissions.get(loginId ?? tokenId)?.has(permission) ?? false)
    return known && mayOpen(holder)
  }
}

/** Sessions go into the trash or are closed to a member while they are followed. */
async function openableOf(store: Store, holders: readonly Holder[]): Promise<(holder: Holder) => boolean> {
  const wanted = holders.flatMap(({ tenantId, userId, session }) =>
    session ? [{ tenantId, userId, sessionId: session.sessionId }] : [],
  )
  const opened = new Map(
    (await listOpened(store, wanted)).map(({ userId, sessionId, access }) => [`${userId} ${sessionId}`, access]),
  )
  return ({ userId, session }) => {
    if (!session) return true
    const access = opened.get(`${userId} ${session.sessionId}`)
    return access !== undefined && allows(access, session.need)
  }
}

import type { SessionDetail } from '@askwire/contracts'
import { ApiError } from '../api/api-error.ts'
import type { BranchName } from '../api/messages-api.ts'
import { getSession, updateSession } from '../api/sessions-api.ts'
import type { SessionState } from './session-state.ts'
import { endOf } from './show-branch.ts'

/**
 * Which branch of a session is open. The owner's choice is kept by the gateway and followed by their other devices; in a colleague's
 * session a choice is this page's own, until a question is asked.
 */
export type OpenBranch = {
  name(): BranchName
  /** Somebody wants the branch through this message: from now on it is the one to load. */
  begin(messageId: string): void
  /** That could not be shown: what was open before is open again. */
  giveUp(messageId: string): void
  /** How often somebody has chosen: whether it was done again since something else began. */
  choices(): number
  /** Opens the branch that ends in this message. Rejects as the request does. */
  choose(sessionId: string, leafId: string): Promise<void>
  /** The open branch goes on to another end, unless somebody has opened another one meanwhile. */
  follow(sessionId: string, from: string, to: string): Promise<void>
  /** Sends what moves the open branch, after what was sent before: so the gateway hears it in the order it was done. */
  inTurn<T>(send: () => Promise<T>): Promise<T>
  /** A question was asked: its branch is the open one. */
  leave(): void
  /** Where a question goes when the gateway would put it elsewhere. */
  parent(session: SessionState): string | undefined
  /** Finds out what may be done in the session, once; to be called before its messages are loaded. */
  know(sessionId: string): void
  /** Asks how the session is; true when its messages or its open branch may be others than at the last look. Never rejects. */
  look(sessionId: string): Promise<boolean>
}

/** `begun`: the session began in this page, so it is one's own. */
export function createOpenBranch({ begun }: { begun: boolean }): OpenBranch {
  let own: string | undefined
  let before: string | undefined
  let choices = 0
  let access: SessionDetail['access'] | undefined = begun ? 'owner' : undefined
  let seen: string | undefined
  let sent: Promise<unknown> = Promise.resolve()

  const inTurn = <T>(send: () => Promise<T>): Promise<T> => {
    const answered = sent.then(send)
    sent = answered.catch(() => {})
    return answered
  }
  const isOwner = async (sessionId: string): Promise<boolean> => {
    access ??= (await getSession(sessionId)).access
    return access === 'owner'
  }

  return {
    name: () => own ?? 'active',
    inTurn,
    choices: () => choices,
    begin: (messageId) => {
      choices += 1
      before = access === 'owner' ? undefined : own
      own = messageId
    },
    giveUp: (messageId) => {
      if (own === messageId) own = before
    },
    choose: async (sessionId, leafId) => {
      own = leafId
      await inTurn(async () => {
        if (!(await isOwner(sessionId)) || own !== leafId) return
        try {
          seen = versionOf(await updateSession(sessionId, { activeLeafId: leafId }))
        } finally {
          if (own === leafId) own = undefined
        }
      })
    },
    follow: async (sessionId, from, to) => {
      await inTurn(async () => {
        if (!(await isOwner(sessionId))) return
        const detail = await updateSession(sessionId, { activeLeafId: to, activeLeafWas: from }).catch(unlessMoved)
        if (detail) seen = versionOf(detail)
      })
    },
    leave: () => {
      own = undefined
    },
    parent: (session) => (own === undefined ? undefined : (endOf(session) ?? undefined)),
    know: (sessionId) => {
      if (access !== undefined) return
      const first = (detail: SessionDetail): void => {
        access = detail.access
        seen ??= versionOf(detail)
      }
      void getSession(sessionId).then(first, () => {})
    },
    look: async (sessionId) => {
      const detail = await getSession(sessionId).catch(() => undefined)
      if (!detail) return false
      access = detail.access
      const version = versionOf(detail)
      const changed = version !== seen
      seen = version
      return changed
    },
  }
}

/** Asking and deleting change the time, choosing a branch its end; a name or a draft neither. */
const versionOf = ({ activeLeafId, updatedAt }: SessionDetail): string => `${activeLeafId} ${updatedAt}`

const unlessMoved = (error: unknown): undefined => {
  if (!(error instanceof ApiError) || error.code !== 'conflict') throw error
  return undefined
}

import type { SessionDetail } from '@askwire/contracts'
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
  /** Opens the branch that ends in this message. Rejects as the request does. */
  choose(sessionId: string, leafId: string): Promise<void>
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
  let access: SessionDetail['access'] | undefined = begun ? 'owner' : undefined
  let seen: string | undefined

  return {
    name: () => own ?? 'active',
    choose: async (sessionId, leafId) => {
      own = leafId
      access ??= (await getSession(sessionId)).access
      if (access !== 'owner') return
      try {
        seen = versionOf(await updateSession(sessionId, { activeLeafId: leafId }))
      } finally {
        if (own === leafId) own = undefined
      }
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

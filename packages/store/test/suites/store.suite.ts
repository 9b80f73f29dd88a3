import type { Store } from '@askwire/store'
import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import { describeAccepting } from './accept.suite.ts'
import { describeAdministration } from './administration.suite.ts'
import { describeApiTokens } from './api-tokens.suite.ts'
import { describeAudit, describeRetention } from './audit.suite.ts'
import { describeClaiming } from './claim.suite.ts'
import { describeDeadLetters } from './dead-letters.suite.ts'
import { describeEnded } from './ended.suite.ts'
import { describeHistory } from './history.suite.ts'
import { describeJobs } from './jobs.suite.ts'
import { describeKeptReplies } from './kept-replies.suite.ts'
import { describeQueue } from './queue.suite.ts'
import { describeReading } from './reading.suite.ts'
import { describeRecording } from './recording.suite.ts'
import { describeRoles } from './roles.suite.ts'
import { describeRowSecurity } from './row-security.suite.ts'
import { describeSearch } from './search.suite.ts'
import { describeSessions } from './sessions.suite.ts'
import { describeSettling } from './settle.suite.ts'
import { describeTransitions } from './transitions.suite.ts'
import { describeTrash } from './trash.suite.ts'
import { describeTree } from './tree.suite.ts'

/** What every store must do, whatever is behind it. `openMigrated` is called once; after the last test no client may be in use. */
export function describeStore(name: string, openMigrated: () => Promise<Store>): void {
  describe(name, () => {
    let store: Store
    beforeAll(async () => {
      store = await openMigrated()
    }, 60_000)
    afterAll(async () => {
      const { totalCount, idleCount, waitingCount } = store.pool
      await store.close()
      expect({ inUse: totalCount - idleCount, waitingCount }).toEqual({ inUse: 0, waitingCount: 0 })
    })
    const open = (): Store => store
    describeAccepting(open)
    describeTransitions(open)
    describeClaiming(open)
    describeSettling(open)
    describeReading(open)
    describeDeadLetters(open)
    describeAdministration(open)
    describeRoles(open)
    describeApiTokens(open)
    describeAudit(open)
    describeRetention(open)
    describeRecording(open)
    describeEnded(open)
    describeRowSecurity(open)
    describeSessions(open)
    describeTrash(open)
    describeTree(open)
    describeHistory(open)
    describeQueue(open)
    describeSearch(open)
    describeJobs(open)
    describeKeptReplies(open)
  })
}

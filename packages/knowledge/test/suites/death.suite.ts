import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { indexFolder, retrieve } from '@askwire/knowledge'
import type { Store } from '@askwire/store'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { embedder, newScope } from './knowledge.suite.ts'

const PROGRAM = fileURLToPath(new URL('../dying-indexer.ts', import.meta.url))
const signal = AbortSignal.timeout(120_000)

/** F46 with a real process and a real SIGKILL. */
export function describeDeath(openMigrated: () => Promise<{ store: Store; url: string }>): void {
  describe('F46: the indexing process is killed', () => {
    let opened: { store: Store; url: string }
    const folder = mkdtempSync(path.join(tmpdir(), 'askwire-death-'))
    beforeAll(async () => {
      opened = await openMigrated()
    }, 30_000)
    afterAll(async () => {
      rmSync(folder, { recursive: true, force: true })
      await opened.store.close()
    })

    test('no chunk of the document is seen, and the next run, waiting for the dead one’s lease, completes it', async () => {
      const { store, url } = opened
      const scope = await newScope(store)
      const parts = Array.from({ length: 100 }, (_, i) => `## Part ${i}\n\nThe heron stands in pond ${i} and waits.`)
      writeFileSync(path.join(folder, 'herons.md'), parts.join('\n\n'))
      const child = spawn(process.execPath, [PROGRAM], {
        env: { URL: url, FOLDER: folder, TENANT: scope.tenantId, OWNER: scope.userId },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      // It says so when two batches are stored, and never goes on.
      await once(child.stdout, 'data')
      child.kill('SIGKILL')
      await once(child, 'exit')
      const count = async (): Promise<unknown> =>
        (await store.pool.query('select count(*)::int as n from chunks where tenant_id = $1', [scope.tenantId])).rows[0]
          .n
      expect(await count()).toBe(64)
      expect(await retrieve({ store, embedder }, scope, { query: 'heron in the pond', signal })).toEqual([])
      const report = await indexFolder({ store, embedder }, scope, { folder, collectionName: 'docs', signal })
      expect(report.added).toBe(1)
      expect(await count()).toBe(100)
      expect(await retrieve({ store, embedder }, scope, { query: 'heron in the pond', signal })).not.toEqual([])
    }, 60_000)
  })
}

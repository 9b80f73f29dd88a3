import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { BUILT_IN_OWNER, ensureBuiltInOwner } from './built-in-owner.ts'
import { lockFolder } from './lock-folder.ts'
import { migrate } from './migrate.ts'
import { openStore } from './open-store.ts'
import { getRun } from './runs/run-row.ts'

const HOLDER = path.join(import.meta.dirname, '../test/suites/hold-folder.ts')

describe('a folder with an embedded database', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'askwire-store-'))
  })
  afterEach(() => {
    chmodSync(folder, 0o700)
    rmSync(folder, { recursive: true, force: true })
  })

  test('is refused while another process has it; its data survives that process being killed', async () => {
    const holder = spawn(process.execPath, [HOLDER, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      const [chunk] = await once(holder.stdout, 'data')
      const runId = String(chunk).trim()
      await expect(openStore({ dataDir: folder })).rejects.toMatchObject({
        code: 'database_unavailable',
        message: expect.stringContaining(`${folder} is in use`),
      })
      holder.kill('SIGKILL')
      await once(holder, 'exit')
      const store = await openStore({ dataDir: folder })
      await migrate(store)
      expect(await ensureBuiltInOwner(store)).toEqual(BUILT_IN_OWNER)
      expect(await getRun(store, BUILT_IN_OWNER, runId)).toMatchObject({ status: 'queued' })
      await store.ping()
      await store.close()
      await store.close()
    } finally {
      holder.kill('SIGKILL')
    }
  }, 60_000)

  test('is held once per process too, until it is released', () => {
    const nested = path.join(folder, 'made', 'when missing')
    const lock = lockFolder(nested)
    expect(() => lockFolder(nested)).toThrow(/in use/)
    lock.release()
    lockFolder(nested).release()
  })

  test('that cannot be a folder says so', () => {
    const file = path.join(folder, 'file')
    writeFileSync(file, '')
    expect(() => lockFolder(file)).toThrow(/cannot be written/)
  })
})

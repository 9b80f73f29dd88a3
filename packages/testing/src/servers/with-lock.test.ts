import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { withLock } from './with-lock.ts'

const onLinux = process.platform === 'linux' ? describe : describe.skip
const MODULE = fileURLToPath(new URL('./with-lock.ts', import.meta.url))

onLinux('withLock', () => {
  test('lets one in at a time', async () => {
    const name = `one at a time ${process.pid}`
    let inside = 0
    let most = 0
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setImmediate(resolve))
      inside--
    }
    await Promise.all(Array.from({ length: 5 }, () => withLock(name, 30_000, work)))
    expect(most).toBe(1)
  })

  test('is freed by the death of its holder', async () => {
    const name = `held by the dead ${process.pid}`
    const hold = `import { withLock } from ${JSON.stringify(MODULE)}
      await withLock(${JSON.stringify(name)}, 30000, async () => { console.log('held'); await new Promise((done) => setTimeout(done, 60000)) })`
    const holder = spawn(process.execPath, ['--input-type=module', '-e', hold], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(holder.stdout, 'data')
    await expect(withLock(name, 100, async () => {})).rejects.toThrow(name)
    holder.kill('SIGKILL')
    expect(await withLock(name, 30_000, async () => 'mine')).toBe('mine')
  })

  test('is freed when the work fails', async () => {
    const name = `held by the failing ${process.pid}`
    await expect(withLock(name, 30_000, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(await withLock(name, 30_000, async () => 'mine')).toBe('mine')
  })
})

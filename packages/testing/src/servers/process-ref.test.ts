import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, test } from '@jest/globals'
import { waitFor } from '../wait-for.ts'
import { descendants, findProcess, isAlive, type ProcessRef, signalProcess, waitForExit } from './process-ref.ts'

const onLinux = process.platform === 'linux' ? describe : describe.skip

onLinux('a process reference', () => {
  const children: ChildProcess[] = []
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })

  async function start(script: string): Promise<ProcessRef> {
    const child = spawn('sh', ['-c', script], { stdio: 'ignore' })
    children.push(child)
    await once(child, 'spawn')
    return findProcess(child.pid!)!
  }

  test('is alive until its process has ended', async () => {
    const ref = await start('sleep 60')
    expect(isAlive(ref)).toBe(true)
    expect(signalProcess(ref, 'SIGKILL')).toBe(true)
    await waitForExit([ref], 30_000)
    expect(isAlive(ref)).toBe(false)
    expect(signalProcess(ref, 'SIGKILL')).toBe(false)
  })

  test('is not a later process with the same pid', async () => {
    const ref = await start('sleep 60')
    const impostor = { ...ref, startTicks: '1' }
    expect(isAlive(impostor)).toBe(false)
    expect(signalProcess(impostor, 'SIGKILL')).toBe(false)
    expect(isAlive(ref)).toBe(true)
  })

  test('knows all descendants', async () => {
    const ref = await start('sleep 60 & sh -c "sleep 60 & wait" & wait')
    const all = await waitFor(
      () => {
        const found = descendants(ref)
        return found.length === 3 && found
      },
      { what: 'three descendants' },
    )
    for (const child of all) expect(signalProcess(child, 'SIGKILL')).toBe(true)
    await waitForExit(all, 30_000)
  })
})

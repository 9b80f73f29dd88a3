import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Instance, State } from '../state.ts'
import { createComposeDriver, hasCompose } from './compose-driver.ts'

// A stand-in for the `docker` program that notes how it was called: what reaches an engine, where there is none.
describe('the Compose driver', () => {
  const folder = mkdtempSync(join(tmpdir(), 'askwire-compose-'))
  const calls = join(folder, 'calls')
  const docker = join(folder, 'docker')
  const composeDriver = createComposeDriver(docker)
  const instance: Instance = {
    name: 'rabbit-kill-1',
    kind: 'rabbit',
    ports: { amqp: 20001, management: 20002, dist: 20003 },
    password: 'ab12cd34',
    running: false,
  }
  const state: State = { version: 1, driver: 'compose', dataRoot: folder, id: 'f00d', cookie: 'c', instances: {} }

  beforeAll(() => {
    writeFileSync(docker, `#!/bin/sh\necho "$*" >> '${calls}'\necho some-container\n`)
    chmodSync(docker, 0o755)
  })
  beforeEach(() => writeFileSync(calls, ''))
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  function called(): string[] {
    return readFileSync(calls, 'utf8').trimEnd().split('\n')
  }

  test('is chosen where an engine answers', async () => {
    expect(await hasCompose(docker)).toBe(true)
    writeFileSync(docker, '#!/bin/sh\nexit 1\n')
    expect(await hasCompose(docker)).toBe(false)
    writeFileSync(docker, `#!/bin/sh\necho "$*" >> '${calls}'\necho some-container\n`)
  })

  test('starts a project of its own, the password in a file of its owner', async () => {
    const started = await composeDriver.launch(state, instance)
    const settings = join(folder, 'rabbit-kill-1.env')
    expect(called()).toEqual([
      expect.stringMatching(
        /^compose -p askwire-f00d-rabbit-kill-1 -f .*rabbit\.yml --env-file .* up -d --no-deps rabbit$/,
      ),
    ])
    expect(called()[0]).not.toContain(instance.password)
    expect(statSync(settings).mode & 0o777).toBe(0o600)
    expect(readFileSync(settings, 'utf8')).toBe(
      'PASSWORD=ab12cd34\nAMQP_PORT=20001\nMANAGEMENT_PORT=20002\nDIST_PORT=20003\n',
    )
    expect(composeDriver.isRunning(state, started)).toBe(true)
    expect(composeDriver.isRunning(state, instance)).toBe(false)
  })

  test.each([
    ['SIGKILL', false, 'kill -s SIGKILL rabbit'],
    ['SIGSTOP', true, 'pause rabbit'],
    ['SIGCONT', true, 'unpause rabbit'],
  ] as const)('%s (tree: %s) becomes: %s', async (signal, tree, call) => {
    await composeDriver.signal(state, instance, signal, tree)
    expect(called()).toEqual([expect.stringMatching(new RegExp(` ${call}$`))])
  })

  test('rabbitmqctl runs in the container, and removing takes the data along', async () => {
    await composeDriver.ctl(state, instance, ['list_queues'])
    await composeDriver.remove(state, instance)
    expect(called()).toEqual([
      expect.stringMatching(/ exec -T rabbit rabbitmqctl list_queues$/),
      expect.stringMatching(/ down --volumes --timeout 5$/),
    ])
  })
})

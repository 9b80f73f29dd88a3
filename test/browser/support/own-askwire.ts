import { rmSync } from 'node:fs'
import { type FakeModel, startFakeModel } from '@askwire/testing'
import { afterAll, beforeAll, jest } from '@jest/globals'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { type StandaloneProcess, startStandalone } from '../../support/start-standalone.ts'
import { FIXTURES } from './fixtures.ts'
import { openBrowser, openPage, type WatchedPage } from './open-browser.ts'
import { copyReadyData } from './ready-data.ts'

/** Bounds a test and a hook on a busy machine; each wait in them has a bound of its own. */
const TEST_MS = 240_000

export type OwnAskwire = {
  readonly url: string
  readonly port: number
  /** What answers, unless the built-in model does. */
  readonly model: FakeModel
  /** A page in a context of its own, at a path of this Askwire or at a whole address. */
  open(path?: string, options?: BrowserContextOptions): Promise<WatchedPage>
}

/** A standalone Askwire over the fixtures for the tests of one file, and a browser. Both are there once the tests run. */
export function ownAskwire({
  answers = 'fake',
  env = {},
}: {
  answers?: 'fake' | 'built-in'
  env?: Record<string, string>
} = {}): OwnAskwire {
  jest.setTimeout(TEST_MS)
  let dataDir: string | undefined
  let model: FakeModel
  let askwire: StandaloneProcess
  let browser: Browser
  beforeAll(async () => {
    dataDir = copyReadyData()
    model = await startFakeModel()
    const fake = { ASKWIRE_MODEL_PROVIDER: 'openai', ASKWIRE_MODEL_BASE_URL: model.baseUrl, ASKWIRE_MODEL: 'fake' }
    const options = { dataDir, knowledge: FIXTURES, env: { ...(answers === 'fake' && fake), ...env } }
    const both = [
      startStandalone(options).then((started) => (askwire = started)),
      openBrowser().then((opened) => (browser = opened)),
    ]
    // What did start is closed also when the other did not.
    await Promise.allSettled(both)
    await Promise.all(both)
  })
  afterAll(async () => {
    await Promise.all([browser?.close(), askwire?.stop()])
    await model?.close()
    if (dataDir !== undefined) rmSync(dataDir, { recursive: true, force: true })
  })
  return {
    get url() {
      return askwire.url
    },
    get port() {
      return askwire.port
    },
    get model() {
      return model
    },
    open: (path = '/', options) => openPage(browser, new URL(path, askwire.url).href, options),
  }
}

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'

const main = (service: string): string =>
  fileURLToPath(new URL(`../../services/${service}/src/main.ts`, import.meta.url))

/** Nobody listens there: what is refused is refused before anything is connected to. */
const ENV = {
  PATH: process.env.PATH,
  ASKWIRE_DATABASE_URL: 'postgres://askwire:x@127.0.0.1:1/askwire',
  ASKWIRE_RABBIT_URL: 'amqp://askwire:x@127.0.0.1:1',
  ASKWIRE_REDIS_URL: 'redis://127.0.0.1:1',
  ASKWIRE_AGENT_URL: 'http://127.0.0.1:1',
}
const SECRETS = { gateway: 'ASKWIRE_AUTH_SECRET', worker: 'ASKWIRE_SERVICE_TOKEN', agent: 'ASKWIRE_SERVICE_TOKEN' }
const VALUES = { missing: '', short: 'k3J9x2', example: 'change-me-change-me-change-me-1234' }

const CASES = Object.entries(SECRETS).flatMap(([service, name]) =>
  Object.entries(VALUES).map(([what, value]) => ({ service, name, what, value })),
)

test.each(CASES)(
  'S30: the $service does not start with a $what $name, NODE_ENV unset',
  async ({ service, name, value }) => {
    const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
      const env = { ...ENV, [name]: value }
      execFile(process.execPath, [main(service)], { env, timeout: 30_000 }, (error, stdout, stderr) =>
        resolve({ code: error?.code, output: stdout + stderr }),
      )
    })
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringContaining(`Configuration is not usable:\n  - ${name}: `),
    })
    // The one problem there is.
    expect(output.match(/^ {2}- /gm)).toHaveLength(1)
    if (value !== '') expect(output).not.toContain(value)
  },
  40_000,
)

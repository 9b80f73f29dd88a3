import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@askwire/contracts'
import { createServiceProcess, type ServiceProcess } from '@askwire/testing'
import { MANY_REQUESTS, type Stack } from './stack.ts'

/** A gateway of the stack as a process of its own, ready: what it logs is in `logFile`, and that it lives is to be seen by its pid. */
export async function startGatewayProcess(
  stack: Stack,
  settings: Record<string, string> = {},
): Promise<ServiceProcess> {
  const gateway = createServiceProcess({
    name: 'gateway of a test',
    kind: 'gateway',
    port: await freePort(),
    logFile: join(tmpdir(), `askwire-test-gateway-${newId()}.log`),
    env: { ...process.env, ...stack.env, ...MANY_REQUESTS, ASKWIRE_MAIL_OUTBOX: stack.outbox, ...settings },
  })
  await gateway.start()
  return gateway
}

async function freePort(): Promise<number> {
  const probe = createServer()
  return await new Promise((resolve, reject) => {
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@askwire/contracts'
import { choosePorts, createServiceProcess, type ServiceProcess } from '@askwire/testing'
import { MANY_REQUESTS, type Stack } from './stack.ts'

/** A gateway of the stack as a process of its own, ready: what it logs is in `logFile`, and that it lives is to be seen by its pid. */
export async function startGatewayProcess(
  stack: Stack,
  settings: Record<string, string> = {},
): Promise<ServiceProcess> {
  const [port = 0] = await choosePorts(`gateway of a test ${newId()}`, 1)
  const gateway = createServiceProcess({
    name: 'gateway of a test',
    kind: 'gateway',
    port,
    logFile: join(tmpdir(), `askwire-test-gateway-${newId()}.log`),
    env: { ...process.env, ...stack.env, ...MANY_REQUESTS, ASKWIRE_MAIL_OUTBOX: stack.outbox, ...settings },
  })
  await gateway.start()
  return gateway
}

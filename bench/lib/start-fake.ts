import { choosePorts } from '../../packages/testing/src/servers/choose-ports.ts'
import { waitFor } from '../../packages/testing/src/wait-for.ts'
import type { Children } from '../../scripts/lib/children.ts'

/** The fake model as a process of its own. */
export async function startFake(children: Children, root: string): Promise<{ url: string; pid: number | undefined }> {
  const [port] = await choosePorts(`bench fake ${root}`, 1)
  const child = children.start('fake', ['packages/testing/src/fake-model/main.ts', '--port', String(port)], process.env)
  const url = `http://127.0.0.1:${port}`
  await waitUntilServing(`${url}/v1/models`, 'the fake model')
  return { url, pid: child.pid }
}

/** Resolves when a GET of the url is answered with anything but a 5xx. */
export async function waitUntilServing(url: string, what: string, timeoutMs = 60_000): Promise<void> {
  await waitFor(
    async () => {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
      await response.body?.cancel()
      return response.status < 500
    },
    { timeoutMs, intervalMs: 100, what },
  )
}

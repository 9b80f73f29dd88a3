import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const NODE = `${ROOT}node_modules/node/bin/node`
const END_WITH_PARENT = `${ROOT}scripts/lib/end-with-parent.mjs`
const MAIN = `${ROOT}packages/testing/src/oidc-provider/main.ts`
const START_MS = 20_000

export type OidcPerson = { email?: string; emailVerified?: boolean; name?: string }
export type OidcProviderOptions = {
  clientId: string
  clientSecret: string
  redirectUris: string[]
  /** By subject. Who may be named by `login_hint`. */
  people: Record<string, OidcPerson>
}

/** A real OpenID Connect provider in the hands of a test, as a process of its own on loopback. */
export type OidcProviderProcess = { issuer: string; close(): Promise<void> }

/** Starts it; resolves once it listens. It ends when this process does. */
export async function startOidcProvider(options: OidcProviderOptions): Promise<OidcProviderProcess> {
  const child = spawn(NODE, ['--import', END_WITH_PARENT, MAIN, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  })
  const ended = once(child, 'exit')
  const output = child.stdout
  if (!output) throw new Error('the provider has no output')
  const [line]: unknown[] = await Promise.race([
    once(output, 'data', { signal: AbortSignal.timeout(START_MS) }),
    ended.then(() => {
      throw new Error('the provider ended while it started')
    }),
  ])
  return {
    issuer: String(line).trim(),
    close: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** What a browser does from the authorization address on: follows redirects, keeps cookies, and returns the address it is sent back to. */
export async function signInAtProvider(url: string, subject: string, backTo: string): Promise<string> {
  const jar = new Map<string, string>()
  const first = new URL(url)
  first.searchParams.set('login_hint', subject)
  let next = first.href
  for (let hops = 0; hops < 10; hops++) {
    if (next.startsWith(backTo)) return next
    const response = await fetch(next, {
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      const at = pair.indexOf('=')
      jar.set(pair.slice(0, at), pair.slice(at + 1))
    }
    const location = response.headers.get('location')
    if (!location)
      throw new Error(`the provider stopped with ${response.status}: ${(await response.text()).slice(0, 500)}`)
    next = new URL(location, next).href
  }
  throw new Error('the provider redirects without end')
}

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { z } from 'zod'

// A provider as a process of its own: `node main.ts '{"clientId":…,"redirectUris":[…],"people":{…}}'`. Prints its issuer and
// serves until it is told to stop. Whoever `login_hint` names is signed in without being asked.
const person = z.object({
  email: z.string().optional(),
  emailVerified: z.boolean().optional(),
  name: z.string().optional(),
})
const options = z
  .object({
    clientId: z.string(),
    clientSecret: z.string(),
    redirectUris: z.array(z.string()),
    people: z.record(z.string(), person),
  })
  .parse(JSON.parse(process.argv[2] ?? '{}'))

const server = createServer()
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: options.clientId,
      client_secret: options.clientSecret,
      redirect_uris: options.redirectUris,
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
  ],
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  cookies: { keys: ['only-for-tests'] },
  ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
  findAccount: (_ctx, accountId) => {
    const known = options.people[accountId]
    if (!known) return undefined
    const { email, emailVerified, name } = known
    return { accountId, claims: async () => ({ sub: accountId, email, email_verified: emailVerified, name }) }
  },
  loadExistingGrant: async (ctx) => {
    const { client, session } = ctx.oidc
    if (!client || !session?.accountId) return undefined
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
    grant.addOIDCScope('openid email profile')
    await grant.save()
    return grant
  },
})

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!request.url?.startsWith('/interaction/')) return await provider.callback()(request, response)
  const { params } = await provider.interactionDetails(request, response)
  await provider.interactionFinished(request, response, { login: { accountId: String(params.login_hint) } })
}

server.on('request', (request, response) => {
  serve(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
})
process.stdout.write(`${issuer}\n`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close().closeAllConnections())

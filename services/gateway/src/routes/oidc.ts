import { done, oidcLinkRequest, oidcRedirect, oidcStartRequest, oidcUnlinkRequest, signedIn } from '@askwire/contracts'
import { unlinkIdentity } from '@askwire/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { beginLink, beginSignIn, OIDC_CALLBACK } from '../accounts/begin-oidc.ts'
import { checkPerson, noLonger } from '../accounts/check-person.ts'
import { setTokenCookies } from '../accounts/cookies.ts'
import { finishOidc } from '../accounts/finish-oidc.ts'
import { type OidcFlow, takeFlow } from '../accounts/oidc-flow.ts'
import { factsOf } from '../accounts/principals.ts'
import type { GatewayContext } from '../context.ts'
import { toAppError } from '../errors.ts'
import { requireSameOrigin } from '../plugins/same-origin.ts'
import { actorOf } from '../principal.ts'
import { sendEntered } from './auth-request.ts'
import { defineRoute } from './route.ts'

/** Whatever a provider adds is left to the client library, which gets the query as it came. */
const callbackQuery = z.looseObject({
  state: z.string().max(500).optional().meta({ description: 'As the sign-in was begun with.' }),
  code: z.string().max(4000).optional().meta({ description: 'What the provider gives for a token.' }),
  error: z.string().max(200).optional().meta({ description: 'Why there is no code.' }),
  iss: z.string().max(500).optional().meta({ description: 'Who answers (RFC 9207).' }),
})

/** `/api/auth/oidc`: signing in by the provider the operator has set up, and linking it to an account. */
export function oidcRoutes(app: FastifyInstance, context: GatewayContext): void {
  defineRoute(app, {
    method: 'POST',
    url: '/api/auth/oidc/start',
    access: 'public',
    tag: 'auth',
    summary: 'Begin to sign in by the provider: send the browser to `url`',
    body: oidcStartRequest,
    responses: { 200: { description: 'Where to go; a cookie goes with it.', schema: oidcRedirect } },
    handler: async ({ body, request, reply }) => {
      if (body.transport === 'cookie') requireSameOrigin(request, context.config.ASKWIRE_CORS_ORIGINS)
      return await beginSignIn(context, body, request, reply)
    },
  })

  defineRoute(app, {
    method: 'GET',
    url: OIDC_CALLBACK,
    access: 'public',
    tag: 'auth',
    summary: 'Where the provider sends the browser back to; works once for each start',
    query: callbackQuery,
    responses: {
      200: { description: '`transport: body`: signed in.', schema: signedIn },
      303: { description: 'Back to the page: signed in, linked, or with `?error=` a code of ours.' },
    },
    handler: async ({ request, reply }) => {
      const flow = takeFlow(request, reply, context.auth.sealer, context.clock.now())
      const query = request.raw.url?.split('?').slice(1).join('?') ?? ''
      try {
        const entered = await finishOidc(context, flow, query, factsOf(request))
        if (entered && byBody(flow)) return await sendEntered(request, reply, entered, { byCookie: false })
        if (entered) setTokenCookies(request, reply, entered)
        return await goTo(reply, flow?.returnTo ?? '/')
      } catch (error) {
        if (byBody(flow) || !isNavigation(request)) throw error
        const { code } = toAppError(error)
        if (code === 'internal') request.log.error({ err: error }, 'request failed')
        return await goTo(reply, `${flow?.purpose.kind === 'link' ? '/account' : '/signin'}?error=${code}`)
      }
    },
  })

  defineRoute(app, {
    method: 'POST',
    url: '/api/auth/oidc/link',
    access: 'account.manage',
    tag: 'account',
    summary: 'Begin to link the provider to my account: send the browser to `url`',
    body: oidcLinkRequest,
    responses: { 200: { description: 'Where to go; a cookie goes with it.', schema: oidcRedirect } },
    handler: async ({ principal, body, request, reply }) => await beginLink(context, principal, body, request, reply),
  })

  defineRoute(app, {
    method: 'POST',
    url: '/api/auth/oidc/unlink',
    access: 'account.manage',
    tag: 'account',
    summary: 'Unlink the provider; refused while there is no password to sign in with',
    body: oidcUnlinkRequest,
    responses: { 200: { description: 'Unlinked.', schema: done } },
    handler: async ({ principal, body }) => {
      const checked = await checkPerson(context, principal, body)
      if (!(await unlinkIdentity(context.store, actorOf(principal), checked))) throw noLonger(checked)
      return { done: true }
    },
  })
}

const byBody = (flow: OidcFlow | undefined): boolean =>
  flow?.purpose.kind === 'sign-in' && flow.purpose.transport === 'body'

/** A browser that goes there, and not a program that wants to know what went wrong. */
const isNavigation = ({ headers }: FastifyRequest): boolean => (headers.accept ?? '').includes('text/html')

async function goTo(reply: FastifyReply, path: string): Promise<FastifyReply> {
  return await reply.header('cache-control', 'no-store').code(303).header('location', path).send()
}

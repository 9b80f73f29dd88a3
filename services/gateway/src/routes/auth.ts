import { hashSecret } from '@askwire/auth'
import {
  AppError,
  authOptions,
  done,
  forgotPasswordRequest,
  loginRequest,
  logoutRequest,
  refreshRequest,
  registerRequest,
  resetPasswordRequest,
  signedIn,
} from '@askwire/contracts'
import { endLoginOfRefresh } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import { clearTokenCookies } from '../accounts/cookies.ts'
import { forgetPassword } from '../accounts/forget-password.ts'
import { logIn } from '../accounts/log-in.ts'
import { factsOf } from '../accounts/principals.ts'
import { refreshLogin } from '../accounts/refresh-login.ts'
import { register } from '../accounts/register.ts'
import { resetForgotten } from '../accounts/reset-forgotten.ts'
import type { GatewayContext } from '../context.ts'
import { requireSameOrigin } from '../plugins/same-origin.ts'
import { refreshTokenOf, sendEntered } from './auth-request.ts'
import { defineRoute } from './route.ts'

/** `/api/auth`: signing up, in and out, for whoever is not signed in. */
export function authRoutes(app: FastifyInstance, context: GatewayContext): void {
  const route = { access: 'public', tag: 'auth' } as const
  const origins = context.config.ASKWIRE_CORS_ORIGINS

  defineRoute(app, {
    ...route,
    method: 'GET',
    url: '/api/auth/options',
    summary: 'What a sign-in page needs to know',
    responses: { 200: { description: 'How one can sign up and in.', schema: authOptions } },
    handler: async () => ({
      registration: context.config.REGISTRATION,
      firstAccount: !(await context.trial.hasAccounts()),
      trial: context.trial.active(),
      oidc: context.oidc && { name: context.oidc.name },
    }),
  })

  defineRoute(app, {
    ...route,
    method: 'POST',
    url: '/api/auth/register',
    summary: 'Make an account and sign in; the first one owns the installation',
    body: registerRequest,
    responses: { 201: { description: 'The account, signed in.', schema: signedIn } },
    handler: async ({ body: { transport, ...body }, request, reply }) => {
      const byCookie = transport === 'cookie'
      if (byCookie) requireSameOrigin(request, origins)
      const entered = await register(context, body, factsOf(request))
      return await sendEntered(request, reply, entered, { byCookie, status: 201 })
    },
  })

  defineRoute(app, {
    ...route,
    method: 'POST',
    url: '/api/auth/login',
    summary: 'Sign in; 401 `mfa_required` asks for a code',
    body: loginRequest,
    responses: { 200: { description: 'Signed in.', schema: signedIn } },
    handler: async ({ body: { transport, ...body }, request, reply }) => {
      const byCookie = transport === 'cookie'
      if (byCookie) requireSameOrigin(request, origins)
      return await sendEntered(request, reply, await logIn(context, body, factsOf(request)), { byCookie })
    },
  })

  defineRoute(app, {
    ...route,
    method: 'POST',
    url: '/api/auth/refresh',
    summary: 'Take a refresh token, which works once, for new tokens',
    body: refreshRequest,
    responses: { 200: { description: 'New tokens of the same login.', schema: signedIn } },
    handler: async ({ body, request, reply }) => {
      const { token, byCookie } = refreshTokenOf(context, request, body.refreshToken)
      try {
        const entered = await refreshLogin(context, token, factsOf(request))
        return await sendEntered(request, reply, entered, { byCookie: byCookie || body.transport === 'cookie' })
      } catch (error) {
        // Cookies that lead nowhere would keep a page from being anybody.
        if (byCookie && error instanceof AppError && error.code === 'unauthenticated') clearTokenCookies(request, reply)
        throw error
      }
    },
  })

  defineRoute(app, {
    ...route,
    method: 'POST',
    url: '/api/auth/logout',
    summary: 'End the login of a refresh token; the same answer when it is over already',
    body: logoutRequest,
    responses: { 200: { description: 'Signed out.', schema: done } },
    handler: async ({ body, request, reply }) => {
      const { token, byCookie } = refreshTokenOf(context, request, body.refreshToken)
      const ended =
        token === undefined ? undefined : await endLoginOfRefresh(context.store, hashSecret(token), factsOf(request))
      if (ended) context.principals.changed(ended)
      if (byCookie) clearTokenCookies(request, reply)
      return { done: true }
    },
  })

  defineRoute(app, {
    ...route,
    method: 'POST',
    url: '/api/auth/password/forgot',
    summary: 'Ask for a mail with a link to a new password; the same answer for any address',
    body: forgotPasswordRequest,
    responses: { 202: { description: 'If there is such an account, a mail is on its way.', schema: done } },
    handler: async ({ body, request, reply }) => {
      await forgetPassword(context, body.email, factsOf(request))
      return await reply.code(202).send({ done: true })
    },
  })

  defineRoute(app, {
    ...route,
    method: 'POST',
    url: '/api/auth/password/reset',
    summary: 'Set a new password by the link of a mail; ends all logins',
    body: resetPasswordRequest,
    responses: { 200: { description: 'The password is set; sign in with it.', schema: done } },
    handler: async ({ body, request }) => {
      await resetForgotten(context, body, factsOf(request))
      return { done: true }
    },
  })
}
